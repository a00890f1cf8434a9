import { casual, GB, type Chrono } from 'chrono-node/en';
import type { Day } from './gen/Day';
import type { TimeOfDay } from './gen/TimeOfDay';
import { asDate } from './days';

/** Reads a day that was typed into a date field: `27/11`, `fri`, `tomorrow`, `2026-11-27`. None if it is no day. Of days that are past `fri` is the last one. */
export function readDay(text: string, today: Day, past = false): Day | null {
  const typed = text.trim();
  if (typed === '') return null;
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed);
  if (iso) return existing(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  // At noon no zone can shift the day.
  const [found] = reader().parse(typed, new Date(`${today}T12:00:00`), { forwardDate: !past });
  if (!found || found.text.length < typed.replace(/[\s,.]+$/, '').length / 2) return null;
  const at = found.start;
  const day = existing(at.get('year') ?? 0, at.get('month') ?? 0, at.get('day') ?? 0);
  // “Saturday”, said on a Saturday, is the next one.
  const onlyWeekday = at.isCertain('weekday') && !at.isCertain('day');
  if (day === today && onlyWeekday) return daysAfter(day, past ? -7 : 7);
  if (!past || day === null || day <= today) return day;
  if (onlyWeekday) return daysAfter(day, -7);
  return at.isCertain('year') ? day : existing((at.get('year') ?? 0) - 1, at.get('month') ?? 0, at.get('day') ?? 0);
}

/** Reads a time that was typed: `3pm`, `15:00`, `15.30`, `1530`, `noon`. None if it is no time. */
export function readTime(text: string): TimeOfDay | null {
  const typed = text.trim().toLowerCase();
  if (typed === 'noon') return '12:00';
  if (typed === 'midnight') return '00:00';
  const parts = /^(\d{1,2})(?:[:.h]?(\d{2}))?\s*([ap])?\.?\s*(?:m\.?)?h?$/.exec(typed);
  if (!parts) return null;
  const half = parts[3];
  const minutes = Number(parts[2] ?? 0);
  let hours = Number(parts[1]);
  if (minutes > 59 || hours > (half ? 12 : 23) || (half && hours === 0)) return null;
  if (half === 'p' && hours < 12) hours += 12;
  if (half === 'a' && hours === 12) hours = 0;
  // Nobody promises four in the morning by writing “4”.
  if (!half && parts[1]?.length === 1 && hours >= 1 && hours <= 6) hours += 12;
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

let chosen: Chrono | undefined;

/** 3/4 is March or April by the order in which this computer writes dates, not by its language. */
function reader(): Chrono {
  if (!chosen) {
    const parts = new Intl.DateTimeFormat().formatToParts(new Date(2000, 11, 25));
    const monthFirst = parts.find(({ type }) => type === 'day' || type === 'month')?.type === 'month';
    chosen = monthFirst ? casual : GB;
  }
  return chosen;
}

function existing(year: number, month: number, day: number): Day | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? isoDay(date) : null;
}

function daysAfter(day: Day, days: number): Day {
  const date = asDate(day);
  date.setUTCDate(date.getUTCDate() + days);
  return isoDay(date);
}

function isoDay(date: Date): Day {
  return date.toISOString().slice(0, 10);
}
