import { actions, keyOf, type Doable } from './actions';
import type { BarMenu } from './ask';
import { commands } from './commands';

/** The system's menu bar, made of what can be done. It changes with the owner's own keys alone. */
export function menuBar(): BarMenu[] {
  const everywhere = (...names: string[]) => commands.filter(({ name }) => names.includes(name)).map(entry);
  const group = (wanted: string) => commands.filter(({ group }) => group === wanted).map(entry);
  const grave = (is: boolean) => actions.filter((action) => (action.grave ?? false) === is).map(entry);
  return [
    {
      title: 'File',
      groups: [
        everywhere('new_promise', 'palette', 'search'),
        everywhere('print_day', 'print_menu'),
        everywhere('back_up', 'save_everything', 'save_tables', 'save_calendar'),
        [{ name: 'quit', words: 'Quit Kept', key: null }],
      ],
    },
    { title: 'Edit', groups: [everywhere('undo', 'redo')], edits: true },
    { title: 'Go', groups: [group('Go')] },
    { title: 'Promise', groups: [group('Promise'), grave(false), grave(true)] },
    { title: 'Help', groups: [everywhere('keys')] },
  ];
}

/** Undo and redo keep their keys to themselves: in a field the system's own is meant. */
function entry(one: Doable): BarMenu['groups'][number][number] {
  const key = keyOf(one);
  const inTheBar = key?.startsWith('Ctrl+') === true && one.name !== 'undo' && one.name !== 'redo';
  return { name: one.name, words: one.words, key: inTheBar ? key : null };
}
