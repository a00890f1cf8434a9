// The small window in which something is promised while another program is in front.

import './style/index.css';
import { mount } from 'svelte';
import { wearAsBefore } from './lib/shell.svelte';
import QuickAddWindow from './QuickAddWindow.svelte';

wearAsBefore();

const target = document.getElementById('app');
if (target) mount(QuickAddWindow, { target });
