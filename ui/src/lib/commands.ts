import Archive from '@lucide/svelte/icons/archive';
import Bell from '@lucide/svelte/icons/bell';
import BookOpen from '@lucide/svelte/icons/book-open';
import Brush from '@lucide/svelte/icons/brush-cleaning';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import CalendarRange from '@lucide/svelte/icons/calendar-range';
import ChartLine from '@lucide/svelte/icons/chart-line';
import Columns3 from '@lucide/svelte/icons/columns-3';
import CommandIcon from '@lucide/svelte/icons/command';
import Eye from '@lucide/svelte/icons/eye';
import FileDown from '@lucide/svelte/icons/file-down';
import FileUp from '@lucide/svelte/icons/file-up';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import LifeBuoy from '@lucide/svelte/icons/life-buoy';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListIcon from '@lucide/svelte/icons/list';
import MessageSquare from '@lucide/svelte/icons/message-square';
import MessageSquarePlus from '@lucide/svelte/icons/message-square-plus';
import Package from '@lucide/svelte/icons/package';
import Plus from '@lucide/svelte/icons/plus';
import Printer from '@lucide/svelte/icons/printer';
import Redo2 from '@lucide/svelte/icons/redo-2';
import Repeat from '@lucide/svelte/icons/repeat';
import Search from '@lucide/svelte/icons/search';
import Settings from '@lucide/svelte/icons/settings';
import Sprout from '@lucide/svelte/icons/sprout';
import Sun from '@lucide/svelte/icons/sun';
import Undo2 from '@lucide/svelte/icons/undo-2';
import Users from '@lucide/svelte/icons/users';
import type { Action, Doable } from './actions';
import { keysOf } from './actions';
import { beginning } from './beginning.svelte';
import { dialogs } from './dialogs.svelte';
import { doing } from './doing';
import { atHand } from './hand.svelte';
import { isText, type Keys, type Press } from './keys';
import { peek } from './peek.svelte';
import { ways, type Way } from './ways';
import { printing } from './printing.svelte';
import { customers, promises, router } from './route.svelte';
import { said } from './said.svelte';
import { shell } from './shell.svelte';
import { sidebar } from './sidebar.svelte';
import { saveCalendar, saveEverything, saveTables } from './taking-along';

/** One thing that can be done anywhere. */
export interface Command extends Doable {
  group: 'Everywhere' | 'Go' | 'Promise';
  icon: Action['icon'];
  /** What it would do now, where that can be said: `Undo: moved the cake to Friday`. */
  now?: () => string | null;
  /** There is nothing to do while this says no. */
  applies?: () => boolean;
  /** Where something is being typed the system's own is meant. */
  notInText?: boolean;
  run: () => unknown;
}

