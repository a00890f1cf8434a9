import { mount } from 'svelte';
import App from './App.svelte';
import { wearAsBefore } from './lib/shell.svelte';

wearAsBefore();

const target = document.getElementById('app');
if (target) mount(App, { target });
