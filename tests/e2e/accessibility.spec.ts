// What opens on the screens against WCAG 2.2 AA, in both themes and both sizes that are designed for.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, go, shopifyOrders, test, typePromise, type RunningKept } from './kept';
import { OWED } from '../../ui/src/lib/lists';

test.describe.configure({ timeout: 120_000 });

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    test.describe(`${colorScheme}, ${width} x ${height}`, () => {
      test.use({ colorScheme, viewport: { width, height } });

      test('quick add, preview, promise and dialogs', async ({ page, kept }) => {
        const promise = await overdue(kept);
        await page.goto(kept.at('#/today'));
        await typePromise(page, 'oak sign for Maria by 3/4 $90 deposit');
        await expect(page.getByRole('group', { name: /can be read/ })).toBeVisible();
        await clean(page, 'Quick add');

        await go(page, '#/import');
        const chooser = page.waitForEvent('filechooser');
        await expect(page.getByRole('heading', { name: 'Import', exact: true })).toBeFocused();
        await page.getByRole('button', { name: 'Choose files…' }).click();
        await (
          await chooser
        ).setFiles([
          {
            name: 'orders.csv',
            mimeType: 'text/csv',
            buffer: Buffer.from(shopifyOrders(30)),
          },
          {
            name: 'book.csv',
            mimeType: 'text/csv',
            buffer: Buffer.from('Wer;What;Bis\nZoë;Torte;03/04/27\n'),
          },
        ]);
        await expect(page.getByRole('table')).toBeVisible();
        await expect(page.getByRole('region', { name: 'Columns of book.csv' })).toBeVisible();
        await clean(page, 'Import preview');

        await go(page, '#/alerts');
        await page.getByRole('button', { name: 'Snooze', exact: true }).first().click();
        await expect(page.getByRole('menu')).toBeVisible();
        await clean(page, 'Snooze menu');
        await page.getByRole('menuitem', { name: 'Pick a time…' }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await clean(page, 'Snooze until');

        await go(page, `#/promise/${promise}`);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await clean(page, 'Promise');
        for (const [key, dialog] of [
          ['o', 'Hand over'],
          ['d', 'New date'],
        ] as const) {
          await page.keyboard.press(key);
          await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
          await clean(page, dialog);
          await page.keyboard.press('Escape');
          await expect(page.getByRole('dialog')).toBeHidden();
        }
        for (const item of [/Call it off/, /ayment/, /art/, /ait/]) {
          await page.keyboard.press('m');
          await page.getByRole('menuitem', { name: item }).last().click();
          await expect(page.getByRole('dialog')).toBeVisible();
          await clean(page, String(item));
          await page.keyboard.press('Escape');
          await expect(page.getByRole('dialog')).toBeHidden();
        }
        await page.keyboard.press('?');
        await expect(page.getByRole('dialog')).toBeVisible();
        await clean(page, 'Keys');
      });

      test('a list with filters, a view, chosen promises and the palette', async ({ page, kept }) => {
        await kept.ask('look_around', {});
        await kept.ask('save_view', {
          view: { name: 'Not begun', list: { ...OWED, statuses: ['open'] } },
        });
        await page.goto(kept.at('#/promises?statuses=open&due_from=2026-11-20&sort=customer'));
        await expect(page.getByRole('grid')).toBeVisible();
        await clean(page, 'Filtered');
        await page.keyboard.press('f');
        await expect(page.getByRole('dialog', { name: 'Filter' }).getByRole('textbox').first()).toBeVisible();
        await clean(page, 'Filter');
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toBeHidden();
        await page.getByRole('button', { name: 'Save as a view…' }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await clean(page, 'Save as a view');
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toBeHidden();
        await page.keyboard.press('Control+a');
        await expect(page.getByRole('toolbar')).toBeVisible();
        await clean(page, 'Chosen');
        for (const [key, dialog] of [
          ['d', 'New date for all of them'],
          ['w', 'Wait for somebody'],
        ] as const) {
          await page.keyboard.press(key);
          await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
          await clean(page, dialog);
          await page.keyboard.press('Escape');
          await expect(page.getByRole('dialog')).toBeHidden();
        }
        await page.keyboard.press('Control+k');
        await expect(page.getByRole('option').first()).toBeVisible();
        await clean(page, 'Palette');
        await page.keyboard.type('cake');
        await expect(page.getByRole('option', { name: /lemon cake/i })).toBeVisible();
        await clean(page, 'Palette, found');
      });
    });
  }
}

/** A promise that is overdue, so that everything there is to say about one is said. */
async function overdue(kept: RunningKept): Promise<string> {
  return kept.promise({
    what: 'lemon cakes',
    quantity: 3,
    customer_name: 'Hannah Okafor',
    due: { day: '2026-11-20', hours: { kind: 'at', time: '15:00' } },
    total: { minor: 9000, currency: 'USD' },
    received: { minor: 3000, currency: 'USD' },
  });
}

/** There are no frames in a screen, so that all of it is looked through at once. */
async function clean(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode().analyze();
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join('\n')}`,
  );
  expect.soft(found, screen).toEqual([]);
}
