import { mount } from 'svelte';
import App from './App.svelte';
import { aheadAnswered } from './lib/ask';
import { shell, wearAsBefore } from './lib/shell.svelte';

wearAsBefore();
void begin();

async function begin(): Promise<void> {
  await aheadAnswered();
  shell.lookAhead();
  const target = document.getElementById('app');
  if (target) mount(App, { target });
}
