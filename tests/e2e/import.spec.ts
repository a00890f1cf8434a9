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
  const button = page.getByRole('button', { name: 'Choose files…' });
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
  expect(
    (
      await kept.ask('promises', {
        ...OWED,
        filter: 'all',
        limit: 1,
        offset: 0,
      })
    ).count,
  ).toBe(0);

  await tabTo(page, bringIn);
  await page.keyboard.press('Enter');
  await expect(status(page, `Brought in ${count}`)).toBeVisible();
  expect(
    (
      await kept.ask('promises', {
        ...OWED,
        filter: 'all',
        limit: 1,
        offset: 0,
      })
    ).count,
  ).toBe(count);

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
  expect(
    (
      await kept.ask('promises', {
        ...OWED,
        filter: 'all',
        limit: 1,
        offset: 0,
      })
    ).count,
  ).toBe(0);
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
  await choose(page, {
    name: 'orders.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(shopifyOrders(10_000)),
  });
  const bringIn = page.getByRole('button', {
    name: 'Bring in 10,000 promises',
  });
  await tabTo(page, bringIn);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('progressbar')).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Stop' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Another file…' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo the import', exact: true })).toBeHidden();
  expect(
    (
      await kept.ask('promises', {
        ...OWED,
        filter: 'all',
        limit: 1,
        offset: 0,
      })
    ).count,
  ).toBe(0);
});

test('a file that is no export and no table is refused in words, and another can be chosen', async ({ page, kept }) => {
  await open(page, kept, '#/import', 'Import');
  await choose(page, {
    name: 'notes.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Dear Maria\nIt is ready.\n'),
  });
  await expect(page.getByRole('alert')).toContainText('notes.csv cannot be brought in.');
  await expect(page.getByRole('button', { name: 'Choose files…' })).toBeVisible();
});

test('the columns of any other table are given a meaning, and what is in doubt is asked', async ({ page, kept }) => {
  const book = 'Wer;Ding;Bis;Preis\nZoë;Torte;03/04/27;64,00\n';
  await open(page, kept, '#/import', 'Import');
  await choose(page, {
    name: 'book.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(book),
  });
  const columns = page.getByRole('region', { name: 'Columns of book.csv' });
  await expect(columns).toContainText('Say which column names what is promised');
  await expect(page.getByRole('button', { name: 'Answer first' })).toBeDisabled();
  for (const [column, meaning] of [
    ['Wer', 'Customer'],
    ['Ding', 'What'],
    ['Bis', 'Due date'],
  ] as const) {
    const select = columns.getByRole('combobox', {
      name: `What “${column}” means`,
    });
    await tabTo(page, select);
    await page.keyboard.type(meaning);
    await expect(select.locator('option:checked')).toHaveText(meaning);
  }
  const question = page.getByRole('group', { name: 'Which day is 03/04/27?' });
  await expect(question).toBeVisible();
  await tabTo(page, question.getByRole('radio').first());
  await page.keyboard.press('Space');
  await expect(page.getByRole('cell', { name: 'Sat 3 Apr 2027' })).toBeVisible();
  const bringIn = page.getByRole('button', { name: 'Bring in 1 promise' });
  await tabTo(page, bringIn);
  await page.keyboard.press('Enter');
  await expect(status(page, 'Brought in 1 promise')).toBeVisible();

  await tabTo(page, page.getByRole('button', { name: 'Another file…' }));
  await page.keyboard.press('Enter');
  await choose(page, {
    name: 'next.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Wer;Ding;Bis;Preis\nJon;Brot;23/04/27;9,00\n'),
  });
  await expect(page.getByText('Kept remembers what these columns mean.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Bring in 1 promise' })).toBeEnabled();
});

test('several files are one import, and what is wrong in them can be saved', async ({ page, kept }) => {
  await open(page, kept, '#/import', 'Import');
  await choose(page, [join(FIXTURES, 'import/etsy_orders.csv'), join(FIXTURES, 'import/etsy_items.csv')]);
  const files = page.getByRole('list', { name: 'What the files are' });
  await expect(files.getByRole('listitem')).toHaveText([/Etsy orders/, /Etsy order items/]);
  await expect(page.getByRole('button', { name: 'Bring in 6 promises' })).toBeVisible();
  const save = page.getByRole('button', { name: 'Save them as a file…' });
  await tabTo(page, save);
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toBe('Problems in 2 files.csv');
});

test('payments are counted for the promises that they fit, and asked about where that is not certain', async ({
  page,
  kept,
}) => {
  await kept.bringIn(
    'orders.csv',
    'Order,Customer,E-mail,What,Price\n' +
      '1,Hannah Okafor,hannah.okafor@example.com,Harvest cake,199.00\n' +
      '2,Jon Bauer,jon@example.com,Oak sign,75.00\n' +
      '3,Jon Bauer,jon@example.com,Brass hook,75.00\n',
  );
  await open(page, kept, '#/import', 'Import');
  await choose(page, join(FIXTURES, 'import/stripe_payments.csv'));
  await expect(page.getByRole('heading', { name: 'What were these payments for?' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Bring in 1 payment' })).toBeVisible();
  const choice = page.getByRole('combobox', {
    name: /What the payment of .* by Jon Bauer was for/,
  });
  await tabTo(page, choice);
  await page.keyboard.type('Oak');
  const bringIn = page.getByRole('button', { name: 'Bring in 2 payments' });
  await expect(bringIn).toBeVisible();
  await tabTo(page, bringIn);
  await page.keyboard.press('Enter');
  await expect(status(page, 'Brought in 2 payments')).toBeVisible();
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
