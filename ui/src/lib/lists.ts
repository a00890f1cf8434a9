import type { PromiseList } from './gen/PromiseList';

/** The names of what a list is narrowed to, as the answer says them; none where it is not, or where they are gone. */
export interface ListNames {
  customer: string | null;
  offer: string | null;
}

/** What narrows a list, where nothing does. */
export const WIDE = {
  customer: null,
  statuses: [],
  payments: [],
  sources: [],
  due_from: null,
  due_to: null,
  second_chance: false,
  blocked: false,
  offer: null,
} satisfies Partial<PromiseList>;

/** The list of everything that is owed, the most urgent first: what is said of a list beyond it narrows or orders it. */
export const OWED: PromiseList = { filter: 'open', search: '', ...WIDE, sort: null, descending: false };

/** A list, of which only what is not usual has to be said. */
export function listOf(said: Partial<PromiseList>): PromiseList {
  return { ...OWED, ...said };
}

/** Rows in one page: a screenful and a little more, which comes and is drawn within a frame. */
export const PAGE = 30;

/** What is asked for when a list is shown from its beginning. */
export function beginning(list: PromiseList): PromiseList & { offset: number; limit: number } {
  return { ...list, offset: 0, limit: PAGE };
}

/** The same list without its search, its tab and its order: what the chips show. */
export function narrows(list: PromiseList): boolean {
  return !same(listOf({ ...list, ...WIDE }), list);
}

/** Whether two lists show the same in the same order. */
export function same(a: PromiseList, b: PromiseList): boolean {
  return JSON.stringify(listOf(a), KEYS) === JSON.stringify(listOf(b), KEYS);
}

const KEYS = Object.keys(OWED) as (keyof PromiseList)[];

/** A list as it stands in an address: only what is not usual. */
export function writeList(list: PromiseList, into: URLSearchParams): void {
  for (const key of KEYS) {
    const value = list[key];
    if (JSON.stringify(value ?? null) === JSON.stringify(OWED[key])) continue;
    into.set(key, Array.isArray(value) ? value.join(' ') : String(value));
  }
}

/** A list from an address. What is not understood there is left out; Rust refuses what does not exist. */
export function readList(from: URLSearchParams): PromiseList {
  const said: Record<string, unknown> = {};
  for (const key of KEYS) {
    const text = from.get(key);
    if (text === null) continue;
    const usual = OWED[key];
    said[key] = Array.isArray(usual)
      ? text.split(' ').filter(Boolean)
      : typeof usual === 'boolean'
        ? text === 'true'
        : text;
  }
  return listOf(said);
}
