import type { FulfilmentStatus } from './gen/FulfilmentStatus';
import type { PaymentState } from './gen/PaymentState';
import type { PromiseFilter } from './gen/PromiseFilter';

/** The lists of promises, in the order of their tabs, and what is said when one is empty. */
export const FILTERS: { value: PromiseFilter; words: string; none: string }[] = [
  { value: 'open', words: 'Open', none: 'Nothing is owed to anybody.' },
  { value: 'overdue', words: 'Overdue', none: 'Nothing is overdue.' },
  { value: 'this_week', words: 'This week', none: 'Nothing is due within a week.' },
  { value: 'paid_idle', words: 'Paid and waiting', none: 'Nobody has paid and waits.' },
  { value: 'unpaid', words: 'Unpaid', none: 'Nothing is unpaid.' },
  { value: 'closed', words: 'Closed', none: 'Nothing was handed over yet.' },
  { value: 'all', words: 'All', none: 'Nothing is promised yet.' },
];

/** How far a promise has come, in words. */
export const STATUSES: { value: FulfilmentStatus; words: string }[] = [
  { value: 'open', words: 'Not begun' },
  { value: 'in_progress', words: 'In progress' },
  { value: 'waiting', words: 'Waiting' },
  { value: 'ready', words: 'Ready' },
  { value: 'partly_delivered', words: 'Partly handed over' },
  { value: 'delivered', words: 'Handed over' },
  { value: 'cancelled', words: 'Called off' },
];

/** How a payment stands, in words. */
export const PAYMENTS: { value: PaymentState; words: string }[] = [
  { value: 'unpaid', words: 'Unpaid' },
  { value: 'deposit', words: 'Deposit' },
  { value: 'paid', words: 'Paid' },
  { value: 'on_account', words: 'On account' },
  { value: 'refunded', words: 'Refunded' },
  { value: 'none', words: 'No price' },
];
