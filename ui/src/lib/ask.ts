import { invoke } from '@tauri-apps/api/core';
import type { AttachedFile } from './gen/AttachedFile';
import type { Code } from './gen/Code';
import type { CommitmentId } from './gen/CommitmentId';
import type { Failure } from './gen/Failure';
import type { OfferedFile } from './gen/OfferedFile';
import type { Problem } from './gen/Problem';
import type { Requests } from './gen/Requests';
import type { TextFile } from './gen/TextFile';

/** A request that was not done. */
export class Refused extends Error implements Failure {
  readonly code: Code;
  readonly problems: Problem[];

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'Refused';
    this.code = failure.code;
    this.problems = failure.problems;
  }
}

/** What Kept says without being asked. */
export interface Events {
  /** Something was changed: the open screen asks again. */
  changed: { revision: number };
  /** A notification was clicked. */
  open_promise: CommitmentId;
  /** Files were dropped on the window. */
  files_offered: OfferedFile[];
  /** A file is held over the window. */
  dropping: boolean;
  /** A line of the system's own menu was chosen: the name of a command. */
  do: string;
  /** The owner closed the window and has not yet said what that should do. */
  ask_close: null;
  /** There are sentences to be said: `takeSayings` has them. */
  sayings: null;
}

/** Asks Kept. Rejects with a `Refused`, and with nothing else. */
export async function ask<N extends keyof Requests>(
  name: N,
  takes: Requests[N]['takes'],
): Promise<Requests[N]['gives']> {
  const early = ahead.get(name);
  if (early?.takes === JSON.stringify(takes)) {
    ahead.delete(name);
    if (isOfNow(early)) return early.coming as Promise<Requests[N]['gives']>;
  }
  try {
    return await send(name, takes);
  } finally {
    // This may have changed what was asked ahead.
    ahead.clear();
  }
}

async function send<N extends keyof Requests>(name: N, takes: Requests[N]['takes']): Promise<Requests[N]['gives']> {
  const answer: Promise<Requests[N]['gives']> = inWindow()
    ? throughWindow('ask', { name, takes })
    : throughServer(name, JSON.stringify(takes));
  underWay.add(answer);
  try {
    return await answer;
  } finally {
    underWay.delete(answer);
  }
}

/** Waits until all that has been asked is answered: what is looked at next stands after what was done before. */
export async function allAnswered(): Promise<void> {
  await Promise.allSettled(underWay);
}

/** Asks for what a screen will ask for, so that the answer is under way while the screen is still made. */
export function askAhead<N extends keyof Requests>(name: N, takes: Requests[N]['takes']): void {
  if (ahead.get(name)?.takes === JSON.stringify(takes)) return;
  const coming = send(name, takes);
  const early: Early = { takes: JSON.stringify(takes), coming, answer: null, asked: performance.now() };
  ahead.set(name, early);
  // Whoever asks for it hears of a failure.
  const here = coming.then((answer) => (early.answer = answer));
  begun = Promise.allSettled([begun, here]).then(() => undefined);
}

/** Waits for what was asked ahead, so that the first screen is drawn once and whole; but not for long. */
export async function aheadAnswered(): Promise<void> {
  const PATIENCE = 150;
  await Promise.race([begun, new Promise((over) => setTimeout(over, PATIENCE))]);
}

/** The answer to what was asked ahead, if it is here already, and whether it is of just now; it is given once. */
export function answeredAhead<N extends keyof Requests>(
  name: N,
  takes: Requests[N]['takes'],
): { answer: Requests[N]['gives']; isOfNow: boolean } | null {
  const early = ahead.get(name);
  if (!early || early.answer === null || early.takes !== JSON.stringify(takes)) return null;
  ahead.delete(name);
  return { answer: early.answer as Requests[N]['gives'], isOfNow: isOfNow(early) };
}

function isOfNow({ asked }: Early): boolean {
  const NOW = 2_000;
  return performance.now() - asked < NOW;
}

/** Hears what Kept says, until the function that is given back is called. */
export function on<E extends keyof Events>(event: E, hears: (what: Events[E]) => void): () => void {
  connect();
  const hearers = heard[event] as Set<(what: Events[E]) => void>;
  hearers.add(hears);
  return () => hearers.delete(hears);
}

/** Lets the owner choose files to bring in; none if she closes the dialog. */
export async function chooseFiles(): Promise<OfferedFile[]> {
  if (inWindow()) return throughWindow('choose_files', {});
  return Promise.all((await chosen('.csv,.txt,.tsv,.zip,.json,.vcf,.ics', true)).map(upload));
}

