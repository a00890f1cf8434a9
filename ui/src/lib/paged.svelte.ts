import { SvelteMap } from 'svelte/reactivity';
import { on, Refused } from './ask';

/** Rows in one page. */
const PAGE = 100;
/** Pages that are kept; those that were asked for longest ago go first. */
const KEPT = 60;
/** Waiting this long before asking for a page lets a fast scroll pass without asking for all it passes. */
const SETTLES = 40;

/** A stretch of a list, and how long the whole list is. */
export interface Stretch<R> {
  count: number;
  rows: R[];
}

/** Rows of any kind by their place in a list of any length; only the pages that were looked at are here. */
export class Paged<R, S extends Stretch<R>> {
  /** The last answer, for what it says of the whole list; none before the first. */
  latest = $state.raw<S | null>(null);
  failure = $state.raw<Refused | null>(null);

  readonly #pages = new SvelteMap<number, R[]>();
  #ask: ((offset: number, limit: number) => Promise<S>) | null = null;
  /** The pages that are on their way, and those that are in sight. */
  #asked: number[] = [];
  #wanted: number[] = [];
  #turn = 0;
  #settling: ReturnType<typeof setTimeout> | undefined;

  /**
   * To be made while a component is set up. `asks` gives how a stretch of the list is asked for; it is called again
   * when what it reads changes. `at` is the row that is to be seen first.
   */
  constructor(asks: () => (offset: number, limit: number) => Promise<S>, at = 0) {
    let first = Math.floor(at / PAGE);
    $effect(() => {
      this.#ask = asks();
      this.#wanted = [first];
      first = 0;
      void this.again();
    });
    $effect(() => on('changed', () => void this.again()));
  }

  get count(): number {
    return this.latest?.count ?? 0;
  }

  /** The row at a place of the list; none while its page is not here. */
  row(index: number): R | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Asks for the pages of these rows, if they are not here. */
  look(from: number, to: number): void {
    const pages = Math.floor(Math.max(from, to) / PAGE) - Math.floor(from / PAGE) + 1;
    this.#wanted = Array.from({ length: pages }, (_, i) => Math.floor(from / PAGE) + i);
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#fetchWanted(), this.#pages.size === 0 ? 0 : SETTLES);
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

  #keep(page: number, rows: R[]): void {
    this.#pages.set(page, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break;
      if (!this.#wanted.includes(oldest)) this.#pages.delete(oldest);
    }
  }

  async #fetch(page: number, turn: number): Promise<R[] | null> {
    if (this.#ask === null) return null;
    this.#asked.push(page);
    try {
      const answer = await this.#ask(page * PAGE, PAGE);
      if (turn !== this.#turn) return null;
      this.latest = answer;
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
