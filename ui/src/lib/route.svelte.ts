import { askAhead } from './ask';
import type { CauseId } from './gen/CauseId';
import type { CommitmentId } from './gen/CommitmentId';
import type { CustomerId } from './gen/CustomerId';
import type { CustomerSort } from './gen/CustomerSort';
import type { Day } from './gen/Day';
import type { FeedbackId } from './gen/FeedbackId';
import type { OfferId } from './gen/OfferId';
import type { Period } from './gen/Period';
import type { PromiseFilter } from './gen/PromiseFilter';
import type { PromiseList } from './gen/PromiseList';
import type { RecoveryId } from './gen/RecoveryId';
import type { SeriesId } from './gen/SeriesId';
import type { SlipId } from './gen/SlipId';
import { beginning, listOf, readList, writeList } from './lists';

/** What the window shows. Each has an address, so that back, reload and links work. */
export type Route =
  | { screen: 'today' }
  | ListRoute
  | { screen: 'week'; from: Day | null }
  | { screen: 'promise'; id: CommitmentId }
  | CustomersRoute
  | { screen: 'customer'; id: CustomerId }
  | { screen: 'menu' }
  /** Without an id: one that is still to be written. */
  | { screen: 'offer'; id: OfferId | null }
  | { screen: 'repeating' }
  | { screen: 'series'; id: SeriesId }
  | { screen: 'chores' }
  | { screen: 'feedback' }
  | { screen: 'feedback_page'; id: FeedbackId }
  | { screen: 'recoveries' }
  | { screen: 'recovery'; id: RecoveryId }
  | { screen: 'causes' }
  | { screen: 'cause'; id: CauseId }
  | { screen: 'slip'; id: SlipId }
  | { screen: 'wins' }
  /** Of which days; the last 90 if none are named. */
  | { screen: 'insights'; period: Period | null }
  | { screen: 'review' }
  | { screen: 'alerts' }
  | { screen: 'import' }
  | { screen: 'backups' }
  | { screen: 'settings' };

/** A list of promises, and by which name if it is a saved view. */
export interface PromisesRoute {
  screen: 'promises';
  list: PromiseList;
  view: string | null;
}

/** The same list as a month, by the days on which it is due; the month that it is now if none is named. */
export interface CalendarRoute {
  screen: 'calendar';
  list: PromiseList;
  view: string | null;
  month: Day | null;
}

/** The same list by how far its promises have come. */
export interface BoardRoute {
  screen: 'board';
  list: PromiseList;
  view: string | null;
}

/** A list of promises in one of the ways to look at it. */
export type ListRoute = PromisesRoute | CalendarRoute | BoardRoute;

/** A list of customers. */
export interface CustomersRoute {
  screen: 'customers';
  search: string;
  sort: CustomerSort;
}

export type Screen = Route['screen'];

/** A list of promises, of which only what is not usual has to be said. */
export function promises(list: Partial<PromiseList> = {}, view: string | null = null): PromisesRoute {
  return { screen: 'promises', list: listOf(list), view };
}

/** A list of customers, of which only what is not usual has to be said. */
export function customers(said: Partial<Omit<CustomersRoute, 'screen'>> = {}): CustomersRoute {
  return { screen: 'customers', search: '', sort: 'name', ...said };
}

/** The address of a route, for links. */
export function href(route: Route): string {
  switch (route.screen) {
    case 'promise':
    case 'customer':
    case 'series':
    case 'recovery':
    case 'cause':
    case 'slip':
      return `#/${route.screen}/${encodeURIComponent(route.id)}`;
    case 'feedback_page':
      return `#/feedback/${encodeURIComponent(route.id)}`;
    case 'insights':
      return route.period === null ? '#/insights' : `#/insights?${new URLSearchParams({ ...route.period })}`;
    case 'offer':
      return `#/offer/${encodeURIComponent(route.id ?? 'new')}`;
    case 'customers': {
      const query = new URLSearchParams();
      if (route.search !== '') query.set('search', route.search);
      if (route.sort !== 'name') query.set('sort', route.sort);
      return query.size > 0 ? `#/customers?${query}` : '#/customers';
    }
    case 'promises':
    case 'calendar':
    case 'board': {
      const query = new URLSearchParams();
      writeList(route.list, query);
      if (route.view !== null) query.set('view', route.view);
      if (route.screen === 'calendar' && route.month !== null) query.set('month', route.month);
      return query.size > 0 ? `#/${route.screen}?${query}` : `#/${route.screen}`;
    }
    case 'week':
      return route.from === null ? '#/week' : `#/week/${encodeURIComponent(route.from)}`;
    default:
      return `#/${route.screen}`;
  }
}

