import type { Page } from '@playwright/test';
import { expect, go, open, shopifyOrders, status, test } from './kept';

test('three hundred promises are searched, filtered and gone through by keyboard', async ({ page, kept }) => {
  await kept.bringIn('orders.csv', shopifyOrders(300));
  await open(page, kept, '#/promises', 'Promises');
  const grid = page.getByRole('grid', { name: 'Promises' });
  await expect(grid).toHaveAttribute('aria-rowcount', '301');
  expect(await grid.getByRole('row').count()).toBeLessThan(80);

  await page.keyboard.press('j');
  await expect(grid.locator('[aria-rowindex="2"]')).toBeFocused();
  await page.keyboard.press('End');
  await expect(grid.locator('[aria-rowindex="301"]')).toBeFocused();
  await expect(grid.locator('[aria-rowindex="301"]')).toContainText('Oak sign');

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search promises' })).toBeFocused();
  await page.keyboard.type('sign 277');
  await expect(grid).toHaveAttribute('aria-rowcount', '2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Oak sign 277' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('searchbox', { name: 'Search promises' })).toHaveValue('sign 277');

  await go(page, '#/promises?filter=closed');
  await expect(
    page.getByRole('navigation', { name: 'Which promises' }).getByRole('link', { name: /Closed|Done|Handed/ }),
  ).toHaveAttribute('aria-current', 'true');
  await expect(grid).toBeHidden();
});

test('the address follows what is typed into the search, and none of it is lost to whoever leaves at once', async ({
  page,
  kept,
}) => {
  for (const what of ['oak sign', 'birch sign']) await kept.promise({ what });
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('/');
  await page.keyboard.type('birch');
  await expect(page).toHaveURL(/search=birch/);
  // In one go, before the address can have followed.
  await page.evaluate(() => {
    const search = document.querySelector<HTMLInputElement>('input[role=searchbox]');
    if (!search) throw new Error('no search');
    search.value = 'oak';
    search.dispatchEvent(new InputEvent('input', { bubbles: true }));
    document.querySelector<HTMLAnchorElement>('a[href="#/week"]')?.click();
  });
  await expect(page.getByRole('heading', { level: 1, name: /Week/ })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('searchbox', { name: 'Search promises' })).toHaveValue('oak');
  await expect(page.getByRole('grid', { name: 'Promises' }).getByRole('row')).toHaveCount(2);
});

test('a row that comes to show another promise shows it in the direction of its script', async ({ page, kept }) => {
  for (const what of ['oak sign', 'עוגת שוקולד']) await kept.promise({ what });
  await open(page, kept, '#/promises', 'Promises');
  const search = page.getByRole('searchbox', { name: 'Search promises' });
  const title = page.locator('[data-index="0"] .title a');
  for (const [words, direction] of [
    ['oak', 'ltr'],
    ['עוגת', 'rtl'],
    ['oak', 'ltr'],
  ] as const) {
    await search.fill(words);
    await expect(title).toContainText(words, { ignoreCase: true });
    await expect(title).toHaveCSS('direction', direction);
  }
});

test('what Kept asks before a handover by key is asked in the dialog', async ({ page, kept }) => {
  await kept.promise({ what: 'birthday cake', checklist: ['Candles are in the box'] });
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Hand over' });
  await dialog.getByRole('button', { name: 'Hand over everything' }).click();
  await dialog.getByRole('button', { name: 'Yes, hand over all the same' }).click();
  await expect(status(page, /Handed over birthday cake/)).toBeVisible();
  await expect(dialog).toBeHidden();
});

/** Goes to the second promise of the list, whose page is fetched while it is selected. */
async function lookAtSecond(page: Page): Promise<void> {
  await page.keyboard.press('j');
  const fetched = page.waitForResponse('**/promise');
  await page.keyboard.press('j');
  await fetched;
}

test('what was fetched before a change is not shown after it', async ({ page, kept }) => {
  for (const what of ['oak sign', 'oak sign']) await kept.promise({ what });
  // Nobody tells this window of changes: what it does itself is all that it hears of.
  await page.route('**/events**', (route) => route.abort());
  await open(page, kept, '#/promises', 'Promises');
  await lookAtSecond(page);
  await page.keyboard.press('s');
  await expect(status(page, 'Started Oak sign')).toBeVisible();
  const asked = page.waitForRequest('**/promise');
  await page.keyboard.press('Enter');
  await asked;
  await expect(page.getByRole('heading', { name: 'Oak sign' })).toBeVisible();
});

test('a promise that was looked at for a moment is there at once', async ({ page, kept }) => {
  for (const what of ['oak sign', 'oak sign']) await kept.promise({ what });
  await open(page, kept, '#/promises', 'Promises');
  await lookAtSecond(page);
  // From here on no page of a promise is answered: what is shown was here before.
  await page.route('**/promise', () => undefined);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Oak sign' })).toBeVisible();
});
