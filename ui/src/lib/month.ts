import type { CalendarDay } from './gen/CalendarDay';
import type { CalendarMonth } from './gen/CalendarMonth';
import type { CommitmentId } from './gen/CommitmentId';
import type { Day } from './gen/Day';

/** Where the keys are in a month: at a day, or at one of its promises. */
export interface MonthCursor {
  day: Day;
  row: CommitmentId | null;
}

export function daysOf({ weeks }: CalendarMonth): CalendarDay[] {
  return weeks.flatMap(({ days }) => days);
}

/** Where the keys begin: today if it is shown, else the first of the month. */
export function begin(month: CalendarMonth): MonthCursor {
  const days = daysOf(month);
  const day = days.find(({ today, within }) => today && within) ?? days.find(({ within }) => within) ?? days[0];
  return { day: day?.day ?? month.month, row: null };
}

/** The day so many days further on, in the grid that is drawn; nothing beyond it. */
export function stepDays(month: CalendarMonth, cursor: MonthCursor, by: number): MonthCursor | null {
  const days = daysOf(month);
  const day = days[days.findIndex(({ day }) => day === cursor.day) + by];
  return day ? { day: day.day, row: null } : null;
}

/** The next promise in the order of the days, or the one before; only those that are drawn, so many a day. */
export function stepRows(
  month: CalendarMonth,
  { day, row }: MonthCursor,
  by: 1 | -1,
  shown: number,
): MonthCursor | null {
  const all = daysOf(month).flatMap(({ day, rows }) => rows.slice(0, shown).map(({ id }) => ({ day, row: id })));
  const here = all.findIndex((one) => one.day === day && one.row === row);
  if (here >= 0) return all[here + by] ?? null;
  const days = daysOf(month).map(({ day }) => day);
  const distance = (one: MonthCursor) => days.indexOf(one.day) - days.indexOf(day);
  return (by > 0 ? all.find((one) => distance(one) >= 0) : all.findLast((one) => distance(one) < 0)) ?? null;
}
