import { dialogs } from './dialogs.svelte';
import { menus } from './menus.svelte';

/** What one key does: nothing else may happen if it gives true. */
export type Press = (event: KeyboardEvent) => unknown;

/** Keys by name: a letter as it is typed, `Enter`, `ArrowDown`, or with `Ctrl+` before it (Command on a Mac). */
export type Keys = Record<string, Press>;

const layers: Keys[] = [];
let waitsForScreen = 0;

/** Takes part in the keyboard until the function that is given back is called. What was added last goes first. */
export function listenToKeys(keys: Keys): () => void {
  layers.unshift(keys);
  return () => {
    layers.splice(layers.indexOf(keys), 1);
  };
}

/** G begins a two-letter sequence: `G T` is looked up as one key. */
const SEQUENCE_MS = 1_200;

/** Gives a key press to the topmost layer that wants it. Letters count only where nothing is being typed. */
export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const control = event.ctrlKey || event.metaKey;
  if (!control && (isTyping(event.target) || event.altKey)) return;
  if (inDialog()) return;
  const name = nameOf(event, control);
  for (const keys of layers) {
    const does = keys[name];
    if (does && does(event) !== false) {
      event.preventDefault();
      break;
    }
  }
  waitsForScreen = name === 'g' ? event.timeStamp : 0;
}

function nameOf(event: KeyboardEvent, control: boolean): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (control) return `Ctrl+${event.shiftKey ? 'Shift+' : ''}${key}`;
  if (waitsForScreen > 0 && event.timeStamp - waitsForScreen < SEQUENCE_MS) return `g ${key}`;
  return key;
}

/** Whether letters that are typed now go into a field. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=radio], [type=checkbox]), textarea, select'))
  );
}

/** A dialog or menu has the keyboard for itself, also while it is still on its way. */
function inDialog(): boolean {
  if (dialogs.now !== null || menus.now !== null) return true;
  return document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;
}
