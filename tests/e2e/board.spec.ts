import type { Page } from '@playwright/test';
import { expect, open, shopifyOrders, status, test } from './kept';

const column = (page: Page, name: string) => page.getByRole('region', { name: new RegExp(`^${name}, `) });

test('a card goes from column to column by keys alone, and back by undo', async ({ page, kept }) => {
  await kept.promise({ what: 'lemon cake' });
  await kept.promise({ what: 'cupcakes', quantity: 12, customer_name: 'Hannah Okafor' });
  await open(page, kept, '#/board', 'Board');
  await page.keyboard.press('j');
  const first = column(page, 'Not begun').getByRole('link').first();
  await expect(first).toBeFocused();

  await page.keyboard.press('Alt+ArrowRight');
  await expect(status(page, /^Started/)).toBeVisible();
  await expect(column(page, 'In progress').getByRole('link')).toHaveCount(1);
  await expect(column(page, 'In progress').getByRole('link')).toBeFocused();
  await page.keyboard.press('Alt+ArrowRight');
  await expect(status(page, /is ready/)).toBeVisible();
  await expect(column(page, 'Ready').getByRole('link')).toBeFocused();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(column(page, 'In progress').getByRole('link')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(column(page, 'Not begun').getByRole('link')).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(column(page, 'Ready').getByRole('link')).toHaveCount(1);
  await expect(column(page, 'In progress').getByRole('link')).toHaveCount(0);
});

test('the menu moves a card, what asks first asks first, and some go together', async ({ page, kept }) => {
  await kept.promise({ what: 'lemon cake' });
  await kept.promise({ what: 'cupcakes', quantity: 12, customer_name: 'Hannah Okafor' });
  await open(page, kept, '#/board', 'Board');
  await page.keyboard.press('j');
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: 'Move to Ready' }).click();
  await expect(column(page, 'Ready').getByRole('link')).toHaveCount(1);

  await page.keyboard.press('w');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Wait/ }).click();
  await expect(column(page, 'Waiting').getByRole('link')).toHaveCount(1);
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: 'Move to Not begun' }).click();
  await expect(column(page, 'Not begun').getByRole('link')).toHaveCount(2);

  await page.keyboard.press('x');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByRole('toolbar', { name: 'With the chosen promises' })).toContainText('2 chosen');
  await page.keyboard.press('s');
  await expect(column(page, 'In progress').getByRole('link')).toHaveCount(2);
});

test('a card is moved with the mouse, and stays where it cannot go', async ({ page, kept }) => {
  await kept.promise({ what: 'lemon cake' });
  await open(page, kept, '#/board?filter=all', 'Board');
  const drag = async (to: string) => {
    await page.getByRole('link', { name: /Lemon cake/ }).hover();
    await page.mouse.down();
    const box = await column(page, to).boundingBox();
    await page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 120, { steps: 8 });
    await page.mouse.up();
  };
  await drag('Ready');
  await expect(status(page, /is ready/)).toBeVisible();
  await expect(column(page, 'Ready').getByRole('link')).toHaveCount(1);
  await drag('Handed over');
  await expect(column(page, 'Handed over').getByRole('link')).toHaveCount(1);
  await drag('In progress');
  await expect(status(page, 'Nothing is owed for it any more')).toBeVisible();
  await expect(column(page, 'Handed over').getByRole('link')).toHaveCount(1);
});

test('a column counts what it has, and shows more of it when asked', async ({ page, kept }) => {
  await kept.bringIn('orders.csv', shopifyOrders(75));
  await open(page, kept, '#/board', 'Board');
  await expect(page.getByRole('region', { name: 'Not begun, 75' }).getByRole('link')).toHaveCount(30);
  await page.getByRole('button', { name: '45 more…' }).click();
  await page.getByRole('button', { name: '15 more…' }).click();
  await expect(page.getByRole('region', { name: 'Not begun, 75' }).getByRole('link')).toHaveCount(75);
});
