import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, FIXTURES, open, shopifyOrders, status, tabTo, test } from './kept';
import { OWED } from '../../ui/src/lib/lists';

/** Chooses a file on the import screen, by keyboard. */
async function choose(
  page: Page,
  file: Parameters<import('@playwright/test').FileChooser['setFiles']>[0],
): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  const button = page.getByRole('button', { name: 'Choose a file…' });
  await expect(button).toBeVisible();
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(file);
}

test('a Shopify export is previewed, brought in, brought in again without effect, and taken back', async ({
  page,
  kept,
}) => {
  const orders = join(FIXTURES, 'shopify/orders_export.csv');
  await page.goto(kept.at(''));
  await tabTo(page, page.getByRole('button', { name: /Bring in your orders/ }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Import', exact: true })).toBeFocused();

  await choose(page, orders);
  await expect(page.getByRole('table')).toBeVisible();
  await expect(page.getByRole('row')).not.toHaveCount(0);
  const bringIn = page.getByRole('button', { name: /^Bring in \d+ promises$/ });
  const count = Number(/\d+/.exec((await bringIn.textContent()) ?? '')?.[0]);
  expect((await kept.ask('promises', { ...OWED, filter: 'all', limit: 1, offset: 0 })).count).toBe(0);

  await tabTo(page, bringIn);
  await page.keyboard.press('Enter');
  await expect(status(page, `Brought in ${count}`)).toBeVisible();
  expect((await kept.ask('promises', { ...OWED, filter: 'all', limit: 1, offset: 0 })).count).toBe(count);

  await tabTo(page, page.getByRole('button', { name: 'Another file…' }));
  await page.keyboard.press('Enter');
  await choose(page, orders);
  await expect(page.getByRole('button', { name: 'Nothing to bring in' })).toBeDisabled();
  await expect(page.getByRole('list', { name: 'What the file would do' })).toContainText(`${count} as they are`);

  await tabTo(page, page.getByRole('button', { name: 'Not now' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Undo the import of orders_export.csv' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('Taken back', { exact: true })).toBeVisible();
  expect((await kept.ask('promises', { ...OWED, filter: 'all', limit: 1, offset: 0 })).count).toBe(0);
});

test('another lead time is previewed at once', async ({ page, kept }) => {
  await open(page, kept, '#/import', 'Import');
  await choose(page, {
    name: 'orders.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(shopifyOrders(3)),
  });
  const dates = page.getByRole('cell', { name: /from the lead time/ });
  await expect(dates.first()).toContainText('Fri 27 Nov');
  await tabTo(
    page,
    page.getByRole('textbox', {
      name: 'Working days from an order to its date',
    }),
  );
  await page.keyboard.type('10');
  await expect(dates.first()).toContainText('Fri 4 Dec');
});

test('what is wrong in a file is said by line, and the rest comes in', async ({ page, kept }) => {
  await open(page, kept, '#/import', 'Import');
  await choose(page, join(FIXTURES, 'shopify/broken.csv'));
  const problems = page.getByText(/things in this file are not right/);
  await expect(problems).toBeVisible();
  await tabTo(page, problems);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Problems by line' }).getByRole('listitem').first()).toContainText(
    /^line \d+/,
  );
  await tabTo(page, page.getByRole('button', { name: /^Bring in/ }));
  await page.keyboard.press('Enter');
  await expect(status(page, 'Brought in')).toBeVisible();
});

test('an import that runs is stopped, and nothing of it stays', async ({ page, kept }) => {
  await open(page, kept, '#/import', 'Import');
  await choose(page, { name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(shopifyOrders(10_000)) });
  const bringIn = page.getByRole('button', { name: 'Bring in 10,000 promises' });
  await tabTo(page, bringIn);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('progressbar')).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Stop' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Another file…' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo the import', exact: true })).toBeHidden();
  expect((await kept.ask('promises', { ...OWED, filter: 'all', limit: 1, offset: 0 })).count).toBe(0);
});

test('a file that is no Shopify export is refused in words, and another can be chosen', async ({ page, kept }) => {
  await open(page, kept, '#/import', 'Import');
  await choose(page, {
    name: 'notes.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('id;price\n1;2\n'),
  });
  await expect(page.getByRole('alert')).toContainText('notes.csv cannot be brought in.');
  await expect(page.getByRole('button', { name: 'Choose a file…' })).toBeVisible();
});

test('a file that is dropped anywhere on the window is previewed', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/settings', 'Settings');
  const files = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'orders.csv', { type: 'text/csv' }));
    return transfer;
  }, shopifyOrders(2));
  await page.dispatchEvent('body', 'dragover', { dataTransfer: files });
  await expect(page.getByText(/Drop the file/)).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: files });
  await expect(page.getByText(/Drop the file/)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Bring in 2 promises' })).toBeVisible();
});
