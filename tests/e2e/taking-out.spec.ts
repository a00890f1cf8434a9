import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { expect, open, status, tabTo, test } from './kept';
import { OWED } from '../../ui/src/lib/lists';

/** Presses a button by keyboard and waits for what the browser saves. */
async function saves(page: Page, name: string): Promise<{ name: string; text: string }> {
  const download: Promise<Download> = page.waitForEvent('download');
  const button = page.getByRole('button', { name, exact: true });
  await expect(button).toBeVisible();
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  const saved = await download;
  return {
    name: saved.suggestedFilename(),
    text: await readFile(await saved.path(), 'utf8'),
  };
}

test('an owner leaves with everything and comes back with it', async ({ page, kept }) => {
  await kept.promise({ what: 'cupcakes', quantity: 12 });
  await page.goto(kept.at('#/import'));
  await expect(page.getByRole('heading', { name: 'Take your data with you' })).toBeVisible();

  const everything = await saves(page, 'Save everything…');
  expect(everything.name).toBe('kept.json');
  const document = JSON.parse(everything.text) as {
    promises: unknown[];
    history: unknown[];
  };
  expect(document.promises).toHaveLength(1);
  expect(document.history.length).toBeGreaterThan(0);
  await expect(status(page, 'Wrote 1 promise and 1 customer')).toBeVisible();

  const calendar = await saves(page, 'Save a calendar…');
  expect(calendar.name).toBe('kept.ics');
  expect(calendar.text).toContain('SUMMARY:12 cupcakes for Maria Silva');

  const tables = page.getByRole('button', { name: 'Save tables…' });
  await tabTo(page, tables);
  await page.keyboard.press('Enter');
  await expect(status(page, 'Wrote 14 tables')).toBeVisible();

  // What was saved is known again, and brings in nothing twice.
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files…' }).click();
  await (
    await chooser
  ).setFiles({
    name: 'kept.json',
    mimeType: 'application/json',
    buffer: Buffer.from(everything.text),
  });
  await expect(page.getByRole('list', { name: 'What the file would do' })).toContainText('1 as they are');
  await expect(page.getByRole('button', { name: 'Nothing to bring in' })).toBeDisabled();
  await expect(page.getByText('What is the same stays.')).toBeVisible();
});

test('from anywhere everything is saved, and a backup made', async ({ page, kept }) => {
  await kept.promise({ what: 'cupcakes', quantity: 12 });
  await page.goto(kept.at('#/menu'));
  await expect(page.getByRole('heading', { name: 'Menu', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('save everything');
  await expect(page.getByRole('option', { name: 'Save everything' })).toBeVisible();
  const saved = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await saved).suggestedFilename()).toBe('kept.json');
  await expect(status(page, 'Wrote 1 promise and 1 customer')).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('back up');
  await expect(page.getByRole('option', { name: 'Back up now' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(status(page, 'Backed up')).toBeVisible();
});

test('a calendar is kept up to date in a folder, and no longer', async ({ page, kept }) => {
  await kept.promise({ what: 'cupcakes', quantity: 12 });
  await page.goto(kept.at('#/import'));
  const choose = page.getByRole('button', { name: 'Choose a folder…' });
  await expect(choose).toBeVisible();
  await tabTo(page, choose);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Let your calendar program read')).toBeVisible();
  const { calendar } = await kept.ask('out', {});
  const read = () => readFile(calendar?.file ?? '', 'utf8').catch(() => '');
  await expect.poll(read).toContain('SUMMARY:12 cupcakes for Maria Silva');
  await kept.promise({ what: 'tarts', quantity: 3 });
  await expect.poll(read, { timeout: 20_000 }).toContain('SUMMARY:3 tarts for Maria Silva');

  const stop = page.getByRole('button', { name: 'Keep it no longer' });
  await tabTo(page, stop);
  await page.keyboard.press('Enter');
  await expect(choose).toBeVisible();
  expect((await kept.ask('out', {})).calendar).toBeNull();
});

test('a customer gets all that is known of them, and is then forgotten', async ({ page, kept }) => {
  await kept.promise({ what: 'cupcakes', quantity: 12 });
  const { rows } = await kept.ask('customers', {
    search: '',
    sort: 'name',
    offset: 0,
    limit: 5,
  });
  await page.goto(kept.at(`#/customer/${rows[0]?.id}`));
  await expect(page.getByRole('heading', { name: 'Maria Silva' })).toBeVisible();

  const all = await saves(page, 'Give them everything we know…');
  expect(all.name).toBe('What we know of Maria Silva.html');
  expect(all.text).toContain('<h1 dir="auto">Maria Silva</h1>');
  expect(all.text).not.toContain('<script');

  const anonymise = page.getByRole('button', { name: 'Anonymise…' });
  await tabTo(page, anonymise);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Anonymise Maria Silva' });
  await expect(dialog).toContainText('They become “Somebody (anonymised 21 Nov 2026)”. This cannot be undone.');
  await expect(dialog).toContainText('1 promise: what, when, whether it was kept, what was paid');
  await expect(dialog.getByRole('textbox')).toHaveValue('Maria Silva');
  const forEver = dialog.getByRole('button', { name: 'Anonymise for ever' });
  await tabTo(page, forEver);
  await page.keyboard.press('Enter');
  await expect(status(page, 'Anonymised a customer')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Somebody (anonymised 21 Nov 2026)' })).toBeVisible();
  const promises = await kept.ask('promises', {
    ...OWED,
    filter: 'all',
    limit: 5,
    offset: 0,
  });
  expect(promises.rows.map(({ title, customer }) => [title, customer])).toEqual([
    ['12 cupcakes', 'Somebody (anonymised 21 Nov 2026)'],
  ]);
  await open(page, kept, '#/promises', 'Promises');
  await expect(page.getByText('Maria Silva')).toHaveCount(0);
});
