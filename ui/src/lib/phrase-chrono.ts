// Our own layer over chrono-node: the expressions of a shop that the library does not know or reads wrongly.

import { endOfMonth, endOfYear, parseDate, startOfWeek, type CalendarDate } from '@internationalized/date';
import type { ParsedResult } from 'chrono-node';
import { casual, Chrono, GB, type Parser } from 'chrono-node/en';
import type { Day } from './gen/Day';
import type { TimeOfDay } from './gen/TimeOfDay';
import type { OpeningHours } from './phrase-hours';
import { wholeWords } from './phrase-text';

/** Marks on what the layer finds. */
export const KIND = {
  /** It names a day. */
  day: 'kept/day',
  /** It names a span of days without saying which of them: `next week`. */
  period: 'kept/period',
};

interface Context {
  now: { day: Day; time: TimeOfDay };
  opening: OpeningHours;
  dayFirst: boolean;
}

/** Every date and time in a text. Runs on each key: about a millisecond. */
export function datesIn(text: string, context: Context): ParsedResult[] {
  const chrono = new Chrono(context.dayFirst ? GB : casual);
  chrono.parsers = [...layer(context), ...chrono.parsers];
  const instant = new Date(`${context.now.day}T${context.now.time}:00Z`);
  return chrono.parse(windowsAsRanges(text), { instant, timezone: 0 }, { forwardDate: true });
}

/** `between 2 and 4pm` as the library reads windows; every other character stays in its place. */
function windowsAsRanges(text: string): string {
  const window = /\bbetween(\s+\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]m)?\s+)and(\s+\d)/giu;
  return text.replace(window, (_, from: string, to: string) => `       ${from} to${to}`);
}

/** One expression: what it looks like, and the day or the days from and to that it means. */
interface Expression {
  pattern: string;
  means: (found: string[], context: Context) => CalendarDate | [CalendarDate, CalendarDate] | null;
}

function layer(context: Context): Parser[] {
  return EXPRESSIONS.map(({ pattern, means }) => ({
    pattern: () => wholeWords(pattern, 'iu'),
    extract: (parsing, match) => {
      const days = means(
        [...match].map((group) => group ?? ''),
        context,
      );
      if (!days) return null;
      const [first, last] = Array.isArray(days) ? days : [days, null];
      const result = parsing.createParsingResult(match.index ?? 0, match[0], components(first));
      if (last) result.end = parsing.createParsingComponents(components(last));
      return result.addTags([KIND.day, ...(last ? [KIND.period] : [])]);
    },
  }));
}

const MONTHS =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const WEEKDAYS = 'mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?';
const NUMBER = '\\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|a|an';

// prettier-ignore
const EXPRESSIONS: Expression[] = [
  { pattern: '(?:the )?day after tomorrow', means: (_, { now }) => parseDate(now.day).add({ days: 2 }) },
  { pattern: 'eom|(?:the )?end of (?:the |this )?month', means: (_, { now }) => endOfMonth(parseDate(now.day)) },
  { pattern: '(?:the )?(end|beginning|start|middle) of next month|mid next month', means: ([, which], { now }) => within(which, parseDate(now.day).add({ months: 1 })) },
  { pattern: `(?:the )?(end|beginning|start|middle) of (${MONTHS})`, means: ([, which, month], { now }) => within(which, nextMonth(month, now.day)) },
  { pattern: `mid[- ]()(${MONTHS})`, means: ([, , month], { now }) => nextMonth(month, now.day).set({ day: 15 }) },
  { pattern: 'eow|(?:the )?end of (?:the |this )?week', means: (_, context) => endOfWeek(context) },
  { pattern: '(?:the )?end of next week', means: (_, context) => lastOpenDay(monday(context.now.day).add({ weeks: 1 }), context) },
  { pattern: '(?:the )?(?:beginning|start) of next week', means: (_, { now }) => monday(now.day).add({ weeks: 1 }) },
  { pattern: 'eoy|(?:the )?end of (?:the |this )?year', means: (_, { now }) => endOfYear(parseDate(now.day)) },
  { pattern: 'next week', means: (_, context) => weekFrom(monday(context.now.day).add({ weeks: 1 }), context) },
  { pattern: `(?:by|in) (${MONTHS})(?!\\s*\\d)`, means: ([, month], { now }) => monthOf(nextMonth(month, now.day)) },
  { pattern: 'next month', means: (_, { now }) => monthOf(parseDate(now.day).add({ months: 1 })) },
  { pattern: `(?:in |within )?(${NUMBER}) (?:business|working|work) days?`, means: ([, count], context) => workingDays(numberOf(count), context) },
  { pattern: '(?:in )?(?:a|one) fortnight(?:[\'’]s time)?', means: (_, { now }) => parseDate(now.day).add({ weeks: 2 }) },
  { pattern: `(${WEEKDAYS}) week|a week on (${WEEKDAYS})|(?:a )?week from (${WEEKDAYS})`, means: (found, { now }) => nextWeekday(found, now.day).add({ weeks: 1 }) },
  { pattern: `next (${WEEKDAYS})`, means: ([, weekday], { now }) => weekdayOfNextWeek(weekday, now.day) },
  { pattern: `(?<=(?:by|on|for|before|until|till|due) )the (\\d{1,2})(?:st|nd|rd|th)(?! (?:of|${MONTHS}))`, means: ([, day], { now }) => nextDayOfMonth(Number(day), now.day) },
  { pattern: '(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4}|\\d{2})?', means: ([, day, month, year], { now }) => dotted(Number(day), Number(month), year ?? '', now.day) },
  ...holidays(),
];

