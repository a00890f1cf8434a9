import { mount } from 'svelte';
import App from './App.svelte';
import { wearAsBefore } from './lib/shell.svelte';

/** Draws the window. Not by being loaded: the small window shares what lies in the same file. */
export function start(): void {
  wearAsBefore();
  const target = document.getElementById('app');
  if (target) mount(App, { target });
}
