import type { Page } from '@playwright/test';
import { expect, open, test, type RunningKept } from './kept';

const LISTS = [
  ['#/today', 'Today'],
  ['#/promises', 'Promises'],
  ['#/board', 'Board'],
  ['#/calendar', 'Calendar'],
] as const;

for (const [hash, title] of LISTS) {
  test(`Space peeks at the promise under the keys, arrows move on, Space and Escape close: ${title}`, async ({
    page,
    kept,
  }) => {
    await two(kept);
    await page.goto(kept.at(hash));
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
    await expect(page.getByRole('link', { name: /Lemon cake/ }).first()).toBeVisible();
    await page.keyboard.press('j');
    await expect(peeked(page)).toBeHidden();
    await page.keyboard.press('Space');
    const first = peeked(page).getByRole('heading', { level: 2 }).first();
    await expect(first).toContainText('Lemon cake');
    await expect(peeked(page)).toContainText('Maria Silva');
    await page.keyboard.press('j');
    await expect(first).toContainText('Oak sign');
    await page.keyboard.press('Space');
    await expect(peeked(page)).toBeHidden();
    await page.keyboard.press('Space');
    await expect(first).toContainText('Oak sign');
    await page.keyboard.press('Escape');
    await expect(peeked(page)).toBeHidden();
    await expect(page.locator('[data-row], [data-index]').locator(':scope:focus, :focus').first()).toBeVisible();
  });
}

test('the week is peeked at from its marks, and keys do what they do with what is peeked at', async ({
  page,
  kept,
}) => {
  await two(kept);
  await open(page, kept, '#/week/2026-11-23', 'Week');
  await page
    .getByRole('grid')
    .getByRole('link', { name: /due 15:00: Lemon cake/ })
    .focus();
  await page.keyboard.press('Space');
  await expect(peeked(page)).toContainText('Lemon cake');
  await page.keyboard.press('s');
  await expect(page.getByRole('status').filter({ hasText: 'Started' })).toBeVisible();
  await expect(peeked(page)).toBeVisible();
});

test('the space bar still presses a button', async ({ page, kept }) => {
  await two(kept);
  await open(page, kept, '#/promises', 'Promises');
  await page.getByRole('button', { name: /^Filter/ }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('dialog', { name: 'Filter' })).toBeVisible();
  await expect(peeked(page)).toBeHidden();
});

test('1 to 4 show the same list in another way, and its order is still there', async ({ page, kept }) => {
  await two(kept);
  await open(page, kept, '#/promises?payments=none&sort=customer', 'Promises');
  for (const [key, title] of [
    ['4', 'Board'],
    ['3', 'Calendar'],
    ['2', 'Week'],
    ['1', 'Promises'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeFocused();
    if (title === 'Week') continue;
    await expect(page.getByRole('group', { name: 'Filters' })).toContainText('Payment No price');
  }
  await expect(page.getByRole('columnheader', { name: 'Customer' })).toHaveAttribute('aria-sort', 'ascending');
});

test('peeking stands in the key sheet and in the palette', async ({ page, kept }) => {
  await two(kept);
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('j');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Peek at it');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('peek');
  await page.getByRole('option', { name: /Peek at it/ }).click();
  await expect(peeked(page)).toContainText('Lemon cake');
});

function peeked(page: Page) {
  return page.getByRole('complementary', { name: 'The promise that the keys are at' });
}

/** A cake that is due before a sign. */
async function two(kept: RunningKept): Promise<void> {
  const due = (day: string) => ({ day, hours: { kind: 'at' as const, time: '15:00' } });
  await kept.promise({ what: 'lemon cake', due: due('2026-11-24') });
  await kept.promise({ what: 'oak sign', customer_name: 'Hannah Okafor', due: due('2026-11-25') });
}
