import type { Money } from './gen/Money';
import { numberLocale, numberTag } from './locale';

/** How a currency is written, and how many digits its cents have. */
interface Format {
  format: Intl.NumberFormat;
  digits: number;
}

const formats = new Map<string, Format>();

/** An amount as the owner's system writes it: `$90.00`. */
export function moneyWords({ minor, currency }: Money): string {
  return asBefore(`${currency} ${minor}`, () => {
    const { format, digits } = formatOf(currency);
    return format.format(minor / 10 ** digits);
  });
}

/** The same without the cents where there are none, for sums in a sentence: `$1,240`. */
export function roundMoneyWords({ minor, currency }: Money): string {
  return asBefore(`${currency} ${minor} round`, () => {
    const { format, digits } = formatOf(currency);
    const unit = 10 ** digits;
    if (minor % unit !== 0) return format.format(minor / unit);
    return new Intl.NumberFormat(numberLocale(), { style: 'currency', currency, maximumFractionDigits: 0 }).format(
      minor / unit,
    );
  });
}

/** An amount for a text field: digits and the locale's decimal sign, without the currency. */
export function moneyText({ minor, currency }: Money): string {
  const { digits } = formatOf(currency);
  const whole = minor % 10 ** digits === 0;
  return new Intl.NumberFormat(numberLocale(), {
    useGrouping: false,
    minimumFractionDigits: whole ? 0 : digits,
    maximumFractionDigits: digits,
  }).format(minor / 10 ** digits);
}

/** Reads an amount that was typed: `90`, `$1,240.50`, `1.240,50 €`. None if it is no amount. */
export function readMoney(text: string, currency: string): Money | null {
  const typed = text.replace(/[^\d.,-]/g, '');
  if (!/\d/.test(typed) || /[^-]-|--/.test(typed)) return null;
  const { digits } = formatOf(currency);
  const last = Math.max(typed.lastIndexOf('.'), typed.lastIndexOf(','));
  const after = last < 0 ? 0 : typed.length - last - 1;
  // The last sign parts off the cents if as many digits follow it as the currency has, or one less.
  const hasCents = last >= 0 && digits > 0 && after >= 1 && after <= digits;
  const whole = (hasCents ? typed.slice(0, last) : typed).replace(/[.,]/g, '');
  const cents = hasCents ? typed.slice(last + 1).padEnd(digits, '0') : '0'.repeat(digits);
  const minor = Number(whole + cents);
  return Number.isSafeInteger(minor) ? { minor, currency } : null;
}

/** So many amounts are remembered: those of a first screen. */
const REMEMBERED = 60;
const remembered = new Map<string, () => string>();
let before: Record<string, string> | null = null;

/**
 * The words that were made for the same amount when Kept was open last, by the same customs. The system's formatters need
 * longer to be there than all rows to be drawn; on most days the first screen says the same amounts as the day before.
 */
function asBefore(amount: string, words: () => string): string {
  const name = `${numberTag()} ${amount}`;
  before ??= recalled();
  if (remembered.size < REMEMBERED && !remembered.has(name)) {
    if (remembered.size === 0) setTimeout(remember, 500);
    remembered.set(name, words);
  }
  return before[name] ?? words();
}

function recalled(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem('amounts') ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}

/** Words them anew for the next time: what the system makes of an amount may have changed since. */
function remember(): void {
  const worded = [...remembered].map(([name, words]) => [name, words()] as const);
  localStorage.setItem('amounts', JSON.stringify(Object.fromEntries(worded)));
}

function formatOf(currency: string): Format {
  const locale = numberLocale();
  const name = `${locale} ${currency}`;
  let known = formats.get(name);
  if (!known) {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    known = { format, digits: format.resolvedOptions().maximumFractionDigits ?? 2 };
    formats.set(name, known);
  }
  return known;
}
