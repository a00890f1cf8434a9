import { SvelteMap } from 'svelte/reactivity';
import { ask, on, Refused } from './ask';
import type { PromiseCounts } from './gen/PromiseCounts';
import type { PromiseList } from './gen/PromiseList';
import type { PromiseRow } from './gen/PromiseRow';
import type { SourceCount } from './gen/SourceCount';
import type { ListNames } from './lists';

/** Rows in one page: a screenful and a little more, which comes and is drawn within a frame. */
const PAGE = 30;
/** Pages that are kept; those that were asked for longest ago go first. */
const KEPT = 200;
/** Waiting this long before asking for a page lets a leap through the list pass without asking for all it passes. */
const SETTLES = 40;
/** What is so many rows further on in the direction of a scroll is asked for before it is in sight. */
const AHEAD = 60;

/** A list of any length, of which only the pages that were looked at are here. Rust filters, sorts and counts. */
export class Pages {
  count = $state(0);
  counts = $state.raw<PromiseCounts | null>(null);
  /** How many promises each saved view shows. */
  views = $state.raw<number[]>([]);
  sources = $state.raw<SourceCount[]>([]);
  names = $state.raw<ListNames>({ customer: null, offer: null });
  /** Nothing is spelled as it was searched for: these come close. */
  forgiven = $state(false);
  failure = $state.raw<Refused | null>(null);

  readonly #pages = new SvelteMap<number, PromiseRow[]>();
  /** The pages that are on their way, and those that are in sight. */
  #asked: number[] = [];
  #wanted: number[] = [];
  #query: PromiseList | null = null;
  #turn = 0;
  /** The first row that was in sight at the last look. */
  #top = 0;
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** To be made while a component is set up. `at` is the row that is to be seen first. */
  constructor(query: () => PromiseList, at = 0) {
    let first = pageOf(at);
    $effect(() => {
      this.#query = query();
      this.#wanted = [first];
      first = 0;
      void this.again();
    });
    $effect(() => on('changed', () => void this.again()));
  }

  /** The row at a place of the list; none while its page is not here, which is then asked for. */
  row(index: number): PromiseRow | undefined {
    return this.#pages.get(pageOf(index))?.[index % PAGE];
  }

  /** All rows that are here. */
  get here(): PromiseRow[] {
    return [...this.#pages.values()].flat();
  }

  /** The rows between two places of the list, both with it, also those that are not here. */
  async between(from: number, to: number): Promise<PromiseRow[]> {
    const rows: PromiseRow[] = [];
    while (this.#query !== null && from + rows.length <= to) {
      const limit = Math.min(2 * PAGE, to - from + 1 - rows.length);
      const page = await ask('promises', { ...this.#query, offset: from + rows.length, limit });
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
    if (Math.abs(by) < PAGE) this.#fetchWanted();
    else this.#settling = setTimeout(() => this.#fetchWanted(), SETTLES);
  }

  /** Where a promise stands among the pages that are here; -1 if it is on none of them. */
  indexOf(id: string): number {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * PAGE + at;
    }
    return -1;
  }

  /** Asks anew for what is in sight; what is drawn stays until the answer is there. */
  async again(): Promise<void> {
    const turn = ++this.#turn;
    this.#asked = [];
    const pages = this.#wanted;
    const answers = await Promise.all(pages.map((page) => this.#fetch(page, turn)));
    if (turn !== this.#turn) return;
    this.#pages.clear();
    for (const [i, rows] of answers.entries()) if (rows) this.#pages.set(pages[i] ?? 0, rows);
    this.#fetchWanted();
  }

  #fetchWanted(): void {
    const turn = this.#turn;
    for (const page of this.#wanted) {
      if (this.#pages.has(page) || this.#asked.includes(page)) continue;
      void this.#fetch(page, turn).then((rows) => {
        if (rows && turn === this.#turn) this.#keep(page, rows);
      });
    }
  }

  #keep(page: number, rows: PromiseRow[]): void {
    this.#pages.set(page, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break;
      if (!this.#wanted.includes(oldest)) this.#pages.delete(oldest);
    }
  }

  async #fetch(page: number, turn: number): Promise<PromiseRow[] | null> {
    if (this.#query === null) return null;
    this.#asked.push(page);
    try {
      const answer = await ask('promises', { ...this.#query, offset: page * PAGE, limit: PAGE });
      if (turn !== this.#turn) return null;
      this.count = answer.count;
      // What is the same stays the same: while one scrolls nothing but rows is drawn anew.
      if (differs(answer.counts, this.counts)) this.counts = answer.counts;
      if (differs(answer.views, this.views)) this.views = answer.views;
      if (differs(answer.sources, this.sources)) this.sources = answer.sources;
      const names = { customer: answer.customer, offer: answer.offer };
      if (differs(names, this.names)) this.names = names;
      this.forgiven = answer.forgiven;
      this.failure = null;
      return answer.rows;
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

function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
