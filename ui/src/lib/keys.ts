import { dialogs } from './dialogs.svelte';
import { menus } from './menus.svelte';

/** What one key does: nothing else may happen if it gives anything but false. */
export type Press = (event: KeyboardEvent) => unknown;

/**
 * Keys by name: a letter as it is typed, `Enter`, `ArrowDown`; with `Shift+` before it where it is no sign, with `Ctrl+`
 * (Command on a Mac), or after a G: `g t`. The space bar is `Space`.
 */
export type Keys = Record<string, Press>;

const layers: (() => Keys)[] = [];
let waitsForScreen = 0;

/** Takes part in the keyboard until the function that is given back is called. What was added last goes first. */
export function listenToKeys(keys: Keys | (() => Keys)): () => void {
  const layer = typeof keys === 'function' ? keys : () => keys;
  layers.unshift(layer);
  return () => {
    layers.splice(layers.indexOf(layer), 1);
  };
}

/** G begins a two-letter sequence: `G T` is looked up as one key. */
const SEQUENCE_MS = 1_200;

/** Gives a key press to the topmost layer that wants it. Letters count only where nothing is being typed. */
export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const control = event.ctrlKey || event.metaKey;
  if (!control && (isTyping(event.target) || event.altKey)) return;
  if (typesAhead(event, control)) return event.preventDefault();
  if (inDialog() || pressesIt(event)) return;
  const name = nameOf(event, control);
  for (const layer of layers) {
    const does = layer()[name];
    if (does && does(event) !== false) {
      event.preventDefault();
      break;
    }
  }
  waitsForScreen = name === 'g' ? event.timeStamp : 0;
}

/** A key as it is written on the screen (`Ctrl+Z`, `G T`, `Esc`), by the name under which it is pressed. */
export function pressed(key: string): string {
  const at = Math.max(key.lastIndexOf('+', key.length - 2), key.lastIndexOf(' ')) + 1;
  const bare = key.slice(at);
  const name = bare === 'Esc' ? 'Escape' : bare.length === 1 ? bare.toLowerCase() : bare;
  return (key.startsWith('G ') ? 'g ' : key.slice(0, at)) + name;
}

/** Whether something can be typed here, so that the system's own undo is meant. */
export function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=radio], [type=checkbox]), textarea');
}

/** What is typed before the palette has come up is meant for it. */
function typesAhead(event: KeyboardEvent, control: boolean): boolean {
  if (!dialogs.paletteShown || control || isText(event.target)) return false;
  if (event.key.length === 1) dialogs.paletteText += event.key;
  return event.key.length === 1 || event.key === 'Enter';
}

function nameOf(event: KeyboardEvent, control: boolean): string {
  const letter = event.key.length === 1 && event.key !== ' ';
  const key = letter ? event.key.toLowerCase() : event.key === ' ' ? 'Space' : event.key;
  // Shift makes another sign of a sign; of a letter or an arrow it makes another key.
  const shift = event.shiftKey && (control || !letter || /^[a-z]$/.test(key)) ? 'Shift+' : '';
  if (control) return `Ctrl+${shift}${key}`;
  if (waitsForScreen > 0 && event.timeStamp - waitsForScreen < SEQUENCE_MS) return `g ${key}`;
  return shift + key;
}

/** Whether letters that are typed now go into a field. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || isText(target) || target.matches('select'));
}

/** The space bar presses a button or a box that has the focus. */
function pressesIt({ key, target }: KeyboardEvent): boolean {
  return (
    key === ' ' && target instanceof HTMLElement && target.matches('button, summary, input, select, [role=button]')
  );
}

/** A dialog or menu has the keyboard for itself, also while it is still on its way. */
export function inDialog(): boolean {
  if (dialogs.now !== null || dialogs.paletteShown || menus.now !== null) return true;
  return document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;
}
