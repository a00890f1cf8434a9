import { untrack } from 'svelte';
import { answeredAhead, ask, on, Refused } from './ask';
import type { Requests } from './gen/Requests';

type Takes<N extends keyof Requests> = Requests[N]['takes'];
type Gives<N extends keyof Requests> = Requests[N]['gives'];

/** The last answers that are drawn at once when their screen comes back, until a newer one is there. */
const remembered: Partial<Record<keyof Requests, unknown>> = {};

/**
 * The answer to a request, kept fresh while its component lives: asked again when what is asked for changes and
 * when Kept says that something changed. The last answer stays on screen until the next one is there.
 */
export class Asked<N extends keyof Requests> {
  view = $state.raw<Gives<N> | null>(null);
  failure = $state.raw<Refused | null>(null);

  readonly #name: N;
  readonly #remember: boolean;
  #takes: Takes<N> | null = null;
  #latest = 0;
  #answered = 0;

  /** To be made while a component is set up. `takes` gives nothing while there is nothing to ask. */
  constructor(name: N, takes: () => Takes<N> | null, { remember = false } = {}) {
    this.#name = name;
    this.#remember = remember;
    if (remember) this.view = (remembered[name] as Gives<N> | undefined) ?? null;
    const first = untrack(takes);
    let early = first === null ? null : answeredAhead(name, first);
    if (early !== null) this.#show(early.answer);
    $effect(() => {
      this.#takes = takes();
      if (early === null) void this.again();
      else if (!early.isOfNow) requestAnimationFrame(() => setTimeout(() => void this.again()));
      early = null;
    });
    $effect(() => on('changed', () => void this.again()));
  }

  /** Asks again. */
  async again(): Promise<void> {
    if (this.#takes === null) return;
    const turn = ++this.#latest;
    try {
      const view = await ask(this.#name, this.#takes);
      // An answer that was overtaken by a newer one is dropped.
      if (turn < this.#answered) return;
      this.#answered = turn;
      this.#show(view);
    } catch (reason) {
      if (turn === this.#latest && reason instanceof Refused) this.failure = reason;
    }
  }

  #show(view: Gives<N>): void {
    this.view = view;
    if (this.#remember) remembered[this.#name] = view;
    this.failure = null;
  }
}
