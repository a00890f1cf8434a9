// Money in a phrase: amounts by sign, code or word, and whether they were paid.

import type { Money } from './gen/Money';
import { matches, overlap, wholeWords, type Stretch } from './phrase-text';

/** What a phrase says about the payment. */
export type PaymentSaid = 'unsaid' | 'paid' | 'deposit' | 'unpaid' | 'on_account';

/** The money of a phrase. */
export interface MoneyRead {
  /** The price of all, or of one piece where `each` says so. */
  total: Money | null;
  /** The price is that of one piece. */
  each: boolean;
  /** What was received; of a payment in full the total. */
  received: Money | null;
  /** A share of the total that was received: `half paid`. */
  share: number | null;
  payment: PaymentSaid;
  stretches: Stretch[];
}

/** Reads the amounts and the payment of a phrase in a shop of this currency. */
export function readPayment(text: string, currency: string): MoneyRead {
  const words = paymentWords(text);
  const signed = signedAmounts(text, currency).filter((amount) => !words.some((word) => overlap(word, amount)));
  const amounts = signed.length > 0 ? signed : bareAmounts(text, words, currency);
  const share = words.find((word) => word.share !== null)?.share ?? null;
  const payment = words[0]?.said ?? 'unsaid';
  const { total, received } = assigned(text, amounts, words);
  const used = amounts.filter((amount) => amount === total || amount === received);
  return {
    total: total?.money ?? null,
    each: total?.each ?? false,
    received: received?.money ?? (payment === 'paid' && share === null ? (total?.money ?? null) : null),
    share,
    payment: share !== null || (received && total && received !== total) ? 'deposit' : payment,
    stretches: [...used, ...words].sort((one, other) => one.start - other.start),
  };
}

/** An amount as it is written in a field (`90`, `$1,240.50`); nothing if it is none. */
export function readAmount(text: string, currency: string): Money | null {
  const trimmed = text.trim();
  const [signed] = signedAmounts(trimmed, currency);
  if (signed) return signed.end - signed.start === trimmed.length ? signed.money : null;
  return new RegExp(`^-?${NUMBER}$`, 'u').test(trimmed) ? money(trimmed, currency) : null;
}

/** How many digits stand behind the point in this currency. */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

interface Amount extends Stretch {
  money: Money;
  each: boolean;
}

interface PaymentWord extends Stretch {
  said: PaymentSaid;
  share: number | null;
}

const NUMBER = "\\d{1,3}(?:[.,'’\\u00A0\\u202F]\\d{3})+(?:[.,]\\d{1,2})?|\\d+(?:[.,]\\d{1,3})?";
const EACH = /^\s*(?:each|apiece|a piece|per piece|ea\.?)(?![\p{L}])/iu;

// prettier-ignore
const SIGNS: Record<string, string> = {
  "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₴": "UAH", "₽": "RUB",
  "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", us$: "USD", ca$: "CAD", c$: "CAD", a$: "AUD", au$: "AUD",
  nz$: "NZD", hk$: "HKD", s$: "SGD", r$: "BRL", mx$: "MXN",
};

/** Currencies that call themselves dollar or peso and write a plain `$`: in their shops `$` means their own. */
const DOLLARS = new Set(['USD', 'CAD', 'AUD', 'NZD', 'HKD', 'SGD', 'MXN', 'TWD', 'CLP', 'COP', 'ARS', 'JMD', 'BBD']);

/** Codes that are words as well: they count only in a shop of that currency. */
const CODES_THAT_ARE_WORDS = new Set([
  'ALL',
  'TOP',
  'TRY',
  'CUP',
  'MOP',
  'BAM',
  'GEL',
  'MAD',
  'COP',
  'BOB',
  'PEN',
  'SOS',
]);

/** Codes that are read in small letters as well. */
const COMMON_CODES = new Set(['USD', 'EUR', 'GBP', 'CAD', 'AUD', 'NZD', 'CHF', 'JPY', 'SEK', 'NOK', 'DKK']);

const NAMES: [RegExp, string][] = [
  [/^(?:dollars?|bucks?)$/iu, '$'],
  [/^euros?$/iu, '€'],
  [/^(?:pounds?|quid)$/iu, '£'],
  [/^yen$/iu, '¥'],
];

const AMOUNT_BEHIND_SIGN = new RegExp(
  `(-?)((?:\\p{Lu}{1,2})?\\$|\\p{Sc}|\\p{L}{3}(?=\\s?\\d))\\s?(${NUMBER})(k?)(?![\\p{L}\\d])`,
  'giu',
);
const AMOUNT_BEFORE_SIGN = new RegExp(
  `(?<![\\p{L}\\d.,])(-?)(${NUMBER})(k?)\\s?(\\p{Sc}|\\p{L}{3,7})(?![\\p{L}\\d])`,
  'giu',
);

function signedAmounts(text: string, shop: string): Amount[] {
  const behind = matches(text, AMOUNT_BEHIND_SIGN).map(({ found, start }) =>
    amount(text, start, found[0], currencyOf(found[2] ?? '', shop), `${found[1]}${found[3]}`, found[4]),
  );
  const before = matches(text, AMOUNT_BEFORE_SIGN).map(({ found, start, end }) =>
    weighs(text.slice(end), found[4] ?? '')
      ? null
      : amount(text, start, found[0], currencyOf(found[4] ?? '', shop), `${found[1]}${found[2]}`, found[3]),
  );
  const all: Amount[] = [];
  for (const one of [...behind, ...before]) {
    if (one && !all.some((other) => overlap(one, other))) all.push(one);
  }
  return all.sort((one, other) => one.start - other.start);
}

