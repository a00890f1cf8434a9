// Rules by which something repeats (RFC 5545), as far as the fields of a form write them. Rust reads and words them.

import { asDate } from './days';
import type { Day } from './gen/Day';

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

export type Period = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

/** Which day of a month: the 21st, the third Saturday, the last day. */
export type DayOfMonth = 'date' | 'weekday' | 'last';

export interface Fields {
  /** None for a rule that these fields cannot write. */
  period: Period | null;
  every: number;
  weekdays: Weekday[];
  dayOfMonth: DayOfMonth;
}

/** The rule that the fields write, beginning on a day. */
export function ruleOf({ period, every, weekdays, dayOfMonth }: Fields, from: Day): string {
  const parts = [`FREQ=${period ?? 'WEEKLY'}`];
  if (every !== 1) parts.push(`INTERVAL=${every}`);
  if (period === 'WEEKLY') {
    const days = WEEKDAYS.filter((day) => weekdays.includes(day));
    parts.push(`BYDAY=${(days.length > 0 ? days : [weekdayOf(from)]).join(',')}`);
  }
  if (period === 'MONTHLY') parts.push(inMonth(dayOfMonth, from));
  return parts.join(';');
}

/** The fields that write a rule. */
export function fieldsOf(rule: string): Fields {
  const values = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
  const period = (['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const).find((known) => known === values.get('FREQ'));
  const weekdays = WEEKDAYS.filter((day) => values.get('BYDAY')?.split(',').includes(day));
  const dayOfMonth = values.get('BYMONTHDAY') === '-1' ? 'last' : values.has('BYDAY') ? 'weekday' : 'date';
  const every = Number(values.get('INTERVAL') ?? 1);
  const known = [...values.keys()].every((name) => ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY'].includes(name));
  return { period: known ? (period ?? null) : null, every, weekdays, dayOfMonth };
}

/** The day after a day. */
export function dayAfter(day: Day): Day {
  const date = asDate(day);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

export function weekdayOf(day: Day): Weekday {
  return WEEKDAYS[(asDate(day).getUTCDay() + 6) % 7] ?? 'MO';
}

function inMonth(which: DayOfMonth, from: Day): string {
  const date = asDate(from).getUTCDate();
  switch (which) {
    case 'date':
      return `BYMONTHDAY=${date}`;
    case 'last':
      return 'BYMONTHDAY=-1';
    case 'weekday':
      // A fifth Saturday is not in every month: the last one is meant.
      return `BYDAY=${date > 28 ? -1 : Math.ceil(date / 7)}${weekdayOf(from)}`;
  }
}
