// Every screen in both colour schemes, at the usual size and in large letters in a small window: it is accessible, it
// does not run out of the window, and nothing in it is cut off.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, go, test, type RunningKept } from './kept';

test.describe.configure({ timeout: 180_000 });

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** As long as the names that real owners write. */
const LONG = 'Three-tier wedding cake with sugar roses for six bridesmaids';
const WHOM = 'Wilhelmina Constantinopoulos-Featherstonehaugh of Snoring';

interface Shop {
  promise: string;
  customer: string;
  offer: string;
  series: string;
  feedback: string;
  recovery: string;
  slip: string;
  cause: string;
}

/** Each screen, by its address and its heading. */
const SCREENS: [string, (shop: Shop) => string, string | RegExp][] = [
  ['Today', () => '#/today', 'Today'],
  ['Promises', () => '#/promises?filter=all', 'Promises'],
  ['Promises, narrowed', () => '#/promises?statuses=open&due_from=2026-11-20&sort=customer', 'Promises'],
  ['Promises, none', () => '#/promises?search=nothing-is-called-so', 'Promises'],
  ['Week', () => '#/week', 'Week'],
  ['Calendar', () => '#/calendar?filter=all', 'Calendar'],
  ['Board', () => '#/board?filter=all', 'Board'],
  ['Promise', ({ promise }) => `#/promise/${promise}`, new RegExp(LONG)],
  ['Customers', () => '#/customers', 'Customers'],
  ['Customer', ({ customer }) => `#/customer/${customer}`, WHOM],
  ['Menu', () => '#/menu', 'Menu'],
  ['Offer', ({ offer }) => `#/offer/${offer}`, LONG],
  ['New offer', () => '#/offer/new', 'New offer'],
  ['Repeating', () => '#/repeating', 'Repeating'],
  ['Series', ({ series }) => `#/series/${series}`, new RegExp(LONG)],
  ['Chores', () => '#/chores', /Chores|Repeating/],
  ['Feedback', () => '#/feedback', 'Feedback'],
  ['What was said', ({ feedback }) => `#/feedback/${feedback}`, /Complaint/],
  ['Recoveries', () => '#/recoveries', 'Recoveries'],
  ['Recovery', ({ recovery }) => `#/recovery/${recovery}`, new RegExp(LONG)],
  ['Causes', () => '#/causes', 'Causes & slips'],
  ['Slip', ({ slip }) => `#/slip/${slip}`, LONG],
  ['Cause', ({ cause }) => `#/cause/${cause}`, new RegExp(LONG)],
  ['Wins', () => '#/wins', 'Wins & ideas'],
  ['Insights', () => '#/insights', 'Insights'],
  ['Insights, nothing', () => '#/insights?from=2020-01-01&to=2020-01-02', 'Insights'],
  ['Review', () => '#/review', 'The week'],
  ['Alerts', () => '#/alerts', 'Alerts'],
  ['Import', () => '#/import', 'Import'],
  ['Backups', () => '#/backups', 'Backups'],
  ['Settings', () => '#/settings', 'Settings'],
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const { width, height, size } of [
    { width: 1280, height: 800, size: 100 },
    { width: 900, height: 600, size: 100 },
    { width: 900, height: 600, size: 150 },
  ]) {
    test.describe(`${colorScheme}, ${width} x ${height}, text at ${size} %`, () => {
      test.use({ colorScheme, viewport: { width, height }, contextOptions: { reducedMotion: 'reduce' } });

      test('every screen is accessible, and nothing of it is cut off', async ({ page, kept }) => {
        await kept.ask('change_settings', { ...(await kept.ask('settings', {})), text_size: size });
        await page.goto(kept.at(''));
        await expect(page.getByRole('heading', { name: 'Welcome to Kept' })).toBeVisible();
        await look(page, 'Welcome');
        const shop = await fill(kept);
        for (const [name, address, heading] of SCREENS) {
          await go(page, address(shop));
          await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
          await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
          await look(page, name);
        }
      });

      test('what lies over a list is accessible, and nothing of it is cut off', async ({ page, kept }) => {
        await kept.ask('change_settings', { ...(await kept.ask('settings', {})), text_size: size });
        await fill(kept);
        for (const [address, rows] of [
          ['#/promises?sort=promise', '[data-index]'],
          ['#/today', '[data-row]'],
        ] as const) {
          await page.goto(kept.at(address));
          await expect(page.locator(rows).first()).toBeVisible();
          await page.keyboard.press('j');
          await page.keyboard.press('x');
          await page.keyboard.press('Shift+J');
          await expect(page.getByRole('toolbar', { name: 'With the chosen promises' })).toBeVisible();
          await look(page, `Chosen, ${address}`);
          await page.keyboard.press('Escape');
          await page.keyboard.press('Space');
          await expect(page.getByRole('complementary', { name: /promise that the keys/ })).toContainText('Customer');
          await look(page, `Peek, ${address}`);
        }
      });
    });
  }
}