export const commands: Command[] = [
  {
    name: 'new_promise',
    words: 'Promise something',
    group: 'Everywhere',
    key: 'N',
    icon: Plus,
    run: () => {
      beginning.begin();
    },
  },
  {
    name: 'take_feedback',
    words: 'Take down what a customer says',
    group: 'Everywhere',
    key: 'C',
    icon: MessageSquarePlus,
    run: () => {
      router.go({ screen: 'feedback' }, 'what-they-said');
    },
  },
  {
    name: 'palette',
    words: 'Find or do anything',
    group: 'Everywhere',
    key: 'Ctrl+K',
    icon: CommandIcon,
    run: () => {
      dialogs.openPalette();
    },
  },
  {
    name: 'search',
    words: 'Search promises',
    group: 'Everywhere',
    key: '/',
    icon: Search,
    run: () => {
      sidebar.search();
    },
  },
  {
    name: 'undo',
    words: 'Undo',
    group: 'Everywhere',
    key: 'Ctrl+Z',
    icon: Undo2,
    now: () => told('Undo', shell.view?.undo),
    applies: () => (shell.view?.undo ?? null) !== null,
    notInText: true,
    run: () => said.undo(),
  },
  {
    name: 'redo',
    words: 'Redo',
    group: 'Everywhere',
    key: 'Ctrl+Shift+Z',
    icon: Redo2,
    now: () => told('Redo', shell.view?.redo),
    applies: () => (shell.view?.redo ?? null) !== null,
    notInText: true,
    run: () => said.redo(),
  },
  {
    name: 'print_day',
    words: 'Print the list of today',
    group: 'Everywhere',
    key: 'Ctrl+P',
    icon: Printer,
    run: () => printing.day().catch((reason: unknown) => said.failed(reason)),
  },
  {
    name: 'print_menu',
    words: 'Print the menu',
    group: 'Everywhere',
    key: null,
    icon: Printer,
    run: () => printing.menu().catch((reason: unknown) => said.failed(reason)),
  },
  {
    name: 'back_up',
    words: 'Back up now',
    group: 'Everywhere',
    key: null,
    icon: Archive,
    run: () => doing('backup_now', {}),
  },
  {
    name: 'save_everything',
    words: 'Save everything as a document…',
    group: 'Everywhere',
    key: null,
    icon: FileUp,
    run: saveEverything,
  },
  { name: 'save_tables', words: 'Save tables…', group: 'Everywhere', key: null, icon: FileUp, run: saveTables },
  {
    name: 'save_calendar',
    words: 'Save a calendar…',
    group: 'Everywhere',
    key: null,
    icon: FileUp,
    run: () => saveCalendar(false),
  },
  {
    name: 'keys',
    words: 'All keys',
    group: 'Everywhere',
    key: '?',
    icon: Keyboard,
    run: () => {
      dialogs.keysShown = true;
    },
  },
  {
    name: 'peek',
    words: 'Peek at it, or no longer',
    group: 'Promise',
    key: 'Space',
    icon: Eye,
    applies: () => (atHand.now?.at ?? null) !== null,
    run: () => {
      peek.toggle();
    },
  },
  { name: 'go_today', words: 'Today', group: 'Go', key: 'G T', icon: Sun, run: go({ screen: 'today' }) },
  { name: 'go_promises', words: 'Promises', group: 'Go', key: 'G P', icon: Package, run: go(promises()) },
  { name: 'go_list', words: 'Promises as a list', group: 'Go', key: '1', icon: ListIcon, run: goLooked('promises') },
  { name: 'go_week', words: 'The week', group: 'Go', key: '2', icon: CalendarRange, run: goLooked('week') },
  { name: 'go_calendar', words: 'The calendar', group: 'Go', key: '3', icon: CalendarDays, run: goLooked('calendar') },
  { name: 'go_board', words: 'The board', group: 'Go', key: '4', icon: Columns3, run: goLooked('board') },
  { name: 'go_customers', words: 'Customers', group: 'Go', key: 'G C', icon: Users, run: go(customers()) },
  { name: 'go_menu', words: 'Menu', group: 'Go', key: 'G M', icon: BookOpen, run: go({ screen: 'menu' }) },
  { name: 'go_repeating', words: 'Repeating', group: 'Go', key: 'G R', icon: Repeat, run: go({ screen: 'repeating' }) },
  { name: 'go_chores', words: 'Chores', group: 'Go', key: 'G H', icon: Brush, run: go({ screen: 'chores' }) },
  {
    name: 'go_feedback',
    words: 'Feedback',
    group: 'Go',
    key: 'G F',
    icon: MessageSquare,
    run: go({ screen: 'feedback' }),
  },
  {
    name: 'go_recoveries',
    words: 'Recoveries',
    group: 'Go',
    key: 'G V',
    icon: LifeBuoy,
    run: go({ screen: 'recoveries' }),
  },
  {
    name: 'go_causes',
    words: 'Causes and slips',
    group: 'Go',
    key: 'G U',
    icon: Sprout,
    run: go({ screen: 'causes' }),
  },
  { name: 'go_wins', words: 'Wins and ideas', group: 'Go', key: 'G W', icon: Lightbulb, run: go({ screen: 'wins' }) },
  {
    name: 'go_insights',
    words: 'Insights',
    group: 'Go',
    key: 'G N',
    icon: ChartLine,
    run: go({ screen: 'insights', period: null }),
  },
  {
    name: 'go_review',
    words: 'The weekly review',
    group: 'Go',
    key: 'G Y',
    icon: ListChecks,
    run: go({ screen: 'review' }),
  },
  { name: 'go_alerts', words: 'Alerts', group: 'Go', key: 'G A', icon: Bell, run: go({ screen: 'alerts' }) },
  { name: 'go_import', words: 'Import', group: 'Go', key: 'G I', icon: FileDown, run: go({ screen: 'import' }) },
  { name: 'go_backups', words: 'Backups', group: 'Go', key: 'G B', icon: Archive, run: go({ screen: 'backups' }) },
  { name: 'go_settings', words: 'Settings', group: 'Go', key: 'G S', icon: Settings, run: go({ screen: 'settings' }) },
];

/** What the keys do anywhere. */
export function commandKeys(): Keys {
  return keysOf(commands, ({ applies, notInText, run }, { target }) =>
    (notInText && isText(target)) || applies?.() === false ? false : run(),
  );
}

/** One thing that can be done in a list. The list says how. */
export interface ListStep extends Doable {
  name: ListStepName;
  /** Further keys for those who expect them. */
  also?: string[];
}

export type ListStepName =
  'next' | 'previous' | 'open' | 'all_actions' | 'choose' | 'choose_next' | 'choose_previous' | 'choose_all' | 'filter';

export const listSteps: ListStep[] = [
  { name: 'next', words: 'Next', key: 'J', also: ['ArrowDown'] },
  { name: 'previous', words: 'The one before', key: 'K', also: ['ArrowUp'] },
  { name: 'open', words: 'Open', key: 'Enter' },
  { name: 'all_actions', words: 'Everything that can be done with it', key: 'M' },
  { name: 'choose', words: 'Choose it, or no longer', key: 'X' },
  { name: 'choose_next', words: 'Choose on', key: 'Shift+J', also: ['Shift+ArrowDown'] },
  { name: 'choose_previous', words: 'Choose back', key: 'Shift+K', also: ['Shift+ArrowUp'] },
  { name: 'choose_all', words: 'Choose all', key: 'Ctrl+A' },
  { name: 'filter', words: 'Filter', key: 'F' },
];

/** What the keys do in a list, as far as it knows how. */
export function listKeys(does: Partial<Record<ListStepName, Press>>): Keys {
  const known = listSteps.filter(({ name }) => does[name]);
  const also = known.flatMap((step) => (step.also ?? []).map((key) => ({ ...step, name: `${step.name} ${key}`, key })));
  // In a field Ctrl+A chooses its text.
  return keysOf([...known, ...also] as Doable[], ({ name }, event) =>
    isText(event.target) ? false : does[name.split(' ')[0] as ListStepName]?.(event),
  );
}

/** `Undo: moved the cake to Friday`. */
function told(what: string, change: string | null | undefined): string | null {
  return change ? `${what}: ${change.charAt(0).toLowerCase()}${change.slice(1)}` : null;
}

function go(to: Parameters<typeof router.go>[0]): () => void {
  return () => {
    router.go(to);
  };
}

function goLooked(way: Way): () => void {
  return () => {
    router.go(ways(router.looked)[way]);
  };
}
