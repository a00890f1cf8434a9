import type { CommitmentId } from './gen/CommitmentId';
import type { PromiseFilter } from './gen/PromiseFilter';

/** What the window shows. Each has an address, so that back, reload and links work. */
export type Route =
  | { screen: 'today' }
  | { screen: 'promises'; filter: PromiseFilter; search: string }
  | { screen: 'promise'; id: CommitmentId }
  | { screen: 'alerts' }
  | { screen: 'import' }
  | { screen: 'settings' };

export type Screen = Route['screen'];

/** The address of a route, for links. */
export function href(route: Route): string {
  switch (route.screen) {
    case 'promise':
      return `#/promise/${encodeURIComponent(route.id)}`;
    case 'promises': {
      const query = new URLSearchParams();
      if (route.filter !== 'open') query.set('filter', route.filter);
      if (route.search !== '') query.set('search', route.search);
      return query.size > 0 ? `#/promises?${query}` : '#/promises';
    }
    default:
      return `#/${route.screen}`;
  }
}

class Router {
  now = $state.raw<Route>(read(location.hash));
  /** The list that was shown last: where “back” on a promise leads. */
  list = $state.raw<Route>({ screen: 'today' });
  /** What was shown before this. */
  before: Route | null = null;
  /** The id of the element that is to have the focus once the screen is drawn. */
  focus: string | null = null;

  constructor() {
    addEventListener('hashchange', () => {
      this.#show(read(location.hash));
    });
    this.#show(this.now);
  }

  /** Shows a screen, and gives the focus to the element with an id on it. */
  go(route: Route, focus: string | null = null): void {
    this.focus = focus;
    // Not by the address: at the start it is empty, and Today is shown.
    if (href(this.now) === href(route)) this.giveFocus();
    else location.hash = href(route);
  }

  /** Gives the focus to what was asked for, if it is there by now. */
  giveFocus(): boolean {
    const wanted = this.focus === null ? null : document.getElementById(this.focus);
    wanted?.focus();
    if (wanted instanceof HTMLInputElement) wanted.select();
    if (wanted) this.focus = null;
    return wanted !== null;
  }

  /** Changes the address without a step in the history: for what is typed into a search. */
  replace(route: Route): void {
    history.replaceState(history.state, '', href(route));
    this.#show(route);
  }

  #show(route: Route): void {
    if (route.screen !== this.now.screen) this.before = this.now;
    this.now = route;
    if (route.screen === 'today' || route.screen === 'promises' || route.screen === 'alerts') this.list = route;
  }
}

const FILTERS: PromiseFilter[] = ['open', 'overdue', 'this_week', 'paid_idle', 'unpaid', 'closed', 'all'];

function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\//, '').split('?');
  const [screen, id] = path.split('/');
  switch (screen) {
    case 'promises': {
      const asked = new URLSearchParams(query);
      const filter = FILTERS.find((known) => known === asked.get('filter')) ?? 'open';
      return { screen, filter, search: asked.get('search') ?? '' };
    }
    case 'promise':
      return id ? { screen, id: decodeURIComponent(id) } : { screen: 'today' };
    case 'alerts':
    case 'import':
    case 'settings':
      return { screen };
    default:
      return { screen: 'today' };
  }
}

export const router = new Router();
