import { MediaQuery } from 'svelte/reactivity';
import { promises, router, type Screen } from './route.svelte';

/** The screens with a search box of their own. */
const SEARCHED: Screen[] = ['promises', 'calendar', 'board', 'customers', 'menu'];

/** The sidebar: in words when the window is wide, in signs when it is not, and drawn out on demand when it is narrow. */
class Sidebar {
  drawn = $state(false);
  readonly #wide = new MediaQuery('(min-width: 1100px)');
  readonly #narrow = new MediaQuery('(max-width: 599px)');

  /** Its words are in sight. */
  get words(): boolean {
    return this.#wide.current || this.#narrow.current;
  }

  /** It is hidden until it is drawn out. */
  get narrow(): boolean {
    return this.#narrow.current;
  }

  draw(): void {
    this.drawn = true;
    requestAnimationFrame(() => document.querySelector<HTMLElement>('#sidebar a')?.focus());
  }

  close(): void {
    if (!this.drawn) return;
    this.drawn = false;
    document.getElementById('menu-button')?.focus();
  }

  /** Goes to the search box of the list that is shown, or to that of the promises. */
  search(): void {
    const here = router.now;
    router.go(SEARCHED.includes(here.screen) ? here : promises({ filter: 'all' }), 'search');
  }
}

export const sidebar = new Sidebar();