/** The made-up shop, and in it the longest names that there are. */
async function fill(kept: RunningKept): Promise<Shop> {
  await kept.ask('look_around', {});
  const draft = { name: LONG, why: `${LONG}. `.repeat(3), parts: [], steps: [], inputs: [LONG], checklist: [LONG] };
  const { offer } = await kept.ask('save_offer', { draft });
  const parts = [LONG, 'cupcakes', `${LONG} without nuts`].map((what) => ({ what, quantity: 120, offer }));
  const total = { minor: 123_456_789, currency: 'USD' as const };
  const due = { day: '2026-11-20', hours: { kind: 'between' as const, from: '15:00', to: '17:30' } };
  const promise = await kept.promise({ what: '', customer_name: WHOM, parts, due, total, received: total } as Draft);
  await kept.ask('block_time', { promise, day: '2026-11-23', from: '10:00', to: '12:00' });
  await kept.ask('add_note', { promise, text: `${LONG} `.repeat(6) });
  const { row } = await kept.ask('promise', { promise });
  const again = await kept.ask('draft_series', { promise });
  const { series } = await kept.ask('save_series', { draft: again, by: 'customer' });
  return { promise, customer: row.customer_id, offer, series, ...(await care(kept, promise)) };
}

/** What was said and done about a promise that was missed. */
async function care(
  kept: RunningKept,
  promise: string,
): Promise<Pick<Shop, 'feedback' | 'recovery' | 'slip' | 'cause'>> {
  const said = { kind: 'complaint' as const, text: `${LONG}. `.repeat(4), from: '', taken_by: WHOM, promise };
  const { feedback } = await kept.ask('take_feedback', { draft: said });
  await kept.ask('hand_on', { feedback, to: `The younger ${WHOM}` });
  const { recovery } = await kept.ask('open_recovery', { promise, steps: [] });
  const draft = { repair: { kind: 'other' as const, what: LONG }, by: '2026-11-30', owner: WHOM };
  await kept.ask('add_repair', { recovery, draft });
  const touching = { offers: [], from: '2026-11-20', to: '2026-12-10', also_delivered: false };
  const { slip } = await kept.ask('record_slip', { kind: 'tool', what: LONG, touching, promises: [] });
  const asked = {
    symptom: LONG,
    whys: [LONG, `${LONG} again`],
    promises: [promise],
    slips: [slip],
    feedback: [feedback],
  };
  const { cause } = await kept.ask('save_cause', { draft: asked });
  await kept.ask('add_win', { draft: { kind: 'praise', what: `${LONG}. `.repeat(3) } });
  await kept.ask('add_idea', { what: `${LONG}. `.repeat(2), from: WHOM });
  await kept.ask('block_by', { promise, what: { kind: 'obstacle', what: LONG } });
  return { feedback, recovery, slip, cause };
}

type Draft = Parameters<RunningKept['promise']>[0];

/** There are no frames in a screen, so that all of it is looked through at once. */
async function look(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode().analyze();
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join('\n')}`,
  );
  expect.soft(found, `${screen}: accessible`).toEqual([]);
  expect.soft(await page.evaluate(tooWide), `${screen}: within the window`).toEqual([]);
  expect.soft(await page.evaluate(cutOff), `${screen}: nothing is cut off`).toEqual([]);
}

/** What is wider than the window, and does not lie in something that is scrolled sideways by design. */
function tooWide(): string[] {
  const scrollsSideways = (element: Element | null): boolean => {
    for (let it = element; it; it = it.parentElement) {
      if (it.scrollWidth > it.clientWidth && /auto|scroll/.test(getComputedStyle(it).overflowX)) return true;
    }
    return false;
  };
  const page = document.querySelector('main .page') ?? document.documentElement;
  const scrolls = [document.documentElement, page].filter((it) => it.scrollWidth > it.clientWidth + 1);
  const out = [...document.querySelectorAll('main :is(a, button, input, select, h1, h2, h3, p, td)')].filter((it) => {
    const { right, left, width } = it.getBoundingClientRect();
    const shown = width > 1 && it.checkVisibility({ visibilityProperty: true });
    return shown && (right > innerWidth + 1 || left < -1) && !scrollsSideways(it.parentElement);
  });
  return [...scrolls, ...out].map(
    (it) => `${it.tagName}.${it.className}: ${(it.textContent ?? '').trim().slice(0, 50)}`,
  );
}

/** Text that does not fit where it stands and is neither shortened with dots nor scrolled. */
function cutOff(): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.textContent?.trim() ?? '';
    const holder = node.parentElement;
    if (words === '' || !holder?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (text.width <= 1) continue;
    for (let it: Element | null = holder; it && it !== document.body; it = it.parentElement) {
      const { overflowX, overflowY, textOverflow, webkitLineClamp, clipPath, position } = getComputedStyle(it);
      if (clipPath !== 'none' || /auto|scroll/.test(overflowX + overflowY)) break;
      if (textOverflow === 'ellipsis' || webkitLineClamp !== 'none') break;
      const box = it.getBoundingClientRect();
      const clips = overflowX === 'hidden' || overflowX === 'clip';
      if (clips && box.width > 1 && (text.right > box.right + 2 || text.bottom > box.bottom + 3)) {
        found.push(`${it.tagName}.${it.className}: ${words.slice(0, 50)}`);
        break;
      }
      if (position === 'fixed') break;
    }
  }
  return found;
}
