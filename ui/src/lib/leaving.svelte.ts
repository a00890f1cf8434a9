import { SvelteMap } from 'svelte/reactivity';
import type { CommitmentId } from './gen/CommitmentId';
import type { Place } from './gen/Place';
import type { PromiseRow } from './gen/PromiseRow';
import type { TodaySection } from './gen/TodaySection';

/** How long a row that is done stays to be seen, ticked, before it folds away. */
const STAYS = 1_200;

interface Left {
  row: PromiseRow;
  section: Place;
  /** Its place in that section. */
  at: number;
}

/**
 * Rows that are done and not yet gone. They are painted as done at once, before the answer is there; they stay where
 * they were for a moment, whatever Rust's newer answer says, and come back as they were if it was refused.
 */
export class Leaving {
  readonly #rows = new SvelteMap<CommitmentId, Left>();

  has(id: CommitmentId): boolean {
    return this.#rows.has(id);
  }

  /** Paints a row as ended; it folds after a moment. */
  leave(sections: TodaySection[], row: PromiseRow, place: 'delivered' | 'cancelled'): void {
    const section = sections.find(({ rows }) => rows.some(({ id }) => id === row.id));
    if (!section) return;
    const at = section.rows.findIndex(({ id }) => id === row.id);
    this.#rows.set(row.id, { row: { ...row, place, status: place }, section: section.place, at });
    setTimeout(() => this.#rows.delete(row.id), STAYS);
  }

  /** It was refused after all. */
  stay(id: CommitmentId): void {
    this.#rows.delete(id);
  }

  /** The sections as they are to be drawn. */
  among(sections: TodaySection[]): TodaySection[] {
    if (this.#rows.size === 0) return sections;
    const left = [...this.#rows.values()];
    const drawn = sections.map((section) => {
      const rows = section.rows.filter(({ id }) => !this.#rows.has(id));
      for (const { row, at } of left.filter((leaver) => leaver.section === section.place)) rows.splice(at, 0, row);
      return { ...section, rows };
    });
    return drawn.filter(({ rows }) => rows.length > 0);
  }
}
