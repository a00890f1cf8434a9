import { SvelteMap } from 'svelte/reactivity';
import type { CommitmentId } from './gen/CommitmentId';
import type { PromiseRow } from './gen/PromiseRow';

/** So many promises are changed at once; Rust takes no more. */
export const CHOSEN_MOST = 500;

/** The promises of a list that were chosen, to do one thing with all of them. They stay chosen while one scrolls. */
export class Chosen {
  readonly #rows = new SvelteMap<CommitmentId, PromiseRow>();

  get rows(): PromiseRow[] {
    return [...this.#rows.values()];
  }

  get count(): number {
    return this.#rows.size;
  }

  has(id: CommitmentId): boolean {
    return this.#rows.has(id);
  }

  toggle(row: PromiseRow): void {
    if (!this.#rows.delete(row.id)) this.add([row]);
  }

  add(rows: PromiseRow[]): void {
    for (const row of rows) if (this.#rows.size < CHOSEN_MOST) this.#rows.set(row.id, row);
  }

  remove(id: CommitmentId): void {
    this.#rows.delete(id);
  }

  /** One step of choosing on from row to row; going back over those that are chosen leaves them out again. */
  extend(from: PromiseRow, to: PromiseRow): void {
    if (this.has(from.id) && this.has(to.id)) this.remove(from.id);
    else this.add([from, to]);
  }

  /** Leaves out all that are not among these. */
  keep(rows: PromiseRow[]): void {
    for (const id of [...this.#rows.keys()]) if (!rows.some((row) => row.id === id)) this.#rows.delete(id);
  }

  /** Takes over how they now stand, as far as they are in sight. */
  refresh(rows: PromiseRow[]): void {
    for (const row of rows) {
      const known = this.#rows.get(row.id);
      if (known && known.version !== row.version) this.#rows.set(row.id, row);
    }
  }

  clear(): void {
    this.#rows.clear();
  }
}