/** Lets the owner choose a file, to attach, with holidays, or a backup; none if she closes the dialog. */
export async function chooseFile(what: keyof typeof ENDINGS): Promise<OfferedFile | null> {
  if (inWindow()) return throughWindow('choose_file', { what });
  const [file] = await chosen(ENDINGS[what], false);
  return file ? upload(file) : null;
}

const ENDINGS = { to_attach: '', for_holidays: '.ics,text/calendar', to_restore: '.kept-backup' };

/** Whether a folder can be chosen in a dialog: a browser tells no paths, there it has to be typed. */
export const canChooseFolder = inWindow;

/** Lets the owner choose a folder; none if she closes the dialog. */
export async function chooseFolder(title: string): Promise<string | null> {
  return inWindow() ? throughWindow('choose_folder', { title }) : null;
}

/** Saves a text as a file where the owner says, or among the browser's downloads; false if she changes her mind. */
export async function saveText({ name, text }: TextFile): Promise<boolean> {
  if (inWindow()) return throughWindow('save_text', { name, text });
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
  return true;
}

/** What a place is chosen for: a file, or a folder for tables and for a calendar that is kept up to date. */
export type PlaceFor = 'everything' | 'tables' | 'calendar' | 'calendar_folder' | 'customer';

/** Lets the owner say where something is to be written; none if she closes the dialog. A browser has it written beside
 * the server. */
export async function choosePlace(what: PlaceFor, name: string): Promise<OfferedFile | null> {
  if (inWindow()) return throughWindow('choose_place', { what, name });
  const folder = what === 'tables' || what === 'calendar_folder';
  return throughServer(`places?${new URLSearchParams({ name, folder: String(folder) })}`, '');
}

