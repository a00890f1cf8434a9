import { expect, open, status, test } from './kept';

test('the month is gone through by days and by promises, which are dealt with in place', async ({ page, kept }) => {
  await kept.promise({ what: 'lemon cake' });
  await kept.promise({ what: 'cupcakes', quantity: 12, customer_name: 'Hannah Okafor' });
  await open(page, kept, '#/calendar', 'Calendar');
  const month = page.getByRole('grid', { name: 'November 2026' });
  await expect(page.getByText('2 promises are due this month.')).toBeVisible();
  await month.getByRole('gridcell', { name: 'Saturday 21 November, closed, 0 promises' }).focus();
  for (const key of ['ArrowDown', 'ArrowLeft']) await page.keyboard.press(key);
  const friday = month.getByRole('gridcell', { name: 'Friday 27 November, 2 promises' });
  await expect(friday).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(friday.getByRole('link').first()).toBeFocused();
  await page.keyboard.press('j');
  await expect(friday.getByRole('link').nth(1)).toBeFocused();
  await page.keyboard.press('s');
  await expect(status(page, /Started/)).toBeVisible();
  await page.keyboard.press('m');
  await expect(page.getByRole('menuitem', { name: /New date/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(friday.getByRole('link').nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(friday.getByRole('link').nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(friday).toBeFocused();
  await page.keyboard.press('PageDown');
  await expect(page.getByRole('grid', { name: 'December 2026' })).toBeVisible();
});

test('a day counts what it has no room for, and leads to its list', async ({ page, kept }) => {
  for (let made = 0; made < 8; made += 1) await kept.promise({ what: `sign ${made}` });
  await open(page, kept, '#/calendar', 'Calendar');
  const friday = page.getByRole('gridcell', { name: 'Friday 27 November, 8 promises' });
  const shown = await friday.getByRole('link').count();
  await friday.getByRole('link', { name: `${8 - shown + 1} more` }).click();
  await expect(page.getByRole('grid', { name: 'Promises' })).toHaveAttribute('aria-rowcount', '9');
});

test('a promise that is drawn to another day asks who wanted that', async ({ page, kept }) => {
  await kept.promise({ what: 'lemon cake' });
  await open(page, kept, '#/calendar', 'Calendar');
  await page.getByRole('link', { name: /Lemon cake/ }).hover();
  await page.mouse.down();
  const box = await page.getByRole('gridcell', { name: 'Tuesday 24 November, 0 promises' }).boundingBox();
  await page.mouse.move((box?.x ?? 0) + 30, (box?.y ?? 0) + 30, { steps: 8 });
  await page.mouse.up();
  const dialog = page.getByRole('dialog', { name: 'New date' });
  await dialog.getByRole('radio', { name: 'The customer' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Move it' }).click();
  await expect(page.getByRole('gridcell', { name: 'Tuesday 24 November, 1 promise' })).toBeVisible();
});
