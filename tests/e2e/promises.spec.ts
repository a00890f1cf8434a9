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
