import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, go, open, shopifyOrders, status, tabTo, test, type RunningKept } from './kept';

const CUSTOMERS = { search: '', sort: 'name', offset: 0, limit: 10 } as const;

/** What tries a passphrase is slow on purpose. */
const PATIENCE = 30_000;
test.describe.configure({ timeout: 120_000 });

/** A shop with a promise in it. */
async function shop(page: Page, kept: RunningKept): Promise<void> {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/backups', 'Backups');
}

/** Backs up by the button, as one without a mouse does. */
async function backUp(page: Page): Promise<void> {
  await tabTo(page, page.getByRole('button', { name: 'Back up now' }));
  await page.keyboard.press('Enter');
  const said = status(page, /^Backed up 1 promise and 1 customer and verified the copy\./);
  await expect(said).toBeVisible({ timeout: PATIENCE });
}

async function clean(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect
    .soft(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' '))}`),
      screen,
    )
    .toEqual([]);
}

test('a backup is made, looked into, restored, and the restore is undone in one step, all by keyboard', async ({
  page,
  kept,
}) => {
  await shop(page, kept);
  await backUp(page);
  const row = page.getByRole('listitem').filter({ hasText: 'Made by hand' });
  await expect(row).toContainText('1 promise, 1 customer');
  await expect(row).toContainText('Verified');
  const backup = (await kept.ask('backups', {})).rows.find(({ why }) => why === 'by_hand')?.backup;
  await kept.promise({ what: 'lemon cake', customer_name: 'Ada Novak' });

  await tabTo(page, row.getByRole('button', { name: 'Look into it…' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: /^The backup of Sat 21 Nov/ });
  await expect(dialog).toContainText('It was read to its end just now, and is whole.');
  await expect(dialog).toContainText('Would be gone');
  await expect(dialog).toContainText('1 promise: Lemon cake');
  await expect(dialog).toContainText('1 customer: Ada Novak');
  await clean(page, 'What would change');
  await tabTo(page, dialog.getByRole('button', { name: 'Restore it' }));
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(status(page, /^Restored 1 promise and 1 customer/)).toBeVisible();
  await expect.poll(async () => (await kept.ask('customers', CUSTOMERS)).count).toBe(1);
  // What was there before is a backup of its own, and the way back is on the screen.
  await expect(page.getByRole('listitem').filter({ hasText: 'before another backup was restored' })).toBeVisible();
  await clean(page, 'Restored');
  await tabTo(page, page.getByRole('button', { name: 'Undo the restore' }));
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await kept.ask('customers', CUSTOMERS)).count).toBe(2);
  expect((await kept.ask('backups', {})).rows.map(({ backup }) => backup)).toContain(backup);
});

test('with something done since the restore one looks first at what would go with it', async ({ page, kept }) => {
  await shop(page, kept);
  await backUp(page);
  const { rows } = await kept.ask('backups', {});
  const backup = rows.find(({ why }) => why === 'by_hand')?.backup ?? '';
  await kept.promise({ what: 'lemon cake' });
  await kept.ask('restore_backup', { backup, passphrase: null });
  await kept.promise({ what: 'apple pie' });
  await page.getByRole('button', { name: 'Look at what was before…' }).click();
  const dialog = page.getByRole('dialog', { name: /^The backup of/ });
  await expect(dialog).toContainText('1 promise: Lemon cake');
  await expect(dialog).toContainText('1 promise: Apple pie');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a passphrase locks new backups, is asked for elsewhere, and a wrong one is said', async ({ page, kept }) => {
  await shop(page, kept);
  await tabTo(page, page.getByRole('button', { name: 'Lock new backups with a passphrase…' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('nobody can open these backups again')).toBeVisible();
  await page.keyboard.type('short');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Use at least 8 letters; a few words are good.', { exact: true })).toBeVisible();
  await page.keyboard.type(' but long enough');
  await page.keyboard.press('Enter');
  await expect(page.getByText('New backups are locked', { exact: true })).toBeVisible();
  await backUp(page);
  const row = page.getByRole('listitem').filter({ hasText: 'Made by hand' });
  await expect(row).toContainText('Locked');
  const { folder, rows } = await kept.ask('backups', {});
  const name = rows.find(({ locked }) => locked)?.backup ?? '';
  const buffer = await readFile(join(folder, name));

  // Without the passphrase at hand, as on another computer.
  await tabTo(page, page.getByRole('button', { name: 'Lock them no longer' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Lock new backups with a passphrase…' })).toBeVisible();
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, page.getByRole('button', { name: 'Choose a backup to look into…' }));
  await page.keyboard.press('Enter');
  await (await chooser).setFiles({ name: 'from the old computer.kept-backup', mimeType: '', buffer });
  const dialog = page.getByRole('dialog', { name: 'The backup of from the old computer.kept-backup' });
  await expect(dialog).toContainText('is locked. Type its passphrase.', { timeout: PATIENCE });
  await expect(dialog.getByRole('textbox', { name: 'Passphrase of this backup' })).toBeFocused();
  await clean(page, 'Locked');
  await page.keyboard.type('seven red doors');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('This is not the passphrase of', { timeout: PATIENCE });
  await page.keyboard.press('Control+a');
  await page.keyboard.type('short but long enough');
  await page.keyboard.press('Enter');
  const nothing = 'What is there now is just what this backup holds.';
  await expect(page.getByRole('dialog')).toContainText(nothing, { timeout: PATIENCE });
});

test('a file that is no backup says so, and nothing can be restored from it', async ({ page, kept }) => {
  await shop(page, kept);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a backup to look into…' }).click();
  await (
    await chooser
  ).setFiles({ name: 'letter.kept-backup', mimeType: '', buffer: Buffer.from('Dear bakers, please send cupcakes.') });
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('is no backup of Kept');
  await expect(dialog.getByRole('button', { name: 'Restore it' })).toBeHidden();
});

test('a backup that is dropped anywhere on the window is looked into', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/settings', 'Settings');
  await kept.ask('backup_now', {});
  const { folder, rows } = await kept.ask('backups', {});
  const bytes = [...(await readFile(join(folder, rows[0]?.backup ?? '')))];
  const files = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], 'old.kept-backup'));
    return transfer;
  }, bytes);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: files });
  await page.dispatchEvent('body', 'drop', { dataTransfer: files });
  const dialog = page.getByRole('dialog', { name: /^The backup of Sat 21 Nov/ });
  await expect(dialog).toContainText('What is there now is just what this backup holds.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a second folder is named, pulled out, put back, and named no longer', async ({ page, kept }) => {
  const stick = join(await mkdtemp(join(tmpdir(), 'kept-stick-')), 'stick');
  await shop(page, kept);
  await backUp(page);
  await tabTo(page, page.getByRole('textbox', { name: 'Folder for a second copy' }));
  await page.keyboard.type('stick');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Write the whole path, from its beginning on.')).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(stick);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Not there now', { exact: true })).toBeVisible();
  await expect(page.getByText('It is not there now. Once it is, Kept copies the newest backup to it.')).toBeVisible();
  await clean(page, 'Pulled out');

  await mkdir(stick);
  await backUp(page);
  await expect(page.getByText('The newest backup is there.')).toBeVisible();
  await expect(page.getByRole('listitem').first()).toContainText('On this computer and in the second folder');
  await expect.poll(async () => (await readdir(stick)).length).toBe(1);
  // Pulled out while one was in another program.
  await rm(stick, { recursive: true });
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await expect(page.getByText('Not there now', { exact: true })).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Copy them nowhere else' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Folder for a second copy' })).toBeVisible();
  await expect.poll(async () => (await kept.ask('backups', {})).second).toBeNull();
});

test('an import that cannot be preceded by a backup asks whether to go on without', async ({ page, kept }) => {
  await shop(page, kept);
  const { folder } = await kept.ask('backups', {});
  // The first one of the day may still be on its way.
  await expect.poll(async () => (await kept.ask('backups', {})).rows.length).toBeGreaterThan(0);
  await kept.promise({ what: 'lemon cake' });
  await rm(folder, { recursive: true });
  await writeFile(folder, 'no folder');
  await go(page, '#/import');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files…' }).click();
  await (await chooser).setFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(shopifyOrders(3)) });
  await page.getByRole('button', { name: /^Bring in 3 promises/ }).click();
  await expect(page.getByText(/Bring it in without\?/)).toBeVisible();
  expect((await kept.ask('imports', {})).imports).toHaveLength(0);
  await tabTo(page, page.getByRole('button', { name: 'Bring it in without' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Brought in 3 promises/)).toBeVisible();
  await go(page, '#/backups');
  await expect(page.getByRole('alert')).toContainText(/backup/);
});

test('the settings, the palette and a key lead to the backups', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/settings', 'Settings');
  await page.getByRole('button', { name: 'Backups, passphrase and second folder…' }).click();
  await expect(page.getByRole('heading', { name: 'Backups', level: 1 })).toBeVisible();
  await go(page, '#/today');
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await expect(page.getByRole('heading', { name: 'Backups', level: 1 })).toBeVisible();
});

test('the alert of a missing backup leads to where something can be done about it', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign', due: { day: '2026-12-18', hours: { kind: 'any_time' } } });
  await expect.poll(async () => (await kept.ask('backups', {})).rows.length).toBe(1);
  // No backup can be made there any more, and nobody sees it for days.
  const { folder } = await kept.ask('backups', {});
  await rm(folder, { recursive: true });
  await writeFile(folder, 'no folder');
  const later = await kept.later('2026-11-26T09:41:00Z');
  try {
    await page.goto(later.at('#/alerts'));
    const alert = page.getByRole('link', { name: 'There is no good backup of the last three days' });
    await tabTo(page, alert);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Backups', level: 1 })).toBeVisible();
    await expect(page.getByRole('alert')).toContainText(/backup/);
  } finally {
    await later.stop();
  }
});
