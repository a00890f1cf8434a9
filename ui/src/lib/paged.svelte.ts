import { SvelteMap } from 'svelte/reactivity';
import { on, Refused } from './ask';
import { PAGE } from './lists';

/** Pages that are kept; those that were asked for longest ago go first. */
const KEPT = 200;
/** Waiting this long before asking for a page lets a leap through the list pass without asking for all it passes. */
const SETTLES = 40;
/** What is so many rows further on in the direction of a scroll is asked for before it is in sight. */
const AHEAD = 60;
/** No request gives more rows. */
const ASKED_MOST = 200;

/** So many pixels above and below what is in sight are drawn too: all that is drawn is drawn anew with each letter of a search. */
export const DRAWN_BEYOND = 72;

let longest: number[] = [];

/** The indexes of a list of so many rows: those of the longest list are made once, for lengths change with each letter. */
export function indexesOf(count: number): number[] {
  if (longest.length < count) longest = Array.from({ length: count }, (_, index) => index);
  return longest.slice(0, count);
}

/** A stretch of a list, how long the whole list is, and what else there is to say of the whole. */
export interface Stretch<R> {
  count: number;
  offset: number;
  rows: R[];
}

/** A list of any length, of which only the pages that were looked at are here. Rust filters, sorts and counts. */
export class Paged<R, S extends Stretch<R>> {
  /** What the answers say of the whole list; none before the first. It changes only when they say something else. */
  whole = $state.raw<Omit<S, 'rows' | 'offset'> | null>(null);
  failure = $state.raw<Refused | null>(null);

  readonly #pages = new SvelteMap<number, R[]>();
  #ask: ((offset: number, limit: number) => Promise<S>) | null = null;
  /** The pages that are on their way, and those that are in sight. */
  #asked: number[] = [];
  #wanted: number[] = [];
  #turn = 0;
  /** The first row that was in sight at the last look. */
  #top = 0;
  #settling: ReturnType<typeof setTimeout> | undefined;

  /**
   * To be made while a component is set up. `asks` gives how a stretch of the list is asked for; it is called again
   * when what it reads changes. `at` is the row that is to be seen first.
   */
  constructor(asks: () => (offset: number, limit: number) => Promise<S>, at = 0) {
    let first = pageOf(at);
    $effect(() => {
      this.#ask = asks();
      this.#wanted = [first];
      first = 0;
      void this.again();
    });
    $effect(() => on('changed', () => void this.again()));
  }

  get count(): number {
    return this.whole?.count ?? 0;
  }

  /** The row at a place of the list; none while its page is not here. */
  row(index: number): R | undefined {
    return index < this.count ? this.drawn(index) : undefined;
  }

  /** The same to be drawn: when nothing is left of a list, its rows stay, out of sight, for those that come next. */
  drawn(index: number): R | undefined {
    return this.#pages.get(pageOf(index))?.[index % PAGE];
  }

  /** All rows that are here. */
  get here(): R[] {
    return this.count > 0 ? [...this.#pages.values()].flat() : [];
  }

  /** The rows between two places of the list, both with it, also those that are not here. */
  async between(from: number, to: number): Promise<R[]> {
    const rows: R[] = [];
    while (this.#ask !== null && from + rows.length <= to) {
      const limit = Math.min(ASKED_MOST, to - from + 1 - rows.length);
      const page = await this.#ask(from + rows.length, limit);
      rows.push(...page.rows);
      if (page.rows.length < limit) break;
    }
    return rows;
  }

  /** Asks for the pages of these rows, if they are not here; and for what a scroll will come to next. */
  look(from: number, to: number): void {
    const by = from - this.#top;
    this.#top = from;
    const first = Math.max(0, by < 0 ? from - AHEAD : from);
    const end = Math.max(first, Math.min(by > 0 ? to + AHEAD : to, this.count - 1));
    this.#wanted = [];
    for (let page = pageOf(first); page <= pageOf(end); page++) this.#wanted.push(page);
    clearTimeout(this.#settling);
    if (Math.abs(by) < AHEAD) this.#fetchWanted();
    else this.#settling = setTimeout(() => this.#fetchWanted(), SETTLES);
  }

  /** Asks anew for what is in sight; what is drawn stays until the answer is there. */
  async again(): Promise<void> {
    const turn = ++this.#turn;
    this.#asked = [];
    const pages = this.#wanted;
    const answers = await Promise.all(pages.map((page) => this.#fetch(page, turn)));
    if (turn !== this.#turn) return;
    if (!answers.every((answer) => answer?.count === 0)) this.#pages.clear();
    for (const [i, answer] of answers.entries()) if (answer) this.#keep(pages[i] ?? 0, answer);
    this.#fetchWanted();
  }

  #fetchWanted(): void {
    const turn = this.#turn;
    for (const page of this.#wanted) {
      if (this.#pages.has(page) || this.#asked.includes(page)) continue;
      void this.#fetch(page, turn).then((answer) => {
        if (answer && turn === this.#turn) this.#keep(page, answer);
      });
    }
  }

  /** Takes over an answer, the rows together with what it says of the whole list, so that both are drawn at once. */
  #keep(page: number, { rows, offset, ...whole }: S): void {
    // What is of another stretch is not shown.
    if (offset !== page * PAGE) return;
    // While one scrolls nothing but rows is drawn anew.
    if (JSON.stringify(whole) !== JSON.stringify(this.whole)) this.whole = whole;
    this.failure = null;
    if (whole.count === 0) return;
    this.#pages.set(page, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break;
      if (!this.#wanted.includes(oldest)) this.#pages.delete(oldest);
    }
  }

  async #fetch(page: number, turn: number): Promise<S | null> {
    if (this.#ask === null) return null;
    this.#asked.push(page);
    try {
      return await this.#ask(page * PAGE, PAGE);
    } catch (reason) {
      if (turn === this.#turn && reason instanceof Refused) this.failure = reason;
      return null;
    } finally {
      this.#asked = this.#asked.filter((other) => other !== page);
    }
  }
}

function pageOf(row: number): number {
  return Math.floor(row / PAGE);
}
