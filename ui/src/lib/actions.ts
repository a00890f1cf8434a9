import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import BellPlus from '@lucide/svelte/icons/bell-plus';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import Check from '@lucide/svelte/icons/check';
import CircleX from '@lucide/svelte/icons/circle-x';
import Coins from '@lucide/svelte/icons/coins';
import Hourglass from '@lucide/svelte/icons/hourglass';
import ListChecks from '@lucide/svelte/icons/list-checks';
import MessageSquare from '@lucide/svelte/icons/message-square';
import PackageCheck from '@lucide/svelte/icons/package-check';
import Play from '@lucide/svelte/icons/play';
import Printer from '@lucide/svelte/icons/printer';
import type { Component } from 'svelte';
import { ask, Refused } from './ask';
import { asksFirst, NOT_MEANT } from './meant';
import { dialogs, type DialogName, type ManyDialogName } from './dialogs.svelte';
import type { BulkDeed } from './gen/BulkDeed';
import type { Done } from './gen/Done';
import type { PromiseRow } from './gen/PromiseRow';
import type { Keys } from './keys';
import { pressed } from './keys';
import type { MenuItem } from './menus.svelte';
import { printing } from './printing.svelte';
import { said } from './said.svelte';
import { shell } from './shell.svelte';

export type ActionName =
  | 'start_work'
  | 'hand_over'
  | 'hand_over_some'
  | 'move_date'
  | 'snooze'
  | 'tell'
  | 'remind'
  | 'payment'
  | 'parts'
  | 'wait_for'
  | 'cancel'
  | 'packing_slip'
  | 'address_label';

/** Anything that can be done by a key, a menu or the palette; the key sheet shows them all. */
export interface Doable {
  /** By which the owner's own key for it is kept. */
  name: string;
  words: string;
  /** Its usual key: `S`, `Ctrl+K`, `G T`. */
  key: string | null;
}

/** One thing that can be done with a promise. Buttons, keys, menus, the palette and the key sheet are made of this list. */
export interface Action extends Doable {
  name: ActionName;
  icon: Component<{ size?: number | string; strokeWidth?: number | string }>;
  /** It takes something away. */
  grave?: boolean;
  /** The promise goes from the lists of what is to be done. */
  ends?: boolean;
  applies: (row: PromiseRow) => boolean;
  run: (row: PromiseRow) => Promise<Done | null>;
  /** The same with several at once; nothing where it asks about one. */
  many?: (rows: PromiseRow[]) => Promise<Done | null>;
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
    many: atOnce({ kind: 'start_work' }),
  },
  {
    name: 'hand_over',
    words: 'Handed over',
    key: 'E',
    icon: Check,
    ends: true,
    applies: isOpen,
    run: handOver,
    many: atOnce({ kind: 'hand_over' }),
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
    many: inManyDialog('move_date'),
  },
  {
    name: 'snooze',
    words: 'Snooze alerts for 1 h',
    key: 'H',
    icon: AlarmClock,
    applies: isOpen,
    run: snooze,
    many: atOnce({ kind: 'snooze', until: { kind: 'one_hour' } }),
  },
  {
    name: 'remind',
    words: 'Remind me…',
    key: 'R',
    icon: BellPlus,
    applies: isOpen,
    run: inDialog('reminder'),
  },
  {
    name: 'wait_for',
    words: 'Wait for somebody…',
    key: 'W',
    icon: Hourglass,
    applies: isOpen,
    run: inDialog('wait_for'),
    many: inManyDialog('wait_for'),
  },
  {
    name: 'tell',
    words: 'Tell the customer…',
    key: 'T',
    icon: MessageSquare,
    applies: () => true,
    run: inDialog('tell'),
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
    name: 'packing_slip',
    words: 'Print the packing slip',
    key: 'P',
    icon: Printer,
    applies: () => true,
    run: async ({ id }) => (await printing.slip(id), null),
  },
  {
    name: 'address_label',
    words: 'Print the address label',
    key: null,
    icon: Printer,
    applies: () => true,
    run: async ({ id }) => (await printing.label(id), null),
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
    many: inManyDialog('cancel'),
  },
];

/** The key of an action: the owner's own, or its usual one; none if it was taken away. */
export function keyOf({ name, key }: Doable): string | null {
  const own = shell.view?.keys[name];
  return own === undefined ? key : own || null;
}

/** What each key does, for `listenToKeys`. The owner's own keys go before usual ones that are the same. */
export function keysOf<D extends Doable>(all: D[], does: (one: D, event: KeyboardEvent) => unknown): Keys {
  const keys: Keys = {};
  const isOwn = ({ name }: D) => shell.view?.keys[name] !== undefined;
  for (const one of [...all.filter((one) => !isOwn(one)), ...all.filter(isOwn)]) {
    const key = keyOf(one);
    if (key) keys[pressed(key)] = (event) => does(one, event);
  }
  return keys;
}

/** What can be done with one promise, or with all of several together. */
export function offered(rows: PromiseRow[]): Action[] {
  const applies = (action: Action) => rows.some((row) => action.applies(row));
  return actions.filter((action) => applies(action) && (rows.length === 1 || action.many));
}

/** Does one of them, says what was done or why not, and gives whether it was done. */
export async function act(action: Action, rows: PromiseRow[], lookAgain?: () => void): Promise<Done | null> {
  const [row, ...others] = rows;
  if (!row) return null;
  try {
    const done = others.length > 0 ? await action.many?.(rows) : await action.run(row);
    if (done) said.done(done);
    return done ?? null;
  } catch (reason) {
    said.failed(reason, lookAgain);
    return null;
  }
}

/** The list as a menu. */
export function menuOf(rows: PromiseRow[], does: (action: Action) => void): MenuItem[] {
  return offered(rows).map((action) => ({
    words: action.words,
    icon: action.icon,
    shortcut: keyOf(action) ?? undefined,
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
  const all = offered([row]);
  return all.find(({ name }) => name === first) ?? all.find(({ name }) => name === 'hand_over') ?? null;
}

/** One action by its name. */
export function action(name: ActionName): Action {
  return actions.find((candidate) => candidate.name === name) as Action;
}

function isOpen(row: PromiseRow): boolean {
  return row.status !== 'delivered' && row.status !== 'cancelled';
}

/** All that is left. Where Kept asks first whether it is meant, the question stands in the dialog. */
async function handOver({ id }: PromiseRow): Promise<Done | null> {
  try {
    return await ask('hand_over', { promise: id, parts: [], links: [], files: [], ...NOT_MEANT });
  } catch (reason) {
    if (reason instanceof Refused && reason.problems.some(({ field }) => field in NOT_MEANT)) {
      return dialogs.open('hand_over', id);
    }
    throw reason;
  }
}

/** For an hour. What was put off twice already is asked about in a dialog. */
async function snooze({ id }: PromiseRow): Promise<Done | null> {
  try {
    return await ask('snooze_promise', { promise: id, until: { kind: 'one_hour' }, again_is_meant: false });
  } catch (reason) {
    if (asksFirst(reason)) return dialogs.open('put_off_again', id);
    throw reason;
  }
}

function inDialog(name: DialogName): Action['run'] {
  return ({ id }) => dialogs.open(name, id);
}

function inManyDialog(name: ManyDialogName): Action['many'] {
  return (rows) => dialogs.openMany(name, rows);
}

function atOnce(deed: BulkDeed): Action['many'] {
  return (rows) => ask('bulk', { promises: rows.map(({ id }) => id), deed });
}
