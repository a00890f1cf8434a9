// A promise while it is typed: the sentence, what was read from it, what the owner corrected, and what Kept says to it.

import { untrack } from 'svelte';
import { ask, Refused } from './ask';
import { beginning } from './beginning.svelte';
import { nowByKept } from './days';
import { FromMenu } from './from-menu.svelte';
import type { CustomerBrief } from './gen/CustomerBrief';
import type { CustomerId } from './gen/CustomerId';
import type { Done } from './gen/Done';
import type { DraftView } from './gen/DraftView';
import type { Due } from './gen/Due';
import type { Hours } from './gen/Hours';
import type { Money } from './gen/Money';
import type { OfferId } from './gen/OfferId';
import type { PromiseDraft } from './gen/PromiseDraft';
import type * as phrases from './phrase';
import type { PaymentSaid, PhraseContext, PhraseRead } from './phrase';
import { dateLocale } from './locale';

/** The fields of the bar, as the sentence and the corrections have them. */
export interface Fields {
  what: string;
  quantity: number;
  customer: { name: string; id: CustomerId | null };
  /** What the date can mean, the likelier first. */
  days: Due[];
  hours: Hours;
  total: Money | null;
  received: Money | null;
  payment: PaymentSaid;
}

export type FieldName = keyof Fields;

/** Where the owner has to look before the promise can be saved. */
export type Open = FieldName | 'phrase' | 'which-day' | 'which-customer' | 'passed';

/** What the owner put in place of what was read, for as long as the sentence reads the same in that place. */
type Corrections = { [F in FieldName]?: { value: Fields[F]; readAs: string } };

/** Kept is asked when the typing pauses. */
const PAUSE = 120;

type Reader = typeof phrases;

export class Promising {
  phrase = $state('');
  /** What Kept says to the draft as it was last asked about. */
  view = $state.raw<DraftView | null>(null);
  /** Saving was tried: what is missing is said as a problem. */
  tried = $state(false);
  passedIsMeant = $state(false);
  saving = $state(false);
  failure = $state.raw<Refused | null>(null);
  /** What of the menu it could be, or is. */
  readonly menu = new FromMenu();

  #reader = $state.raw<Reader | null>(null);
  #context = $state.raw<Omit<PhraseContext, 'customers'> | null>(null);
  #known = $state.raw<CustomerBrief[]>([]);
  #corrections = $state.raw<Corrections>({});
  #unread = $state.raw<FieldName[]>([]);
  #askedFor: string[] = [];
  #turn = 0;
  #answered = 0;