/** `2 pounds of flour` is a weight. */
function weighs(after: string, unit: string): boolean {
  return /^pounds?$/iu.test(unit) && /^\s+of\s/iu.test(after);
}

function amount(
  text: string,
  start: number,
  written: string,
  currency: string | null,
  digits: string,
  thousands: string | undefined,
): Amount | null {
  if (!currency) return null;
  const end = start + written.length;
  const each = EACH.exec(text.slice(end));
  const read = money(digits, currency, thousands ? 1000 : 1);
  return read && { start, end: end + (each?.[0].length ?? 0), money: read, each: each !== null };
}

function currencyOf(sign: string, shop: string): string | null {
  const name = NAMES.find(([pattern]) => pattern.test(sign))?.[1] ?? sign;
  if (name === '$') return DOLLARS.has(shop) ? shop : 'USD';
  if (name === '¥') return shop === 'CNY' ? shop : 'JPY';
  const known = SIGNS[name.toLowerCase()];
  if (known) return known;
  const code = sign.toUpperCase();
  if (code === shop && sign === code) return shop;
  if (CODES_THAT_ARE_WORDS.has(code) || (sign !== code && !COMMON_CODES.has(code))) return null;
  return Intl.supportedValuesOf('currency').includes(code) ? code : null;
}

/** A number without a sign is money only beside a word of payment: `90 paid`, `paid 90`, `deposit 20`. */
function bareAmounts(text: string, words: readonly PaymentWord[], currency: string): Amount[] {
  const found: Amount[] = [];
  for (const { start, end } of words) {
    const before = new RegExp(`(?<![\\p{L}\\d.,:/-])(${NUMBER})\\s*$`, 'u').exec(text.slice(0, start));
    const after = new RegExp(`^\\s*(?:of\\s+)?(${NUMBER})(?![\\p{L}\\d:/%-]|\\s?[ap]m)`, 'u').exec(text.slice(end));
    const [digits, at] = after?.[1]
      ? [after[1], end + after[0].length - after[1].length]
      : [before?.[1], before?.index ?? 0];
    const read = digits ? money(digits, currency) : null;
    if (read && digits) found.push({ start: at, end: at + digits.length, money: read, each: false });
  }
  return found;
}

const SHARES: Record<string, number> = { half: 0.5, third: 1 / 3, quarter: 0.25 };

// prettier-ignore
const PAYMENT: [PaymentSaid, RegExp][] = [
  ["unpaid", wholeWords("unpaid|not (?:yet )?paid(?: yet)?|to pay|pays? (?:later|on (?:pick-?up|collection|delivery))|cash on delivery|cod")],
  ["on_account", wholeWords("on (?:account|invoice|their tab|the tab|tab)|(?:to be )?invoiced?(?: later)?(?=\\s*(?:$|[,;]))|bill(?:ed)? later|net ?\\d{2}")],
  ["deposit", wholeWords("(?:(\\d{1,2}) ?% |(half|third|quarter) )(?:deposit(?: paid)?|paid|down|up ?front|in advance)")],
  ["deposit", wholeWords("deposit(?: of)?(?: paid)?|paid (?:a )?deposit(?: of)?|down payment(?: of)?|down(?=\\s*(?:$|[,;]))|up ?front|in advance")],
  ["paid", wholeWords("paid in full|fully paid|already paid|pre-?paid|payed|paid(?: up)?(?: by (?:card|cash|bank transfer|transfer))?")],
];

function paymentWords(text: string): PaymentWord[] {
  const words: PaymentWord[] = [];
  for (const [said, pattern] of PAYMENT) {
    for (const { start, end, found } of matches(text, pattern)) {
      const percent = said === 'deposit' && found[1] ? Number(found[1]) / 100 : null;
      const word = { start, end, said, share: percent ?? SHARES[found[2]?.toLowerCase() ?? ''] ?? null };
      if (!words.some((other) => overlap(word, other))) words.push(word);
    }
  }
  return words.sort((one, other) => one.start - other.start);
}

/** Which amount is the price and which was received. */
function assigned(
  text: string,
  amounts: readonly Amount[],
  words: readonly PaymentWord[],
): { total: Amount | undefined; received: Amount | undefined } {
  const [first, second] = amounts;
  const word = words.find(({ said, share }) => share === null && (said === 'paid' || said === 'deposit'));
  if (!first || !word) return { total: first, received: undefined };
  if (!second)
    return word.said === 'deposit' ? { total: undefined, received: first } : { total: first, received: first };
  const bound = amountBeside(text, amounts, word) ?? second;
  return { total: bound === first ? second : first, received: bound };
}

/** The amount that a word of payment belongs to; of two that stand beside it the smaller. */
function amountBeside(text: string, amounts: readonly Amount[], word: PaymentWord): Amount | undefined {
  const near = (from: number, to: number): boolean => from <= to && /^\s*(?:of\s+)?$/u.test(text.slice(from, to));
  const beside = amounts.filter((amount) => near(word.end, amount.start) || near(amount.end, word.start));
  return beside.sort((one, other) => one.money.minor - other.money.minor)[0];
}

function money(digits: string, currency: string, times = 1): Money | null {
  const places = minorDigits(currency);
  const plain = digits.replace(/['’\u00A0\u202F]/gu, '');
  const decimal = new RegExp(`[.,](?=\\d{1,${places === 3 ? 3 : 2}}$)`, 'u').exec(plain);
  const whole = (decimal ? plain.slice(0, decimal.index) : plain).replace(/[.,]/gu, '');
  const amount = Number(decimal ? `${whole}.${plain.slice(decimal.index + 1)}` : whole) * times;
  if (!Number.isFinite(amount)) return null;
  const minor = Math.round(amount * 10 ** places);
  return { minor: Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, minor)), currency };
}
