// Every test has a Kept of its own: the real `serve` on a fresh data folder with a set clock, and the built UI.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { Failure } from '../../ui/src/lib/gen/Failure';
import type { ImportEnd } from '../../ui/src/lib/gen/ImportEnd';
import type { OfferedFile } from '../../ui/src/lib/gen/OfferedFile';
import type { PromiseDraft } from '../../ui/src/lib/gen/PromiseDraft';
import type { Requests } from '../../ui/src/lib/gen/Requests';

export { expect };

/** Saturday, 21 November 2026, 09:41 by the clocks of a shop in universal time. */
export const NOW = '2026-11-21T09:41:00Z';

/** A running Kept, asked as the window asks it. */
export class RunningKept {
  readonly url: string;
  readonly token: string;
  readonly #process: ChildProcess;
  readonly #data: string;
  /** The one that was opened on the same data later. */
  #next: RunningKept | null = null;

  private constructor(process: ChildProcess, data: string, said: { url: string; token: string }) {
    this.#process = process;
    this.#data = data;
    this.url = said.url;
    this.token = said.token;
  }

  static async start(now = NOW, folder?: string): Promise<RunningKept> {
    const data = folder ?? (await mkdtemp(join(tmpdir(), 'kept-e2e-')));
    const program = process.env['KEPT_SERVE'] ?? join(ROOT, 'target/debug/examples/serve');
    const ui = process.env['KEPT_UI'] ?? join(ROOT, 'ui/dist');
    const args = ['--data', data, '--now', now, '--port', '0', '--ui', ui, '--watch'];
    const serve = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: serve.stdout });
    const failed = once(serve, 'exit').then(([code]) => {
      throw new Error(`serve ended with ${String(code)} before it said where it listens.`);
    });
    const [line] = (await Promise.race([once(lines, 'line'), failed])) as [string];
    return new RunningKept(serve, data, JSON.parse(line) as { url: string; token: string });
  }

  /** Kept is closed, and opened again on the same data at another time. */
  async later(now: string): Promise<RunningKept> {
    await this.#end();
    this.#next = await RunningKept.start(now, this.#data);
    return this.#next;
  }

  async stop(): Promise<void> {
    await this.#end();
    await this.#next?.stop();
    await rm(this.#data, { recursive: true, force: true });
  }

  async #end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    // An open page would keep it from ending of its own accord; what it was told is saved.
    this.#process.kill('SIGKILL');
    await ended;
  }

  /** The address that opens a screen. */
  at(hash: string): string {
    return `${this.url}/?token=${this.token}${hash}`;
  }

  async ask<N extends keyof Requests>(name: N, takes: Requests[N]['takes']): Promise<Requests[N]['gives']> {
    return this.#post(name, JSON.stringify(takes)) as Promise<Requests[N]['gives']>;
  }

  /** Makes a promise without the screen. */
  async promise(draft: Partial<PromiseDraft> & { what: string; quantity?: number }): Promise<string> {
    const { what, quantity = 1, ...rest } = draft;
    const done = await this.ask('make_promise', {
      draft: {
        customer_name: 'Maria Silva',
        parts: [{ what, quantity }],
        due: { day: '2026-11-27', hours: { kind: 'at', time: '15:00' } },
        on_account: false,
        steps: [],
        checklist: [],
        inputs: [],
        past_is_meant: true,
        ...rest,
      },
    });
    if (done.promise === null) throw new Error('no promise was made');
    return done.promise;
  }

  /** Offers a file, as if the owner had chosen it. */
  async offer(name: string, text: string): Promise<OfferedFile> {
    return (await this.#post(`files?name=${encodeURIComponent(name)}`, text)) as OfferedFile;
  }

  /** Brings in a file without the screen. */
  async bringIn(name: string, text: string): Promise<ImportEnd> {
    const { file } = await this.offer(name, text);
    const { import: begun } = await this.ask('bring_in', {
      files: [file],
      lead_days: null,
      answers: [],
      payments: [],
      without_backup_is_meant: false,
    });
    let ended: ImportEnd | null = null;
    await expect(async () => {
      ({ ended } = await this.ask('import_progress', { import: begun }));
      expect(ended).not.toBeNull();
    }).toPass();
    return ended as unknown as ImportEnd;
  }

  async #post(path: string, body: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.url}/${path}`, {
      method: 'POST',
      headers,
      body,
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${path}: ${(answer as Failure).message}`);
    return answer;
  }
}

const ROOT = join(__dirname, '../..');

export const FIXTURES = join(ROOT, 'tests/fixtures');

/** A Shopify export with so many unpaid orders, made up. */
export function shopifyOrders(count: number): string {
  const head =
    'Name,Email,Financial Status,Created at,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price,Billing Name';
  const orders = Array.from({ length: count }, (_, at) => {
    const number = at + 1;
    return `#${number},buyer${number}@example.com,pending,2026-11-20 10:00:00 +0000,USD,10.00,1,Oak sign ${number},10.00,Buyer ${number}`;
  });
  return [head, ...orders].join('\n');
}

interface Given {
  kept: RunningKept;
}

/** A test with a Kept of its own, whose page must not log errors. */
export const test = base.extend<Given>({
  // Playwright wants the fixtures that are used named in a pattern, even if there are none.
  // eslint-disable-next-line no-empty-pattern
  kept: async ({}, use) => {
    const kept = await RunningKept.start();
    await use(kept);
    await kept.stop();
  },
  // It stands on Kept, so that it is taken down first.
  page: async ({ page, kept: _ }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await use(page);
    expect(errors).toEqual([]);
  },
});

/** Opens a screen and waits until it has the focus. */
export async function open(page: Page, kept: RunningKept, hash: string, title: string): Promise<void> {
  await page.goto(kept.at(hash));
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeFocused();
  // Keys are for what is there: what was asked for has been answered.
  await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
}

/** Another screen in the same window. */
export async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash);
}

/** Types a sentence into the quick-add bar and waits until Kept has read it back. */
export async function typePromise(page: Page, sentence: string): Promise<void> {
  const bar = page.getByRole('textbox', { name: 'Promise something' });
  await bar.focus();
  await page.keyboard.type(sentence);
  await expect(page.getByRole('group', { name: 'Due' })).toBeVisible();
}

/** What Kept says at the foot of the window, as far as these words are in it. */
export function status(page: Page, words: string | RegExp): Locator {
  return page.getByRole('status').filter({ hasText: words });
}

/** Presses Tab until the focus is on something, as one without a mouse does. */
export async function tabTo(page: Page, target: Locator, most = 80): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}
