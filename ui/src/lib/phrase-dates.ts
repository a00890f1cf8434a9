// The date in a phrase: chrono-node finds dates, our own layer adds what it misses, and this file decides which of
// them is meant, and whether that has to be asked.

import { parseDate, toCalendarDate, type CalendarDate } from '@internationalized/date';
import type { ParsedComponents, ParsedResult } from 'chrono-node';
import type { Day } from './gen/Day';
import type { Due } from './gen/Due';
import type { Hours } from './gen/Hours';
import type { TimeOfDay } from './gen/TimeOfDay';
import { datesIn, KIND } from './phrase-chrono';
import { readHours, type OpeningHours } from './phrase-hours';
import { matches, TAKEN, trimmed, wholeWords, without, type Stretch } from './phrase-text';

/** Against what dates are read. */
export interface DateContext {
  now: { day: Day; time: TimeOfDay };
  opening: OpeningHours;
  /** Whether `3/4` is 3 April before it is March 4. */
  dayFirst: boolean;
}

/** The date of a phrase. */
export interface DueRead {
  due: Due | null;
  /** What the words can mean, the likelier first; two or more have to be asked about. */
  readings: Due[];
  /** The words that were read. */
  stretches: Stretch[];
}

/** Reads the date that is promised. */
export function readDue(text: string, context: DateContext): DueRead {
  const ends = matches(text, END_OF_DAY);
  const words = without(text, ends);
  const hits = datesIn(words, context)
    .filter((result) => !isNoDate(words, result))
    .map((result) => hitOf(words, result, context));
  const day = meant(hits.filter(({ days }) => days.length > 0));
  const time = day && day.hours.length > 0 ? undefined : meant(hits.filter(({ days }) => days.length === 0));
  if (!day && !time && ends.length === 0) return { due: null, readings: [], stretches: [] };
  const readings = combined(day, time, context);
  const stretches = [day, time, ...ends].filter((hit) => hit !== undefined);
  return { due: readings[0] ?? null, readings, stretches: stretches.sort((one, other) => one.start - other.start) };
}

/** A date is due before the shop closes: these words say no more, and by themselves mean today. */
const END_OF_DAY = wholeWords('(?:by )?(?:eod|cob|(?:the )?(?:end|close) of (?:the )?(?:day|business|play))');

/** The days that Kept takes; what lies outside is a typing error. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

/** A date or a time that stands in the text, and all that it can mean. */
interface Hit extends Stretch {
  days: CalendarDate[];
  hours: Hours[];
  /** A word such as `by` stands before it. */
  introduced: boolean;
}

const INTRODUCES = /(?:^|[^\p{L}])(?:by|before|due|on|for|until|till|at|no later than|from|between)\s+(?:the\s+)?$/iu;
const BEGINS_INTRODUCED = /^(?:by|before|on|until|at|in|within)\s/iu;

/** Of several dates the last that a word introduces, or else the last: `Sunday roast for Ana by Wed`. */
function meant(hits: readonly Hit[]): Hit | undefined {
  return hits.findLast(({ introduced }) => introduced) ?? hits.at(-1);
}

/** What looks like a date to the library and is none. */
function isNoDate(text: string, { index, text: found, start }: ParsedResult): boolean {
  const before = text.slice(0, index);
  const after = text.slice(index + found.length);
  if (/[\p{L}\p{N}]$|\p{L}-$/u.test(before) || /^(?:[\p{L}\p{N}]|-\p{L}|[.,]\d)/u.test(after)) return true;
  if (/^now$/iu.test(found) || /^24\/7$/u.test(found)) return true;
  if (BARE_SPAN.test(found)) return !standsAlone(before, after) || SHORT_SPAN.test(found);
  if (isFraction(found, before, after)) return true;
  const year = start.get('year') ?? 0;
  return year < FIRST_YEAR || year > LAST_YEAR;
}

/** `3.5 m linen` is no time, and `2 weeks` is one only where it stands by itself. */
const BARE_SPAN =
  /^(?:\d+(?:[.,]\d+)?|an?|half an?|one|two|three|four|five|six)\s*(?:m|mins?|minutes?|h|hrs?|hours?|s|secs?|seconds?|d|days?|w|wks?|weeks?|mo|months?|quarters?|y|yrs?|years?)$/iu;
const SHORT_SPAN = /^\d+(?:[.,]\d+)?\s*(?:m|min|mins|minutes?|h|hr|hrs|hours?|s|secs?|seconds?|d|w|y|mo)$/iu;

function standsAlone(before: string, after: string): boolean {
  return (
    new RegExp(`(?:^|[,;${TAKEN}])\\s*$`, 'u').test(before) && new RegExp(`^\\s*(?:$|[,;${TAKEN}])`, 'u').test(after)
  );
}

