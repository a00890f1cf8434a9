import './style/index.css';
import { askAhead } from './lib/ask';

// What the first screen needs is asked for before the screen itself is there: the two come at the same time.
askAhead('shell', {});
askAhead('today', {});
void import('./start').then(({ start }) => start());
