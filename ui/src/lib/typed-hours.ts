import type { Hours } from './gen/Hours';
import { readTime } from './typed';

/** Reads the hours of a day as they were typed: `3pm`, `2-4pm`, `14:00 to 16:00`, or nothing for any time of the day. */
export function readHours(text: string): Hours | null {
  const typed = text.trim().replace(/^at\s+/i, '');
  if (typed === '' || /^any ?time$/i.test(typed)) return { kind: 'any_time' };
  const [from, to] = typed.split(/\s*(?:-|–|to|and)\s*/i);
  const begins = readTime(from ?? '');
  if (to === undefined) return begins === null ? null : { kind: 'at', time: begins };
  const ends = readTime(to);
  return begins && ends && begins < ends ? { kind: 'between', from: begins, to: ends } : null;
}