/** Fixed days that customers name, where a word before them makes them a date: `by Christmas`, not `Christmas cake`. */
function holidays(): Expression[] {
  const days: [name: string, month: number, day: number][] = [
    ['christmas eve', 12, 24],
    ['christmas(?: day)?|xmas', 12, 25],
    ['boxing day', 12, 26],
    ["new year['’]?s eve", 12, 31],
    ["new year(?:['’]?s(?: day)?)?", 1, 1],
    ["valentine['’]?s(?: day)?", 2, 14],
    ['halloween', 10, 31],
  ];
  return days.map(([name, month, day]) => ({
    pattern: `(?<=(?:by|on|before|until|till|due) )(?:${name})`,
    means: (_, { now }) => nextDate(month, day, now.day),
  }));
}

function components(day: CalendarDate): { year: number; month: number; day: number } {
  return { year: day.year, month: day.month, day: day.day };
}

/** The Monday of the week in which a day lies. */
function monday(day: Day): CalendarDate {
  return startOfWeek(parseDate(day), 'en-GB', 'mon');
}

function weekFrom(first: CalendarDate, context: Context): [CalendarDate, CalendarDate] {
  return [first, lastOpenDay(first, context)];
}

function monthOf(day: CalendarDate): [CalendarDate, CalendarDate] {
  return [day.set({ day: 1 }), endOfMonth(day)];
}

/** Of this week, or of the next if this week’s last open day has passed. */
function endOfWeek(context: Context): CalendarDate {
  const first = monday(context.now.day);
  const end = lastOpenDay(first, context);
  return end.compare(parseDate(context.now.day)) >= 0 ? end : lastOpenDay(first.add({ weeks: 1 }), context);
}

/** The last day of a week on which the shop is open; its Friday if it never is. */
function lastOpenDay(first: CalendarDate, context: Context): CalendarDate {
  const days = [6, 5, 4, 3, 2, 1, 0].map((days) => first.add({ days }));
  return days.find((day) => isOpen(day, context)) ?? first.add({ days: 4 });
}

function isOpen(day: CalendarDate, { opening }: Context): boolean {
  const special = opening.exceptions[day.toString()];
  return (special?.spans ?? opening.week[weekdayIndex(day)] ?? []).length > 0;
}

/** So many open days from today on; a shop without hours counts every day. */
function workingDays(count: number, context: Context): CalendarDate {
  let day = parseDate(context.now.day);
  const ever = context.opening.week.some((spans) => spans.length > 0);
  for (let left = count; left > 0;) {
    day = day.add({ days: 1 });
    if (!ever || isOpen(day, context)) left -= 1;
  }
  return day;
}

function within(which: string | undefined, month: CalendarDate): CalendarDate {
  if (which?.toLowerCase() === 'end') return endOfMonth(month);
  return month.set({ day: which?.toLowerCase() === 'beginning' || which?.toLowerCase() === 'start' ? 1 : 15 });
}

const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The first day of the next month of that name; this month counts. */
function nextMonth(name: string | undefined, today: Day): CalendarDate {
  const month = MONTH_NAMES.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;
  const now = parseDate(today).set({ day: 1 });
  return now.set({ month }).add({ years: month < now.month ? 1 : 0 });
}

/** Monday is 0. */
function weekdayIndex(day: CalendarDate): number {
  return (new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay() + 6) % 7;
}

/** The next day of that weekday, at least tomorrow. */
function nextWeekday(found: readonly string[], today: Day): CalendarDate {
  const name = found.slice(1).find((group) => group !== '') ?? '';
  const now = parseDate(today);
  const ahead = (WEEKDAY_NAMES.indexOf(name.slice(0, 3).toLowerCase()) - weekdayIndex(now) + 7) % 7;
  return now.add({ days: ahead === 0 ? 7 : ahead });
}

function weekdayOfNextWeek(name: string | undefined, today: Day): CalendarDate {
  const index = WEEKDAY_NAMES.indexOf((name ?? '').slice(0, 3).toLowerCase());
  return monday(today).add({ weeks: 1, days: index });
}

/** The next month that has such a day. */
function nextDayOfMonth(day: number, today: Day): CalendarDate | null {
  const now = parseDate(today);
  const months = [0, 1, 2].map((months) => now.set({ day: 1 }).add({ months }).set({ day }));
  return day < 1 || day > 31 ? null : (months.find((date) => date.day === day && date.compare(now) >= 0) ?? null);
}

/** A day and a month with points: the day stands first everywhere. */
function dotted(day: number, month: number, year: string, today: Day): CalendarDate | null {
  if (month < 1 || month > 12 || day < 1) return null;
  if (year === '') return nextDate(month, day, today);
  const date = parseDate(today)
    .set({ day: 1 })
    .set({ year: Number(year) + (year.length === 2 ? 2000 : 0), month })
    .set({ day });
  return date.day === day ? date : null;
}

function nextDate(month: number, day: number, today: Day): CalendarDate | null {
  const now = parseDate(today);
  const date = now.set({ day: 1 }).set({ month }).set({ day });
  if (date.day !== day) return null;
  return date.compare(now) >= 0 ? date : date.add({ years: 1 });
}

const NUMBERS = ['a', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function numberOf(word: string | undefined): number {
  const spelled = NUMBERS.indexOf((word ?? '').toLowerCase());
  return spelled >= 0 ? Math.max(1, spelled) : Number(word) || 1;
}
