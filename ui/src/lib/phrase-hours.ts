// The hours in a phrase: a time only if it is certain, and of two readings the one within the opening hours.

import type { CalendarDate } from '@internationalized/date';
import type { ParsedComponents, ParsedResult } from 'chrono-node';
import type { Hours } from './gen/Hours';
import type { TimeOfDay } from './gen/TimeOfDay';
import type { WorkingCalendar } from './gen/WorkingCalendar';

/** When the shop is open, as the settings have it. */
export type OpeningHours = Pick<WorkingCalendar, 'week' | 'exceptions'>;

/** The hours that a result can mean, the likelier first; none if it names no time. */
export function readHours({ text, start, end }: ParsedResult, day: CalendarDate, opening: OpeningHours): Hours[] {
  if (/midnight/iu.test(text)) return [{ kind: 'at', time: '23:59' }];
  if (!start.isCertain('hour')) return partOfDay(text, day, opening);
  const leadingZero = /(?:^|\D)0\d[:.]\d\d/u.test(text);
  const starts = timesOf(start, day, opening, leadingZero);
  if (!end?.isCertain('hour')) return starts.map((minutes) => ({ kind: 'at', time: clock(minutes) }));
  const ends = timesOf(end, day, opening, leadingZero);
  return ends.map((to) => ({ kind: 'between', from: clock(lastBefore(start, to)), to: clock(to) }));
}

/** The minutes since midnight that a time can mean: `at 4` is four in the afternoon where the shop opens at nine. */
function timesOf(time: ParsedComponents, day: CalendarDate, opening: OpeningHours, certain: boolean): number[] {
  const minutes = (time.get('hour') ?? 0) * 60 + (time.get('minute') ?? 0);
  const hour = Math.floor(minutes / 60);
  if (certain || time.isCertain('meridiem') || hour === 0 || hour >= 12) return [minutes];
  const [from, to] = openingOn(day, opening);
  const both = [minutes, minutes + 12 * 60];
  const open = both.filter((reading) => from <= reading && reading <= to);
  if (open.length > 0) return open;
  const far = (reading: number): number => Math.min(Math.abs(reading - from), Math.abs(reading - to));
  return both.sort((one, other) => far(one) - far(other));
}

/** Where a window begins that ends then: `2 to 4`, `9 to 5`. */
function lastBefore(start: ParsedComponents, end: number): number {
  const minutes = (start.get('hour') ?? 0) * 60 + (start.get('minute') ?? 0);
  const late = (minutes % (12 * 60)) + 12 * 60;
  return minutes < 12 * 60 && !start.isCertain('meridiem') && late < end ? late : Math.min(minutes, end);
}

/** From opening to closing on that day; on a closed day as on the others. */
function openingOn(day: CalendarDate, { week, exceptions }: OpeningHours): [from: number, to: number] {
  const weekday = (new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay() + 6) % 7;
  const own = exceptions[day.toString()]?.spans ?? week[weekday] ?? [];
  const spans = own.length > 0 ? own : week.flat();
  if (spans.length === 0) return [9 * 60, 18 * 60];
  return [Math.min(...spans.map(({ from }) => minutesOf(from))), Math.max(...spans.map(({ to }) => minutesOf(to)))];
}

/** `Friday afternoon` is a window. */
function partOfDay(text: string, day: CalendarDate, opening: OpeningHours): Hours[] {
  const [from, to] = openingOn(day, opening);
  const noon = 12 * 60;
  if (/morning/iu.test(text)) return [{ kind: 'between', from: clock(Math.min(from, noon - 60)), to: '12:00' }];
  if (/afternoon/iu.test(text)) return [{ kind: 'between', from: '12:00', to: clock(Math.max(to, noon + 60)) }];
  if (/evening|tonight/iu.test(text)) return [{ kind: 'between', from: '17:00', to: '21:00' }];
  return [];
}

function clock(minutes: number): TimeOfDay {
  const part = (value: number) => String(value).padStart(2, '0');
  return `${part(Math.floor(minutes / 60) % 24)}:${part(minutes % 60)}`;
}

function minutesOf(time: TimeOfDay): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
