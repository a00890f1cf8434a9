// What the printer gets: the right words on it, black on white, and nothing of the screen.

import type { Locator, Page } from '@playwright/test';
import { expect, open, test, type RunningKept } from './kept';

test.use({ colorScheme: 'dark' });

test.beforeEach(async ({ page, kept }) => {
  // The system's dialog is not part of the page.
  await page.addInitScript(() => {
    window.print = () => undefined;
  });
  await kept.ask('change_settings', { ...(await kept.ask('settings', {})), business: 'The Corner Bakery' });
});

test('a packing slip says what is in this parcel and what is still to come, over several pages', async ({
  page,
  kept,
}) => {
  const parts = Array.from({ length: 60 }, (_, at) => ({ what: `tart no. ${at + 1}`, quantity: 9 }));
  const promise = await kept.promise({ what: '', parts, total: { minor: 99_900, currency: 'USD' } } as Draft);
  const { parts: made } = await kept.ask('promise', { promise });
  for (const quantity of [4, 3]) {
    const some = made.slice(0, 50).map(({ id }) => ({ part: id, quantity }));
    await kept.ask('hand_over', { promise, parts: some, channel: 'posted', links: [], files: [], ...MEANT });
  }
  await page.goto(kept.at(`#/promise/${promise}`));
  await expect(page.getByRole('region', { name: 'Handed over' })).toBeVisible();
  await page.keyboard.press('p');
  const sheet = await printed(page, 'slip');

  await expect(sheet).toContainText('The Corner Bakery');
  await expect(sheet).toContainText('Maria Silva');
  await expect(sheet).toContainText('posted');
  await expect(sheet).not.toContainText('999');
  const [here, toCome] = [sheet.locator('table').first(), sheet.locator('table').nth(1)];
  await expect(here).toContainText('In this parcel');
  await expect(here.locator('tbody tr')).toHaveCount(50);
  await expect(here.locator('tbody tr').first()).toHaveText('3tart no. 1');
  await expect(toCome).toContainText('Still to come, Fri 27 Nov, 15:00');
  await expect(toCome.locator('tbody tr')).toHaveCount(60);
  await expect(toCome.locator('tbody tr').first()).toHaveText('2tart no. 1');
  await expect(toCome.locator('tbody tr').last()).toHaveText('9tart no. 60');
  for (const head of await sheet.locator('thead').all()) {
    await expect(head, 'it stands again on every page').toHaveCSS('display', 'table-header-group');
  }
  await expect(here.locator('tbody tr').first(), 'no row is cut in two').toHaveCSS('break-inside', 'avoid');
  expect(await pages(page)).toBeGreaterThan(2);
});

test('an address label has the address and nothing else', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake' });
  const { customer } = await kept.ask('promise', { promise });
  const { version, form } = await kept.ask('customer', { customer: customer.id, offset: 0, limit: 1 });
  const address = ['12 Very Long Avenue of the Old Chestnut Trees', '1000 Lisbon'];
  await kept.ask('save_customer', { customer: customer.id, version, form: { ...form, address } });
  await page.goto(kept.at(`#/promise/${promise}`));
  await expect(page.getByText('1000 Lisbon')).toBeVisible();
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: 'Print the address label' }).click();
  const sheet = await printed(page, 'label');
  expect((await sheet.innerText()).split('\n').filter(Boolean)).toEqual([
    'From The Corner Bakery',
    'Maria Silva',
    ...address,
  ]);
  expect(await pages(page)).toBe(1);
});

test('the list of the day has every promise that Today has, with a box to tick', async ({ page, kept }) => {
  const long = 'A three-tier wedding cake with hand-made sugar roses in the colours of all the bridesmaids';
  for (let at = 0; at < 25; at += 1) {
    const due = { day: at % 2 ? '2026-11-21' : '2026-11-20', hours: { kind: 'at' as const, time: '15:00' } };
    await kept.promise({ what: at === 3 ? long : `cake ${at}`, due });
  }
  await page.goto(kept.at('#/today'));
  await expect(page.getByRole('listitem').filter({ hasText: 'Cake 24' })).toBeVisible();
  await page.keyboard.press('Control+p');
  const sheet = await printed(page, 'day');
  await expect(sheet).toContainText('Saturday 21 November');
  await expect(sheet.locator('thead')).toHaveText(['Overdue (13)', 'Due today (12)']);
  await expect(sheet.locator('tbody tr')).toHaveCount(25);
  await expect(sheet).toContainText(long);
  const cut = await sheet
    .locator('td')
    .evaluateAll((all) => all.filter((td) => td.scrollWidth > td.clientWidth + 1).length);
  expect(cut, 'long names wrap').toBe(0);
});

test('the menu has each offer with why it matters and its price', async ({ page, kept }) => {
  await offer(kept, 'Birthday cake', 'There is no second birthday.', 4_500);
  await offer(kept, 'Wedding cake', 'There is one day.', 42_000);
  await open(page, kept, '#/menu', 'Menu');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('print the menu');
  await page.getByRole('option', { name: 'Print the menu' }).click();
  const sheet = await printed(page, 'menu');
  await expect(sheet.locator('header')).toContainText('The Corner Bakery');
  await expect(sheet.locator('section')).toHaveCount(2);
  await expect(sheet.locator('section').first()).toContainText(/Birthday cake.*45\.00.*There is no second birthday\./s);
});

type Draft = Parameters<RunningKept['promise']>[0];

const MEANT = { more_is_meant: true, duplicate_is_meant: true, late_help_is_meant: true, checklist_is_meant: true };

async function offer(kept: RunningKept, name: string, why: string, minor: number): Promise<void> {
  const price = { minor, currency: 'USD' };
  await kept.ask('save_offer', { draft: { name, why, price, parts: [], steps: [], inputs: [], checklist: [] } });
}

/** The sheet as the printer sees it: alone on the page, black on white also in the dark. */
async function printed(page: Page, what: string): Promise<Locator> {
  const sheet = page.locator(`[data-sheet="${what}"]`);
  await expect(sheet).toBeAttached();
  await expect(sheet).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(sheet).toBeVisible();
  await expect(page.locator('main')).toBeHidden();
  await expect(sheet).toHaveCSS('color', 'rgb(0, 0, 0)');
  for (const part of [sheet, page.locator('body')]) {
    await expect(part).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  }
  return sheet;
}

/** How many pages the system would print. */
async function pages(page: Page): Promise<number> {
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  return pdf.match(/\/Type \/Page\b/g)?.length ?? 0;
}
