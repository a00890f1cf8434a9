// Reads a promise from one sentence: `12 cupcakes for Maria by Fri 3pm $90 paid`.
//
// What it does not read: other languages than English; several parts in one sentence (`12 cupcakes and 2 cakes` stays
// one part with these words); `asap`, `soon` and `Q3`; repeating dates (`every Friday`); a time without `at`, a colon or
// am/pm (`Fri 1500`); of dates over several days more than their end; a name in small letters of more than three words;
// a customer who stands behind no `for` or `to`, before no comma, colon, `’s` or verb such as `wants`. What it reads
// wrongly: a thing that is named like a day where no other date is said (`Sunday roast for Ana`). Everything is shown
// before it is saved, and can be corrected.

import type { CustomerBrief } from './gen/CustomerBrief';
import type { Day } from './gen/Day';
import type { Due } from './gen/Due';
import type { Money } from './gen/Money';
import type { TimeOfDay } from './gen/TimeOfDay';
import { readDue } from './phrase-dates';
import type { OpeningHours } from './phrase-hours';
import { readPayment, type PaymentSaid } from './phrase-money';
import { nameBeforeDates, nameByPlace } from './phrase-names';
import { readPromise } from './phrase-quantity';
import { without, type Stretch } from './phrase-text';

export { nameCandidates } from './phrase-names';
export { readAmount, type PaymentSaid } from './phrase-money';

/** Against what a phrase is read. */
export interface PhraseContext {
  /** By Kept's clock, not the browser's. */
  now: { day: Day; time: TimeOfDay };
  opening: OpeningHours;
  currency: string;
  /** Customers that Kept knows, as far as their names may stand in the phrase. */
  customers: readonly CustomerBrief[];
  /** The owner's locale, for the order of day and month. */
  locale: string;
}

export type PhrasePart = 'promise' | 'customer' | 'due' | 'money';

/** A stretch of the phrase that was read as one of its parts. */
export interface Mark extends Stretch {
  part: PhrasePart;
}

/** What a phrase says. */
export interface PhraseRead {
  quantity: number;
  what: string;
  customer: string;
  /** The customer, where Kept knows one of this very name. */
  known: CustomerBrief | null;
  due: Due | null;
  /** What the date can mean, the likelier first; two or more have to be asked about. */
  readings: Due[];
  total: Money | null;
  /** What was received; of a payment in full the total. */
  received: Money | null;
  payment: PaymentSaid;
  /** Where each part stands, in the order of the text. */
  marks: Mark[];
}

/** Reads a phrase. A pure function, fast enough to run on every key. */
export function readPhrase(text: string, context: PhraseContext): PhraseRead {
  const money = readPayment(text, context.currency);
  const afterMoney = without(text, money.stretches);
  const early = nameBeforeDates(afterMoney, context.customers);
  const beforeDates = early ? without(afterMoney, [early]) : afterMoney;
  const dates = readDue(beforeDates, { ...context, dayFirst: isDayFirst(context.locale) });
  const afterDates = without(beforeDates, dates.stretches);
  const customer = early ?? nameByPlace(afterDates, context.customers);
  const afterCustomer = readPromise(customer ? without(afterDates, [customer]) : afterDates);
  const promise = customer?.stays ? readPromise(afterDates) : afterCustomer;
  return {
    quantity: promise.quantity,
    what: promise.what,
    customer: customer?.name ?? '',
    known: customer?.known ?? null,
    due: dates.due,
    readings: dates.readings,
    ...paid(money, promise.quantity),
    marks: marks(text, {
      promise: afterCustomer.stretches,
      customer: customer ? [customer] : [],
      due: dates.stretches,
      money: money.stretches,
    }),
  };
}

/** Reads what was typed into a field for a date; of several readings the likelier first, none if it is no date. */
export function readDate(text: string, context: Omit<PhraseContext, 'customers' | 'currency'>): Due[] {
  return readDue(text, { ...context, dayFirst: isDayFirst(context.locale) }).readings;
}

/** Whether people there write the day before the month. */
export function isDayFirst(locale: string): boolean {
  const parts = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric' }).formatToParts(0);
  return parts.findIndex(({ type }) => type === 'day') < parts.findIndex(({ type }) => type === 'month');
}

/** The amounts, of all pieces where the price of one was said. */
function paid(
  money: ReturnType<typeof readPayment>,
  quantity: number,
): Pick<PhraseRead, 'total' | 'received' | 'payment'> {
  const times = (amount: Money | null, by: number): Money | null =>
    amount && { ...amount, minor: Math.round(amount.minor * by) };
  const total = times(money.total, money.each ? quantity : 1);
  const allReceived = money.received === money.total ? total : money.received;
  return { total, received: money.share === null ? allReceived : times(total, money.share), payment: money.payment };
}

/** In the order of the text; what belongs together and is parted only by spaces is one mark. */
function marks(text: string, parts: Record<PhrasePart, readonly Stretch[]>): Mark[] {
  const sorted = (Object.entries(parts) as [PhrasePart, readonly Stretch[]][])
    .flatMap(([part, stretches]) => stretches.map(({ start, end }) => ({ part, start, end })))
    .sort((one, other) => one.start - other.start);
  return sorted.reduce<Mark[]>((joined, mark) => {
    const last = joined.at(-1);
    if (last?.part !== mark.part || text.slice(last.end, mark.start).trim() !== '') return [...joined, mark];
    return [...joined.slice(0, -1), { ...last, end: mark.end }];
  }, []);
}
