import { askAhead, on } from './ask';
import type { CommitmentId } from './gen/CommitmentId';

/** So long does a promise stay selected before it is thought that it may be opened. */
const MOMENT = 80;

/**
 * Asks for the page of the promise that is selected, while the owner still looks at the list: opened, it is there at
 * once. To be called while a component is set up.
 */
export function expectPromise(selected: () => CommitmentId | null): void {
  let changes = $state(0);
  $effect(() => on('changed', () => (changes += 1)));
  const promise = $derived(selected());
  $effect(() => {
    void changes;
    if (promise === null) return;
    const later = setTimeout(() => askAhead('promise', { promise }), MOMENT);
    return () => clearTimeout(later);
  });
}
