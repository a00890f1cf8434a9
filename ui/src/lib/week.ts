import { clockWords } from './days';
import type { BlockId } from './gen/BlockId';
import type { Day } from './gen/Day';
import type { NeedsHours } from './gen/NeedsHours';
import type { TimeOfDay } from './gen/TimeOfDay';
import type { WeekBlock } from './gen/WeekBlock';
import type { WeekDay } from './gen/WeekDay';
import type { WeekPlan } from './gen/WeekPlan';

/** Minutes of one cell of the week. */
export const SLOT = 30;
/** Blocks begin and end at multiples of so many minutes, where they are drawn or moved by key. */
export const STEP = 15;
/** So long is a block for which nobody said how long. */
const USUAL = 60;
/** The last minute of a day that has a name. */
const LAST = 24 * 60 - 1;

/** Hours of one day. */
export interface Span {
  day: Day;
  from: number;
  to: number;
}

/** Where the keys are in the week: at a time of a day, in a block that is there, or at one of the day's marks. */
export interface Cursor {
  day: Day;
  minute: number;
  block: BlockId | null;
  mark: number | null;
}

/** The beginnings of the cells of a day. */
export function slotsOf({ from_minute, to_minute }: WeekPlan): number[] {
  return Array.from({ length: Math.ceil((to_minute - from_minute) / SLOT) }, (_, at) => from_minute + at * SLOT);
}

/** The hours as a request takes them. */
export function takesOf({ day, from, to }: Span): { day: Day; from: TimeOfDay; to: TimeOfDay } {
  return { day, from: clockWords(from), to: clockWords(to) };
}

/** `09:00 to 11:00`. */
export function spanWords({ from, to }: { from: number; to: number }): string {
  return `${clockWords(from)} to ${clockWords(to)}`;
}

/** The same hours so much later, within the day. */
export function later({ day, from, to }: Span, by: number): Span {
  const most = Math.min(Math.max(by, -from), LAST - to);
  return { day, from: from + most, to: to + most };
}

/** The same hours, so much longer. */
export function longer({ day, from, to }: Span, by: number): Span {
  return { day, from, to: Math.min(LAST, Math.max(from + STEP, to + by)) };
}

/** Hours from one place of a day to another, whichever is first. */
export function between(day: Day, one: number, other: number): Span {
  const from = snapped(Math.min(one, other));
  return { day, from, to: Math.min(LAST, Math.max(from + STEP, snapped(Math.max(one, other)))) };
}

export function snapped(minute: number): number {
  return Math.min(LAST, Math.max(0, Math.round(minute / STEP) * STEP));
}

/** How long a block is that begins at a time: what the promise still needs, within the opening hours. */
export function fitting(day: WeekDay, from: number, needs: NeedsHours | null): Span {
  const closes = day.open.find((open) => open.from <= from && from < open.to)?.to ?? LAST;
  const wanted = needs ? Math.max(STEP, Math.ceil(needs.needed / STEP) * STEP) : USUAL;
  return { day: day.day, from, to: Math.min(LAST, Math.max(from + STEP, Math.min(closes, from + wanted))) };
}

/** Whether the business is open in a cell, in part at least. */
export function isOpen(day: WeekDay, slot: number): boolean {
  return day.open.some(({ from, to }) => from < slot + SLOT && slot < to);
}

/** The block that stands in a cell; of several that which stands first. */
export function blockIn(day: WeekDay, slot: number): WeekBlock | null {
  const there = day.blocks.filter(({ from, to }) => from < slot + SLOT && slot < to);
  return there.toSorted((one, other) => one.lane - other.lane)[0] ?? null;
}

/** The cursor at a time of a day: in the block that stands there, if one does. */
export function at(plan: WeekPlan, day: Day, minute: number): Cursor {
  const slots = slotsOf(plan);
  const slot = slots.findLast((slot) => slot <= minute) ?? slots[0] ?? 0;
  const found = plan.days.find((one) => one.day === day);
  return { day, minute: slot, block: (found && blockIn(found, slot)?.id) ?? null, mark: null };
}

