import type { Action } from './actions';
import type { CommitmentId } from './gen/CommitmentId';
import type { PromiseRow } from './gen/PromiseRow';

/** The promises that keys, menus and the palette act upon: the chosen ones of a list, or the one that is looked at. */
export interface Hand {
  rows: PromiseRow[];
  /** The one that the keys are at, which can be peeked at; none where it is open already. */
  at: CommitmentId | null;
  does: (action: Action) => unknown;
}

/** What the open screen has at hand. */
class AtHand {
  #screens = $state.raw<(() => Hand | null)[]>([]);

  /** Lets a screen say what it has at hand, until the function that is given back is called. */
  hold(hand: () => Hand | null): () => void {
    this.#screens = [hand, ...this.#screens];
    return () => {
      this.#screens = this.#screens.filter((other) => other !== hand);
    };
  }

  get now(): Hand | null {
    const hand = this.#screens[0]?.() ?? null;
    return hand && (hand.rows.length > 0 || hand.at !== null) ? hand : null;
  }
}

export const atHand = new AtHand();
