// Three digits after a comma may be thousands: that is asked about rather than guessed.
const HOURS = /^(\d+(?:\.\d{1,2})?)(?:\s*(?:h|hrs?|hours?))?$/;
const MINUTES = /^(\d+)\s*(?:m|mins?|minutes?)$/;
const BOTH = /^(\d+)\s*(?:h|hrs?|hours?|:)\s*([0-5]?\d)\s*(?:m|mins?|minutes?)?$/;

/**
 * Reads an amount of work as it was typed: `1.5`, `2 h`, `45 min`, `1 h 30 min`, `1:30`. A bare number is hours. None
 * if nothing is said; nothing at all if it is no amount of work.
 */
export function readMinutes(text: string): number | null | undefined {
  const typed = text.trim().toLowerCase().replace(',', '.');
  if (typed === '') return null;
  const [, whole, rest] = BOTH.exec(typed) ?? [];
  if (whole !== undefined) return Number(whole) * 60 + Number(rest);
  const minutes = MINUTES.exec(typed)?.[1];
  if (minutes !== undefined) return Number(minutes);
  const hours = HOURS.exec(typed)?.[1];
  return hours === undefined ? undefined : Math.round(Number(hours) * 60);
}

/** An amount of work for a text field: `1 h 30 min`. */
export function minutesText(minutes: number | null | undefined): string {
  if (minutes === null || minutes === undefined) return '';
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ');
}