/** One step up or down within a day; past its first cell stand its marks. */
export function stepTime(plan: WeekPlan, cursor: Cursor, by: 1 | -1): Cursor | null {
  const day = plan.days.find((one) => one.day === cursor.day);
  const slots = slotsOf(plan);
  if (!day || slots.length === 0) return null;
  if (cursor.mark !== null) return stepMark(plan, day, cursor, by);
  const block = day.blocks.find(({ id }) => id === cursor.block);
  const first = slots[0] ?? 0;
  if (!block) return stepTo(plan, day, cursor.minute + by * SLOT);
  if (by > 0) {
    const next = day.blocks.find(({ from }) => from >= block.to && from < slotAfter(block.to, first));
    return next ? inBlock(next, cursor) : stepTo(plan, day, slotAfter(block.to, first));
  }
  const before = day.blocks.findLast(({ to }) => to <= block.from && to > slotOf(block.from, first));
  return before ? inBlock(before, cursor) : stepTo(plan, day, slotOf(block.from, first) - SLOT);
}

/** To the block beside it, or to the same time of the next day; nothing at the ends of the week. */
export function stepDay(plan: WeekPlan, cursor: Cursor, by: 1 | -1): Cursor | null {
  const index = plan.days.findIndex((one) => one.day === cursor.day);
  const block = plan.days[index]?.blocks.find(({ id }) => id === cursor.block);
  const beside = block && besides(plan.days[index]?.blocks ?? [], block, by);
  if (beside) return { ...cursor, block: beside.id };
  const day = plan.days[index + by];
  if (!day) return null;
  if (cursor.mark === null) return at(plan, day.day, cursor.minute);
  return marksOf(day).length > 0
    ? { ...cursor, day: day.day, mark: Math.min(cursor.mark, marksOf(day).length - 1) }
    : at(plan, day.day, slotsOf(plan)[0] ?? 0);
}

/** The marks that a day shows, start-by flags after what is due. */
export function marksOf({ dues, flags }: WeekDay): { due: boolean; mark: WeekDay['dues'][number] }[] {
  const due = dues.slice(0, DUES_SHOWN).map((mark) => ({ due: true, mark }));
  return [...due, ...flags.slice(0, FLAGS_SHOWN).map((mark) => ({ due: false, mark }))];
}

/** So many of a day stand in its head; the others are counted. */
const DUES_SHOWN = 3;
const FLAGS_SHOWN = 1;

function stepMark(plan: WeekPlan, day: WeekDay, cursor: Cursor, by: 1 | -1): Cursor | null {
  const mark = (cursor.mark ?? 0) + by;
  if (mark < 0) return null;
  return mark < marksOf(day).length ? { ...cursor, mark } : at(plan, day.day, slotsOf(plan)[0] ?? 0);
}

function stepTo(plan: WeekPlan, day: WeekDay, minute: number): Cursor | null {
  const slots = slotsOf(plan);
  if (minute >= (slots[0] ?? 0)) return minute <= (slots.at(-1) ?? 0) ? at(plan, day.day, minute) : null;
  const marks = marksOf(day).length;
  return marks > 0 ? { day: day.day, minute: slots[0] ?? 0, block: null, mark: marks - 1 } : null;
}

function inBlock(block: WeekBlock, cursor: Cursor): Cursor {
  return { ...cursor, minute: slotOf(block.from, 0), block: block.id };
}

/** The block in the next column of a day that stands there at the same time. */
function besides(blocks: WeekBlock[], block: WeekBlock, by: 1 | -1): WeekBlock | null {
  const meeting = blocks.filter(({ from, to, lane }) => from < block.to && block.from < to && lane !== block.lane);
  const further = meeting.filter(({ lane }) => (lane - block.lane) * by > 0);
  return further.toSorted((one, other) => (one.lane - other.lane) * by)[0] ?? null;
}

function slotOf(minute: number, first: number): number {
  return Math.floor((minute - first) / SLOT) * SLOT + first;
}

function slotAfter(minute: number, first: number): number {
  return Math.ceil((minute - first) / SLOT) * SLOT + first;
}