/** `3/4 inch pipe`, `1/2 pint`. */
function isFraction(found: string, before: string, after: string): boolean {
  if (!/^\d{1,2}\/\d{1,2}$/u.test(found) || INTRODUCES.test(before)) return false;
  return /^\s*(?:["″”]|inch|in\b|ft|feet|cups?|pints?|pounds?|kg|lbs?|oz|mm|cm|m\b|l\b|length|sleeve|size|scale)/iu.test(
    after,
  );
}

function hitOf(text: string, result: ParsedResult, context: DateContext): Hit {
  const stretch = trimmed(text, { start: result.index, end: result.index + result.text.length }) ?? {
    start: 0,
    end: 0,
  };
  const introduced = INTRODUCES.test(text.slice(0, stretch.start)) || BEGINS_INTRODUCED.test(result.text);
  const hours = readHours(result, opening(result, context), context.opening);
  const days = daysOf(result, context);
  return { ...stretch, introduced, hours, days: isBefore(text, stretch, hours) ? dayBeforeOr(days) : days };
}

/** The day whose opening hours decide between four in the morning and four in the afternoon. */
function opening({ start }: ParsedResult, { now }: DateContext): CalendarDate {
  return hasDay(start) ? calendarDate(start) : parseDate(now.day);
}

/** `before Friday` may be Thursday at the latest, or Friday. */
function isBefore(text: string, { start }: Stretch, hours: readonly Hours[]): boolean {
  return hours.length === 0 && /(?:^|[^\p{L}])before\s+$/iu.test(text.slice(0, start));
}

function dayBeforeOr(days: readonly CalendarDate[]): CalendarDate[] {
  return days.flatMap((day) => [day.subtract({ days: 1 }), day]);
}

/** The days that a result can mean, the likelier first; none for a time without a day. */
function daysOf(result: ParsedResult, context: DateContext): CalendarDate[] {
  const { start, end } = result;
  if (!hasDay(start)) return [];
  const today = parseDate(context.now.day);
  const day = calendarDate(end && !end.isCertain('hour') && !result.tags().has(KIND.period) ? end : start);
  if (result.tags().has(KIND.period) && end) return [calendarDate(end), day];
  if (isMonthOnly(start)) return [day.set({ day: 31 }), day.set({ day: 1 })];
  if (start.isCertain('weekday') && !start.isCertain('day')) return weekdays(day, today, result.text);
  if (start.isCertain('weekday')) return dayOrItsWeekday(day, start.get('weekday') ?? 0);
  return [...bothOrders(result, day, context.dayFirst), ...theOneJustPassed(day, today, start)];
}

/** Whether a day was said, and not only a time. */
function hasDay(start: ParsedComponents): boolean {
  return start.isCertain('day') || start.isCertain('weekday') || start.isCertain('month') || start.tags().has(KIND.day);
}

/** `by May` says no day. */
function isMonthOnly(start: ParsedComponents): boolean {
  return start.isCertain('month') && !start.isCertain('day') && !start.isCertain('weekday');
}

/** A weekday that is today's means the next one; behind `this` it may be today. */
function weekdays(day: CalendarDate, today: CalendarDate, words: string): CalendarDate[] {
  if (day.compare(today) !== 0) return [day];
  const next = day.add({ weeks: 1 });
  return /^this\b/iu.test(words) ? [day, next] : [next];
}

/** `Fri 26 Nov`, where the 26th is a Thursday: the date, or the Friday that is nearest to it. */
function dayOrItsWeekday(day: CalendarDate, weekday: number): CalendarDate[] {
  const ahead = (weekday - weekdayOf(day) + 7) % 7;
  if (ahead === 0) return [day];
  return [day, ahead <= 3 ? day.add({ days: ahead }) : day.subtract({ days: 7 - ahead })];
}

/** `3/4` is 3 April here and March 4 there. */
function bothOrders(result: ParsedResult, day: CalendarDate, dayFirst: boolean): CalendarDate[] {
  const written = /(\d{1,2})[/-](\d{1,2})(?:[/-](\d{2}|\d{4}))?$/u.exec(result.text.trim());
  if (!written || day.day > 12 || day.day === day.month || /^\d{4}/u.test(result.text)) return [day];
  const [given, other] = dayFirst ? [day.day, day.month] : [day.month, day.day];
  if (Number(written[1]) !== given || Number(written[2]) !== other) return [day];
  const swapped = day.set({ day: 1 }).set({ month: day.day }).set({ day: day.month });
  return [day, swapped];
}

/** `20 Nov` on 21 November: next year’s, or the one that has just passed. */
function theOneJustPassed(day: CalendarDate, today: CalendarDate, start: ParsedComponents): CalendarDate[] {
  if (start.isCertain('year')) return [];
  const passed = day.subtract({ years: 1 });
  return passed.compare(today) < 0 && passed.compare(today.subtract({ days: 60 })) >= 0 ? [passed] : [];
}

/** Every day with every time that can be meant; at most four. */
function combined(day: Hit | undefined, time: Hit | undefined, context: DateContext): Due[] {
  const hours: Hours[] = day?.hours.length ? day.hours : time?.hours.length ? time.hours : [{ kind: 'any_time' }];
  const all = hours.flatMap((at) =>
    (day?.days ?? [nextOccasion(at, context)]).map((on): Due => ({ day: on.toString(), hours: at })),
  );
  return [...new Map(all.map((due) => [JSON.stringify(due), due])).values()].slice(0, 4);
}

/** A time without a day is today's, or tomorrow's if it has passed. */
function nextOccasion(hours: Hours, { now }: DateContext): CalendarDate {
  const end = hours.kind === 'at' ? hours.time : hours.kind === 'between' ? hours.to : '24:00';
  return parseDate(now.day).add({ days: end > now.time ? 0 : 1 });
}

function calendarDate(components: ParsedComponents): CalendarDate {
  const part = (name: 'year' | 'month' | 'day') =>
    String(components.get(name) ?? 1).padStart(name === 'year' ? 4 : 2, '0');
  return toCalendarDate(parseDate(`${part('year')}-${part('month')}-${part('day')}`));
}

/** Sunday is 0, as in the library. */
function weekdayOf(day: CalendarDate): number {
  return new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
}
