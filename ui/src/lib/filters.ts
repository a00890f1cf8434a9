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