class Router {
  now = $state.raw<Route>(read(location.hash));
  /** The list that was shown last: where “back” on a promise leads. */
  list = $state.raw<Route>({ screen: 'today' });
  /** The list of promises that was looked at last: another way to look at promises shows the same. */
  looked = $state.raw<{ list: PromiseList; view: string | null }>({ list: listOf({}), view: null });
  /** What was shown before this. */
  before: Route | null = null;
  /** The id of the element that is to have the focus once the screen is drawn. */
  focus: string | null = null;
  /** An address that is still to be written. */
  #writing: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    addEventListener('hashchange', () => {
      this.#writeNot();
      this.#show(read(location.hash));
    });
    addEventListener('click', (event) => this.#follow(event));
    this.#show(this.now);
  }

  /** Shows a screen, and gives the focus to the element with an id on it. */
  go(route: Route, focus: string | null = null): void {
    this.focus = focus;
    // Not by the address: at the start it is empty, and Today is shown.
    if (href(this.now) === href(route)) {
      this.giveFocus();
      return;
    }
    if (this.#writing !== null) this.#write();
    lookAhead(route);
    // Not through `location`: the browser would first ask whether it may, and tell of it later.
    history.pushState(null, '', href(route));
    this.#show(route);
  }

  /** Follows a link to a screen, unless somebody else has done something with the click. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = event.target instanceof Element && event.target.closest('a')?.getAttribute('href');
    if (!address || !address.startsWith('#/')) return;
    event.preventDefault();
    this.go(read(address));
  }

  /** Gives the focus to what was asked for, if it is there by now. */
  giveFocus(): boolean {
    const wanted = this.focus === null ? null : document.getElementById(this.focus);
    wanted?.focus();
    if (wanted instanceof HTMLInputElement) wanted.select();
    if (wanted) this.focus = null;
    return wanted !== null;
  }

  /**
   * Changes what is shown without a step in the history: for what is typed into a search. The address follows when one
   * pauses, for a browser refuses more than ten of them a second.
   */
  replace(route: Route): void {
    const PAUSE = 200;
    lookAhead(route);
    this.#show(route);
    this.#writeNot();
    this.#writing = setTimeout(() => this.#write(), PAUSE);
  }

  /** Writes where one is now in place of where one was. */
  #write(): void {
    this.#writeNot();
    history.replaceState(history.state, '', href(this.now));
  }

  #writeNot(): void {
    if (this.#writing !== null) clearTimeout(this.#writing);
    this.#writing = null;
  }

  #show(route: Route): void {
    if (route.screen !== this.now.screen) this.before = this.now;
    this.now = route;
    if (LISTS.includes(route.screen)) this.list = route;
    // A month and a board have an order of their own; that of the list is still there when one comes back to it.
    const { sort, descending } = this.looked.list;
    if (route.screen === 'promises') this.looked = { list: route.list, view: route.view };
    else if ('list' in route) this.looked = { list: { ...route.list, sort, descending }, view: route.view };
  }
}

/** Asks for what a screen will ask for, before it is made or drawn anew. */
function lookAhead(route: Route): void {
  if (route.screen === 'promise') askAhead('promise', { promise: route.id });
  if (route.screen === 'promises') askAhead('promises', beginning(route.list));
}

/** The screens that list promises, so that one comes back to them from a promise. */
const LISTS: Screen[] = [
  'today',
  'promises',
  'week',
  'calendar',
  'board',
  'customer',
  'series',
  'alerts',
  'recovery',
  'feedback_page',
  'cause',
  'slip',
  'review',
  'insights',
];

const FILTERS: PromiseFilter[] = ['open', 'overdue', 'this_week', 'paid_idle', 'unpaid', 'closed', 'all'];

const SORTS: CustomerSort[] = ['name', 'newest', 'most_open'];

function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\//, '').split('?');
  const [screen, id] = path.split('/');
  switch (screen) {
    case 'promises':
    case 'calendar':
    case 'board': {
      const asked = new URLSearchParams(query);
      const list = readList(asked);
      const filter = FILTERS.find((known) => known === list.filter) ?? 'open';
      const listed = { list: listOf({ ...list, filter }), view: asked.get('view') };
      return screen === 'calendar' ? { screen, ...listed, month: asked.get('month') } : { screen, ...listed };
    }
    case 'week':
      return { screen, from: id ? decodeURIComponent(id) : null };
    case 'promise':
    case 'customer':
    case 'series':
    case 'recovery':
    case 'cause':
    case 'slip':
      return id ? { screen, id: decodeURIComponent(id) } : { screen: 'today' };
    case 'feedback':
      return id ? { screen: 'feedback_page', id: decodeURIComponent(id) } : { screen };
    case 'insights': {
      const asked = new URLSearchParams(query);
      const [from, to] = [asked.get('from'), asked.get('to')];
      return { screen, period: from && to ? { from, to } : null };
    }
    case 'offer':
      return id ? { screen, id: id === 'new' ? null : decodeURIComponent(id) } : { screen: 'menu' };
    case 'customers': {
      const asked = new URLSearchParams(query);
      const sort = SORTS.find((known) => known === asked.get('sort')) ?? 'name';
      return customers({ search: asked.get('search') ?? '', sort });
    }
    case 'menu':
    case 'repeating':
    case 'chores':
    case 'recoveries':
    case 'causes':
    case 'wins':
    case 'review':
    case 'alerts':
    case 'import':
    case 'backups':
    case 'settings':
      return { screen };
    default:
      return { screen: 'today' };
  }
}

export const router = new Router();
