import type { PromiseList } from './gen/PromiseList';
import type { Route } from './route.svelte';

/** The ways to look at promises. */
export type Way = 'promises' | 'week' | 'calendar' | 'board';

/** Where each of them leads from one list: the week shows all that needs hours, the others the same list. */
export function ways(looked: { list: PromiseList; view: string | null }): Record<Way, Route> {
  // A month and a board have an order of their own.
  const unsorted = { ...looked, list: { ...looked.list, sort: null, descending: false } };
  return {
    promises: { screen: 'promises', ...looked },
    week: { screen: 'week', from: null },
    calendar: { screen: 'calendar', ...unsorted, month: null },
    board: { screen: 'board', ...unsorted },
  };
}
