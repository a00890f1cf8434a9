import { numberLocale } from './locale';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** A size as the owner's system writes it: `1.4 MB`. */
export function bytesWords(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return new Intl.NumberFormat(numberLocale(), {
    style: 'unit',
    unit: UNITS[unit] ?? 'byte',
    maximumFractionDigits: unit > 1 ? 1 : 0,
  }).format(bytes / 1000 ** unit);
}
