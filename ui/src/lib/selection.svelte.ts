/**
 * The one selected row of a list, by id. It outlives new answers: when its row is gone the next one takes its place,
 * never the first of the list.
 */
export class Selection {
  id = $state<string | null>(null);
  #order: string[] = [];

  /** Takes the order of the rows as they are now drawn. */
  follow(order: string[]): void {
    const before = this.#order;
    this.#order = order;
    if (this.id !== null && order.includes(this.id)) return;
    const stood = this.id === null ? 0 : before.indexOf(this.id);
    const heir = before.slice(stood + 1).find((id) => order.includes(id));
    this.id = heir ?? order[Math.min(stood, order.length - 1)] ?? null;
  }

  /** Selects the row so many places further on; gives it, or nothing at the ends of the list. */
  move(by: number): string | null {
    const at = this.id === null ? -1 : this.#order.indexOf(this.id);
    const next = this.#order[Math.max(0, at + by)] ?? null;
    if (next !== null) this.id = next;
    return next;
  }
}

/** Gives the focus to the link of a row; not to that of one that is folding away. */
export function focusRow(id: string | null): void {
  if (id === null) return;
  document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]:not([inert]) [data-open]`)?.focus();
}

/** The row that holds the focus; none if it is elsewhere, or in a row that is folding away. */
export function rowWithFocus(): string | null {
  return document.activeElement?.closest<HTMLElement>('[data-row]:not([inert])')?.dataset['row'] ?? null;
}