  /** What the sentence says. */
  readonly read = $derived.by(() => this.#readPhrase());
  readonly #said = $derived.by(() => this.#fieldsSaid());
  /** What was said, and what the picked offer says where nothing was. */
  readonly fields = $derived(this.#said && this.#filledIn(this.#said));
  readonly draft = $derived.by(() => this.#draftOf());
  /** Nothing was typed. */
  readonly blank = $derived(this.phrase.trim() === '');

  /** To be made while a component is set up. */
  constructor() {
    $effect(() => {
      const { phrase, reader } = this;
      const wait = setTimeout(() => void this.#meet(phrase, reader), PAUSE / 2);
      return () => clearTimeout(wait);
    });
    $effect(() => {
      const words = this.#said?.what ?? '';
      const wait = setTimeout(() => void this.menu.look(words), PAUSE);
      return () => clearTimeout(wait);
    });
    $effect(() => {
      const draft = this.draft;
      // Another offer fills the same words in another way.
      void this.menu.picked;
      if (!draft) {
        this.view = null;
        return;
      }
      const wait = setTimeout(() => void this.#readBack(draft), untrack(() => this.view) ? PAUSE : 0);
      return () => clearTimeout(wait);
    });
  }

  /** Fetches the reader and what dates are read against; the clock goes on, so this is done each time the bar is entered. */
  async begin(): Promise<void> {
    const [reader, settings, now] = await Promise.all([import('./phrase'), ask('settings', {}), nowByKept()]);
    this.#context = {
      now: { day: now.today, time: now.time },
      opening: settings.calendar,
      currency: settings.currency,
      locale: dateLocale(),
    };
    this.#reader = reader;
  }

  get context(): Omit<PhraseContext, 'customers'> | null {
    return this.#context;
  }

  get reader(): Reader | null {
    return this.#reader;
  }

  /** Customers that were found for the name as it stands, for the list under its field. */
  get customersLike(): CustomerBrief[] {
    return this.view?.could_be ?? [];
  }

  correct<F extends FieldName>(field: F, value: Fields[F]): void {
    if (field === 'what') this.menu.forget();
    this.#corrections = { ...this.#corrections, [field]: { value, readAs: this.#readAs(field) } };
    this.#unread = this.#unread.filter((unread) => unread !== field);
    if (field === 'days' || field === 'hours') this.passedIsMeant = false;
  }

  /** It is something of the menu, which fills what was left open. */
  pick(offer: OfferId): void {
    const name = this.menu.found.find(({ id }) => id === offer)?.name ?? '';
    this.correct('what', name);
    this.menu.pick(offer);
  }

  /** One of the readings of the date is meant, or another date altogether. */
  choose(due: Due): void {
    this.correct('days', [due]);
    this.correct('hours', due.hours);
  }

  /** A correction could not be read: nothing is saved until it is. */
  cannotRead(field: FieldName): void {
    if (!this.#unread.includes(field)) this.#unread = [...this.#unread, field];
  }

  /** What is wrong with a field, if the owner is to be told by now. */
  problemWith(field: FieldName): string | null {
    const wrong = this.view?.problems.find((problem) => fieldOf(problem.field) === field);
    if (!wrong || (field === 'days' && this.passed)) return null;
    return this.tried || !isMissing(this.fields, field) ? wrong.is : null;
  }

  /** The date has passed and the owner has not said that it is meant. */
  get passed(): string | null {
    const problem = this.view?.problems.find(({ field }) => field === 'due');
    return problem && this.fields && this.fields.days.length > 0 && !this.passedIsMeant ? problem.is : null;
  }

  /** What has to be dealt with first, in the order of the fields. */
  get open(): Open | null {
    const fields = this.fields;
    if (!fields || !this.view) return 'phrase';
    if (this.#unread[0]) return this.#unread[0];
    if (fields.days.length > 1) return 'which-day';
    if (this.couldBeSeveral) return 'which-customer';
    if (this.passed) return 'passed';
    const problem = this.view.problems.map(({ field }) => fieldOf(field)).sort(inOrder)[0];
    if (problem) return problem;
    return this.needsAmount ? 'total' : null;
  }

  /** `paid` says nothing without an amount. */
  get needsAmount(): boolean {
    const { payment, total, received } = this.fields ?? { payment: 'unsaid', total: null, received: null };
    return (payment === 'paid' && !total) || (payment === 'deposit' && !received);
  }

  /** The name fits several customers, none exactly, and the owner has not said which. */
  get couldBeSeveral(): boolean {
    return this.fields?.customer.id === null && !this.#corrections.customer && this.#sameBeginning().length > 1;
  }

  /** Saves the promise; gives what was done, or where the owner has to look first. */
  async save(): Promise<Done | Open> {
    if (this.saving) return 'phrase';
    this.saving = true;
    this.failure = null;
    try {
      if (!this.#context) await this.begin();
      if (this.draft) await this.#readBack(this.draft);
      if (this.failure) return 'phrase';
      this.tried = true;
      const open = this.open;
      if (open || !this.draft) return open ?? 'phrase';
      const done = await ask('make_promise', { draft: await this.#complete(this.draft) });
      this.clear();
      return done;
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      this.failure = reason;
      return fieldOf(reason.problems[0]?.field ?? '') ?? 'phrase';
    } finally {
      this.saving = false;
    }
  }

  clear(): void {
    this.#answered = ++this.#turn;
    this.phrase = '';
    this.view = null;
    this.tried = false;
    this.passedIsMeant = false;
    this.failure = null;
    this.menu.forget();
    beginning.forget();
    this.#corrections = {};
    this.#unread = [];
  }

  #readPhrase(): PhraseRead | null {
    if (!this.#reader || !this.#context || this.blank) return null;
    return this.#reader.readPhrase(this.phrase, { ...this.#context, customers: this.#known });
  }

  /** A date and a price that were not said come from the offer. */
  #filledIn(said: Fields): Fields {
    const draft = this.menu.filled?.draft;
    if (!draft) return said;
    const days = said.days.length === 0 && draft.due ? [draft.due] : said.days;
    return { ...said, days, total: this.#priceOf(said.total, draft) };
  }

  /** The draft as it is meant: with all that a picked offer brings, and what “paid” says of its price. */
  async #complete(draft: PromiseDraft): Promise<PromiseDraft> {
    const filled = await this.menu.fill(draft);
    const total = this.#priceOf(draft.total ?? null, filled);
    const received = this.#said?.payment === 'paid' ? total : draft.received;
    return { ...filled, total, received: received ?? null };
  }

  /** A price that was taken away is not brought back by the offer. */
  #priceOf(said: Money | null, filled: PromiseDraft): Money | null {
    return said ?? (this.#corrections.total ? null : (filled.total ?? null));
  }

  #fieldsSaid(): Fields | null {
    const read = this.read;
    if (!read) return null;
    const fields = fieldsRead(read);
    for (const [field, correction] of Object.entries(this.#corrections)) {
      if (correction.readAs === this.#readAs(field as FieldName)) Object.assign(fields, { [field]: correction.value });
    }
    if (fields.customer.name === '' && !this.#corrections.customer && beginning.whom) fields.customer = beginning.whom;
    if (!this.#corrections.hours) fields.hours = fields.days[0]?.hours ?? ANY_TIME;
    if (fields.customer.id === null && !this.#corrections.customer) {
      const [only, ...others] = this.#sameBeginning();
      if (only && others.length === 0) fields.customer = only;
    }
    return fields;
  }

  /** How the sentence reads in one place: a correction of it holds until that changes. */
  #readAs(field: FieldName): string {
    return this.read ? JSON.stringify(fieldsRead(this.read)[field]) : '';
  }

  /** Customers that Kept knows whose name begins with the words of the name that was typed: Maria Silva for `Maria`. */
  #sameBeginning(): CustomerBrief[] {
    const typed = this.read?.customer.toLocaleLowerCase() ?? '';
    if (typed === '' || this.read?.known) return [];
    return this.#known.filter(({ name }) => name.toLocaleLowerCase().startsWith(`${typed} `));
  }

  #draftOf(): PromiseDraft | null {
    const fields = this.#said;
    if (!fields) return null;
    const day = fields.days[0];
    return {
      customer: fields.customer.id,
      customer_name: fields.customer.name,
      parts: [{ what: fields.what, quantity: fields.quantity }],
      due: day ? { ...day, hours: fields.hours } : null,
      total: fields.total,
      received: fields.payment === 'paid' ? fields.total : fields.payment === 'deposit' ? fields.received : null,
      on_account: fields.payment === 'on_account',
      steps: [],
      checklist: [],
      inputs: [],
      phrase: this.phrase.trim(),
      past_is_meant: this.passedIsMeant,
    };
  }

  async #readBack(draft: PromiseDraft): Promise<void> {
    const turn = ++this.#turn;
    try {
      const view = await ask('read_draft', { draft: await this.#complete(draft) });
      // An answer that was overtaken by a newer one is dropped.
      if (turn < this.#answered) return;
      this.#answered = turn;
      this.view = view;
      this.failure = null;
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      this.failure = reason;
    }
  }

  /** Learns which customers the names in a sentence could mean. */
  async #meet(phrase: string, reader: Reader | null): Promise<void> {
    const names = reader?.nameCandidates(phrase).filter((name) => !this.#askedFor.includes(name.toLowerCase())) ?? [];
    this.#askedFor = [...this.#askedFor, ...names.map((name) => name.toLowerCase())];
    const found = await Promise.allSettled(names.map((text) => ask('customers_like', { text })));
    // Without an answer there are only no suggestions.
    for (const customer of found.flatMap((asked) => (asked.status === 'fulfilled' ? asked.value.customers : []))) {
      if (!this.#known.some(({ id }) => id === customer.id)) this.#known = [...this.#known, customer];
    }
  }
}

const ANY_TIME: Hours = { kind: 'any_time' };

function fieldsRead(read: PhraseRead): Fields {
  const { what, quantity, total, received, payment } = read;
  return {
    what,
    quantity,
    customer: { name: read.customer, id: read.known?.id ?? null },
    days: read.readings,
    hours: read.due?.hours ?? ANY_TIME,
    total,
    received,
    payment,
  };
}

/** The field of the bar for a field of a draft, as problems name it. */
function fieldOf(field: string): FieldName | null {
  if (field.endsWith('quantity')) return 'quantity';
  if (field.startsWith('parts')) return 'what';
  if (field.startsWith('customer')) return 'customer';
  if (field === 'due' || field.startsWith('awaits')) return 'days';
  if (field === 'total' || field === 'received') return field;
  return null;
}

const ORDER: FieldName[] = ['what', 'quantity', 'customer', 'days', 'hours', 'total', 'received', 'payment'];

function inOrder(one: FieldName | null, other: FieldName | null): number {
  return ORDER.indexOf(one ?? 'payment') - ORDER.indexOf(other ?? 'payment');
}

/** Whether a field has not been filled yet: while one is still typing that is no mistake. */
function isMissing(fields: Fields | null, field: FieldName): boolean {
  if (!fields) return true;
  if (field === 'what') return fields.what === '';
  if (field === 'customer') return fields.customer.name === '';
  return field === 'days' && fields.days.length === 0;
}
