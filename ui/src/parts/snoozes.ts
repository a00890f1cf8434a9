import type { SnoozeFor } from '../lib/gen/SnoozeFor';
import type { MenuItem } from '../lib/menus.svelte';

const KINDS: { until: SnoozeFor; words: string }[] = [
  { until: { kind: 'ten_minutes' }, words: 'For 10 minutes' },
  { until: { kind: 'one_hour' }, words: 'For an hour' },
  { until: { kind: 'this_afternoon' }, words: 'Until this afternoon' },
  { until: { kind: 'tomorrow_at_opening' }, words: 'Until tomorrow’s opening' },
  { until: { kind: 'next_working_day' }, words: 'Until the next working day' },
];

/** For how long an alert can be put off, as a menu; the last asks for a time. */
export function snoozeMenu(snooze: (until: SnoozeFor | null) => void): MenuItem[] {
  return [
    ...KINDS.map(({ until, words }) => ({ words, run: () => snooze(until) })),
    { words: 'Pick a time…', apart: true, run: () => snooze(null) },
  ];
}
