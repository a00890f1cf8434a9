import { readFile } from 'node:fs/promises';
import { expect, open, status, test } from './kept';

test('quick add gets a key of the desktop', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/settings', 'Settings');
  const key = page.getByRole('group', { name: 'Promise something from anywhere' });
  await expect(key).toContainText('no key');
  await key.getByRole('button', { name: 'Choose a key' }).click();
  // Alone a letter is one that is typed somewhere.
  await page.keyboard.press('k');
  await expect(key.getByRole('alert')).toContainText('together with Ctrl, Alt or Super');
  await key.getByRole('button', { name: 'Another key' }).click();
  await page.keyboard.press('Control+Alt+K');
  await expect.poll(async () => (await kept.ask('settings', {})).quick_add_key).toBe('Ctrl+Alt+K');
  await expect(key.getByRole('alert')).toBeHidden();
  await key.getByRole('button', { name: 'No key' }).click();
  await expect.poll(async () => (await kept.ask('settings', {})).quick_add_key ?? null).toBeNull();
});

test('a paused watch stands above every screen until it is ended', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/promises', 'Promises');
  await kept.ask('pause_watch', { until: { kind: 'one_hour' } });
  const banner = page.getByRole('note').filter({ hasText: 'The watch is paused until today 10:41.' });
  await expect(banner).toBeVisible();
  await banner.getByRole('button', { name: 'Watch again' }).click();
  await expect(status(page, 'Watching again')).toBeVisible();
  await expect(banner).toBeHidden();
  await expect.poll(async () => (await kept.ask('tray', {})).resume).toBeNull();
});

test('a customer is reached by links that mean nothing else', async ({ page, kept }) => {
  const { customer } = await kept.ask('save_customer', {
    form: {
      name: 'Maria Silva',
      contacts: [
        { kind: 'email', address: 'maria?cc=all@example.com' },
        { kind: 'phone', number: '+44 20 7946 0958' },
        { kind: 'other', how: 'at the market' },
      ],
      address: [],
      zone: null,
      also: [],
    },
  });
  await open(page, kept, `#/customer/${customer}`, 'Maria Silva');
  const links = page.locator('a[href^="mailto:"], a[href^="tel:"]');
  await expect(links).toHaveCount(2);
  await expect(links.first()).toHaveAttribute('href', 'mailto:maria%3Fcc%3Dall@example.com');
  await expect(links.last()).toHaveAttribute('href', 'tel:+442079460958');
});

test('a file that was attached to a handover is opened from its promise', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'oak sign' });
  const { file } = await kept.offer('proof of delivery.txt', 'left with the neighbour');
  const attached = await kept.ask('attach_file', { file });
  await kept.ask('hand_over', { promise, files: [attached] } as never);
  await open(page, kept, `#/promise/${promise}`, 'oak sign');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'proof of delivery.txt' }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe('proof of delivery.txt');
  expect(await readFile(await download.path(), 'utf8')).toBe('left with the neighbour');
});
