import { mount } from 'svelte';
import App from './App.svelte';
import { aheadAnswered } from './lib/ask';
import { shell, wearAsBefore } from './lib/shell.svelte';

/** Draws the window. Not by being loaded: the small window shares what lies in the same file. */
export async function start(): Promise<void> {
  wearAsBefore();
  await aheadAnswered();
  shell.lookAhead();
  const target = document.getElementById('app');
  if (target) mount(App, { target });
}