/** Gives a browser what was written to a place; in the window it is where the owner has said. */
export async function fetchPlace({ file, name }: OfferedFile): Promise<void> {
  if (inWindow()) return;
  const query = new URLSearchParams({ file });
  const response = await fetch(`/place?${query}`, { headers: { authorization: `Bearer ${token()}` } });
  if (!response.ok) throw refused(await response.json().catch(() => response.statusText));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Opens the system's print dialog for what the page gives the printer. */
export async function printPage(): Promise<void> {
  if (inWindow()) await throughWindow('print_page', {});
  else window.print();
}

/** One menu of the system's menu bar; groups are set apart by a line. */
export interface BarMenu {
  title: string;
  groups: { name: string; words: string; key: string | null }[][];
  /** Cut, copy and paste belong to it. */
  edits?: boolean;
}

/** Shows what can be done in the system's menu bar; a browser has none. What is chosen comes as `do`. */
export async function showMenuBar(menus: BarMenu[]): Promise<void> {
  if (!inWindow()) return;
  await firstDrawn();
  await throughWindow('show_menu_bar', { menus });
}

/** Does what the owner said that closing the window should do. A browser's tab stays as it is. */
export async function closeWindow(what: 'keep_watching' | 'quit'): Promise<void> {
  if (inWindow()) await throughWindow('close_window', { what });
}

/** What this desktop can do. */
export interface Desktop {
  /** It has a tray, in which Kept shows itself. */
  tray: boolean;
  /** Kept starts when the owner logs in; none if the system does not say. */
  starts_at_login: boolean | null;
  /** Why the key for quick add cannot be had, in words. */
  key_trouble: string | null;
}

/** What this desktop can do; nothing in a browser. */
export async function desktop(): Promise<Desktop | null> {
  return inWindow() ? throughWindow('desktop', {}) : null;
}

/** Starts Kept, hidden, when the owner logs in, or no longer. */
export async function startAtLogin(on: boolean): Promise<void> {
  if (inWindow()) await throughWindow('start_at_login', { on });
}

/** Sentences that came while nobody listened: why a link was not opened. */
export async function takeSayings(): Promise<string[]> {
  if (!inWindow()) return [];
  await firstDrawn();
  return throughWindow('take_sayings', {});
}

/** Makes the small window as high as what is in it. */
export function fitQuickAdd(height: number): void {
  if (inWindow()) void throughWindow('fit_quick_add', { height }).catch(() => undefined);
}

/** Closes the small window. */
export function closeQuickAdd(): void {
  if (inWindow()) void throughWindow('close_quick_add', {}).catch(() => undefined);
}

/** Writes to or calls somebody with the system's program for it: `mailto:maria@example.com`, `tel:+4930123456`. */
export async function reach(link: string): Promise<void> {
  if (!inWindow()) {
    location.assign(link);
    return;
  }
  try {
    await invoke('plugin:opener|open_url', { url: link });
  } catch (reason) {
    const message = `The system did not open “${link}”: it may have no program for it (${String(reason)}).`;
    throw new Refused({ code: 'not_found', message, problems: [] });
  }
}

/** Opens a copy of a file that was attached to a promise with the system's program for it; a browser saves it. */
export async function openFile(promise: CommitmentId, { hash, name }: AttachedFile): Promise<void> {
  if (inWindow()) {
    await throughWindow('open_file', { promise, hash });
    return;
  }
  const query = new URLSearchParams({ promise, hash });
  const response = await fetch(`/file?${query}`, { headers: { authorization: `Bearer ${token()}` } });
  if (!response.ok) throw refused(await response.json().catch(() => response.statusText));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

type Heard = { [E in keyof Events]: Set<(what: Events[E]) => void> };

const underWay = new Set<Promise<unknown>>();
interface Early {
  takes: string;
  coming: Promise<unknown>;
  answer: unknown;
  /** When, as `performance.now()`. */
  asked: number;
}

const ahead = new Map<keyof Requests, Early>();
/** Settled when what was asked for ahead is answered. */
let begun = Promise.resolve();

const heard: Heard = {
  changed: new Set(),
  open_promise: new Set(),
  files_offered: new Set(),
  dropping: new Set(),
  do: new Set(),
  ask_close: new Set(),
  sayings: new Set(),
};

let connected = false;

function connect(): void {
  if (connected) return;
  connected = true;
  if (inWindow()) void listenToWindow();
  else listenToServer();
}

function say<E extends keyof Events>(event: E, what: Events[E]): void {
  // What was asked ahead and not used may not be so any more.
  if (event === 'changed') ahead.clear();
  for (const hears of heard[event]) hears(what);
}

function inWindow(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

async function throughWindow<T>(command: string, takes: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, takes);
  } catch (reason) {
    throw refused(reason);
  }
}

/** The first screen comes first: what it does not need waits for this. */
async function firstDrawn(): Promise<void> {
  await begun;
  await new Promise((drawn) => setTimeout(drawn, 200));
}

/** Until the first screen is drawn nothing happens that it would have to hear of. */
async function listenToWindow(): Promise<void> {
  await firstDrawn();
  const { listen } = await import('@tauri-apps/api/event');
  for (const event of Object.keys(heard) as (keyof Events)[]) {
    void listen<never>(event, ({ payload }) => {
      say(event, payload);
    });
  }
}

async function throughServer<T>(path: string, body: BodyInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/${path}`, { method: 'POST', headers: { authorization: `Bearer ${token()}` }, body });
  } catch {
    throw new Refused({ code: 'busy', message: 'Kept does not answer. Is it still running?', problems: [] });
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refused(answer ?? `${response.status} ${response.statusText}`);
  return answer as T;
}

function listenToServer(): void {
  const events = new EventSource(`/events?token=${encodeURIComponent(token())}`);
  for (const event of Object.keys(heard) as (keyof Events)[]) {
    events.addEventListener(event, ({ data }: MessageEvent<string>) => {
      say(event, JSON.parse(data) as never);
    });
  }
  listenToDrops();
}

/** A browser has no window that takes dropped files: the page takes them. */
function listenToDrops(): void {
  const holdsFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    say('dropping', true);
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) say('dropping', false);
  });
  addEventListener('drop', (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    say('dropping', false);
    const files = [...(event.dataTransfer?.files ?? [])];
    void Promise.all(files.map(upload)).then((offered) => {
      say('files_offered', offered);
    });
  });
}

/** The files that are chosen in the browser's own dialog. */
function chosen(accept: string, several: boolean): Promise<File[]> {
  return new Promise((done) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = several;
    input.accept = accept;
    input.onchange = () => {
      done([...(input.files ?? [])]);
    };
    input.oncancel = () => {
      done([]);
    };
    input.click();
  });
}

function upload(file: File): Promise<OfferedFile> {
  return throughServer(`files?name=${encodeURIComponent(file.name)}`, file);
}

/** The token stands in the address at the first load, and from then on nowhere that can be seen or shared. */
function token(): string {
  const address = new URL(location.href);
  const given = address.searchParams.get('token');
  if (given !== null) {
    sessionStorage.setItem('token', given);
    address.searchParams.delete('token');
    history.replaceState(history.state, '', address);
  }
  return sessionStorage.getItem('token') ?? '';
}

function refused(reason: unknown): Refused {
  if (isFailure(reason)) return new Refused(reason);
  return new Refused({ code: 'bug', message: `Kept made a mistake: ${String(reason)}.`, problems: [] });
}

function isFailure(reason: unknown): reason is Failure {
  return typeof reason === 'object' && reason !== null && 'code' in reason && 'message' in reason;
}
