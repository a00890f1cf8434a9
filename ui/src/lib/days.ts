import type { Day } from './gen/Day';
import type { Due } from './gen/Due';
import type { Hours } from './gen/Hours';
import type { Stamp } from './gen/Stamp';
import type { TimeOfDay } from './gen/TimeOfDay';
import { ask } from './ask';

/** The day and the time by Kept's clock, which may not be this computer's: what typed dates are read against. */
export async function nowByKept(): Promise<{ today: Day; time: TimeOfDay }> {
  const { today, time } = await ask('today', {});
  return { today, time };
}

/** The words of days are those of Rust, and in its order: `Fri 27 Nov`. */
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A day in words: `Fri 27 Nov`. Rust words what stands on screens; this is for what is being typed. */
export function dayWords(day: Day, withYear = false): string {
  const words = `${weekdayWords(day).slice(0, 3)} ${Number(day.slice(8))} ${monthWords(day)}`;
  return withYear ? `${words} ${day.slice(0, 4)}` : words;
}

/** The month of a day: `Nov`. */
export function monthWords(day: Day): string {
  return MONTHS[Number(day.slice(5, 7)) - 1] ?? '';
}

/** `Friday`. */
export function weekdayWords(day: Day): string {
  return WEEKDAYS[asDate(day).getUTCDay()] ?? '';
}

/** The first letter of the weekday, for a narrow axis. */
export function weekdayLetter(day: Day): string {
  return weekdayWords(day).slice(0, 1).toUpperCase();
}

/** When something happened, by this computer's clock: `Fri 20 Nov, 17:04`, with the year if it was another one. */
export function stampWords(stamp: Stamp): string {
  const date = new Date(stamp);
  const anotherYear = date.getFullYear() !== new Date().getFullYear();
  return `${dayWords(dayOf(date), anotherYear)}, ${clockWords(date.getHours() * 60 + date.getMinutes())}`;
}

/** The day of an instant: `Fri 27 Nov`. */
export function stampDayWords(stamp: Stamp): string {
  return dayWords(dayOf(new Date(stamp)));
}

/** The day of an instant, with its year: `Fri 27 Nov 2026`. */
export function stampDateWords(stamp: Stamp): string {
  return dayWords(dayOf(new Date(stamp)), true);
}

/** A due with its hours in words: `Fri 27 Nov, 15:00`. */
export function dueWords({ day, hours }: Due): string {
  const words = hoursWords(hours);
  return words === null ? dayWords(day) : `${dayWords(day)}, ${words}`;
}

/** `15:00`, `14:00 to 16:00`, or nothing for any time of the day. */
export function hoursWords(hours: Hours): string | null {
  switch (hours.kind) {
    case 'any_time':
      return null;
    case 'at':
      return shortTime(hours.time);
    case 'between':
      return `${shortTime(hours.from)} to ${shortTime(hours.to)}`;
  }
}

/** Minutes in words: `45 min`, `2 h`, `1 h 30 min`. */
export function minutesWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** A clock's reading of minutes since midnight: `09:41`. */
export function clockWords(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The day of an instant, by this computer's clock. */
function dayOf(date: Date): Day {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** A day as a date at midnight in UTC, in which it has no zone to be wrong by. */
export function asDate(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

function shortTime(time: TimeOfDay): string {
  return time.slice(0, 5);
}
