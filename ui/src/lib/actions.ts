import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import Check from '@lucide/svelte/icons/check';
import CircleX from '@lucide/svelte/icons/circle-x';
import Coins from '@lucide/svelte/icons/coins';
import Hourglass from '@lucide/svelte/icons/hourglass';
import ListChecks from '@lucide/svelte/icons/list-checks';
import PackageCheck from '@lucide/svelte/icons/package-check';
import Play from '@lucide/svelte/icons/play';
import type { Component } from 'svelte';
import { ask } from './ask';
import { dialogs, type DialogName } from './dialogs.svelte';
import type { Done } from './gen/Done';
import type { PromiseRow } from './gen/PromiseRow';
import type { MenuItem } from './menus.svelte';
import { said } from './said.svelte';

export type ActionName =
  'start_work' | 'hand_over' | 'hand_over_some' | 'move_date' | 'snooze' | 'payment' | 'parts' | 'wait_for' | 'cancel';

/** One thing that can be done with a promise. Buttons, keys, menus and the key sheet are all made from this list. */
export interface Action {
  name: ActionName;
  words: string;
  key: string | null;
  icon: Component;
  /** It takes something away. */
  grave?: boolean;
  /** The promise goes from the lists of what is to be done. */
  ends?: boolean;
  applies: (row: PromiseRow) => boolean;
  run: (row: PromiseRow) => Promise<Done | null>;
}

export const actions: Action[] = [
  {
    name: 'start_work',
    words: 'Start work',
    key: 'S',
    icon: Play,
    applies: (row) => isOpen(row) && (row.status === 'open' || row.status === 'waiting'),
    // Without a version: it is meant for whatever is there now, also right after another key.
    run: ({ id }) => ask('start_work', { promise: id }),
  },
  {
    name: 'hand_over',
    words: 'Handed over',
    key: 'E',
    icon: Check,
    ends: true,
    applies: isOpen,
    run: ({ id }) => ask('hand_over', { promise: id, parts: [], more_is_meant: false }),
  },
  {
    name: 'hand_over_some',
    words: 'Hand over some of it…',
    key: 'O',
    icon: PackageCheck,
    applies: isOpen,
    run: inDialog('hand_over'),
  },
  {
    name: 'move_date',
    words: 'New date…',
    key: 'D',
    icon: CalendarClock,
    applies: isOpen,
    run: inDialog('move_date'),
  },
  {
    name: 'snooze',
    words: 'Snooze its alerts for 1 h',
    key: 'H',
    icon: AlarmClock,
    applies: isOpen,
    run: ({ id }) => ask('snooze_promise', { promise: id, until: { kind: 'one_hour' } }),
  },
  {
    name: 'wait_for',
    words: 'Wait for somebody…',
    key: 'W',
    icon: Hourglass,
    applies: isOpen,
    run: inDialog('wait_for'),
  },
  {
    name: 'payment',
    words: 'Payment…',
    key: '$',
    icon: Coins,
    applies: () => true,
    run: inDialog('payment'),
  },
  {
    name: 'parts',
    words: 'Correct the parts…',
    key: null,
    icon: ListChecks,
    applies: isOpen,
    run: inDialog('parts'),
  },
  {
    name: 'cancel',
    words: 'Call it off…',
    key: null,
    icon: CircleX,
    grave: true,
    ends: true,
    applies: isOpen,
    run: inDialog('cancel'),
  },
];

/** Does one of them, says what was done or why not, and gives whether it was done. */
export async function act(action: Action, row: PromiseRow, lookAgain?: () => void): Promise<Done | null> {
  try {
    const done = await action.run(row);
    if (done) said.done(done);
    return done;
  } catch (reason) {
    said.failed(reason, lookAgain);
    return null;
  }
}

/** The list as a menu. */
export function menuOf(row: PromiseRow, does: (action: Action) => void): MenuItem[] {
  return actions
    .filter((action) => action.applies(row))
    .map((action) => ({
      words: action.words,
      icon: action.icon,
      shortcut: action.key ?? undefined,
      grave: action.grave ?? false,
      apart: action.grave ?? false,
      run: () => {
        does(action);
      },
    }));
}

/** The one thing to do next with a promise. */
export function mainAction(row: PromiseRow): Action | null {
  const first: ActionName = row.place === 'start_now' || row.place === 'paid_idle' ? 'start_work' : 'hand_over';
  const offered = actions.filter((action) => action.applies(row));
  return offered.find(({ name }) => name === first) ?? offered.find(({ name }) => name === 'hand_over') ?? null;
}

function isOpen(row: PromiseRow): boolean {
  return row.status !== 'delivered' && row.status !== 'cancelled';
}

function inDialog(name: DialogName): Action['run'] {
  return ({ id }) => dialogs.open(name, id);
}
