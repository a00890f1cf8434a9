// An empty page with the UI library and the styles, and nothing else: what the start of Kept is measured against.

import './style/index.css';
import { mount } from 'svelte';
import Empty from './Empty.svelte';

const target = document.getElementById('app');
if (target) mount(Empty, { target });

// Two frames after it is on the screen, as Today does it.
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('ready')));
