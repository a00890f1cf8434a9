import AxeBuilder from '@axe-core/playwright';
import { expect, go, open, status, tabTo, test, type RunningKept } from './kept';

/** A promise that repeats, made without the screen. */
async function repeats(kept: RunningKept, what: string, rule: string, from: string): Promise<string> {
  const saved = await kept.ask('save_series', {
    by: 'customer',
    draft: {
      customer_name: 'Corner Café',
      rule,
      from,
      hours: { kind: 'at', time: '07:00' },
      parts: [{ what, quantity: 40 }],
      steps: [],
      checklist: [],
      inputs: [],
      on_the_day: false,
    },
  });
  return saved.series;
}

test('a promise is repeated by keyboard, its next times are promises, and it is stopped', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'loaves', quantity: 18 });
  await page.goto(kept.at(`#/promise/${promise}`));
  await tabTo(page, page.getByRole('button', { name: 'Repeat it' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Repeat this promise' });
  await expect(dialog.getByText('every Friday, 15:00')).toBeVisible();
  await tabTo(page, dialog.getByRole('checkbox', { name: 'Tuesday' }));
  await page.keyboard.press('Space');
  await expect(dialog.getByText('every Tuesday and Friday, 15:00')).toBeVisible();
  await tabTo(page, dialog.getByRole('button', { name: 'Promise it again and again' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '18 loaves', level: 1 })).toBeVisible();
  const owed = page.getByRole('region', { name: 'Still owed' });
  await expect(owed.getByRole('link').first()).toBeVisible();
  await expect(owed).toContainText('Tue 1 Dec');

  await page.getByRole('button', { name: 'Stop it…' }).press('Enter');
  const stop = page.getByRole('dialog', { name: 'Stop it' });
  await stop.getByRole('button', { name: 'Stop it' }).click();
  await expect(stop.getByText('Say who ends it.')).toBeVisible();
  await stop.getByRole('radio', { name: 'The customer' }).press('Space');
  await stop.getByRole('button', { name: 'Stop it' }).click();
  await expect(stop).toBeHidden();
  await expect(page.getByText('It is over.')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('It is over.')).toBeHidden();
});

test('a rule that never happens is refused in words', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'loaves' });
  await page.goto(kept.at(`#/promise/${promise}`));
  await page.getByRole('button', { name: 'Repeat it' }).click();
  const dialog = page.getByRole('dialog', { name: 'Repeat this promise' });
  await dialog.getByRole('textbox', { name: 'Every how many' }).fill('0');
  await expect(dialog.getByText('“Every 0 days” never happens.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Promise it again and again' }).click();
  await expect(dialog).toBeVisible();
  expect((await kept.ask('series_list', { also_over: true })).series).toEqual([]);
});

test('the list shows what repeats and when it is over, and leads to each and to its customer', async ({
  page,
  kept,
}) => {
  await repeats(kept, 'croissants', 'FREQ=WEEKLY;BYDAY=MO', '2026-11-23');
  const over = await repeats(kept, 'rolls', 'FREQ=DAILY', '2026-11-22');
  await kept.ask('stop_series', { series: over, last: '2026-11-21', by: 'customer' });
  await open(page, kept, '#/repeating', 'Repeating');
  const list = page.getByRole('list', { name: 'Promises that repeat' });
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list).toContainText('every Monday, 07:00');
  await page.getByRole('checkbox', { name: 'Also the one that is over' }).press('Space');
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '40 croissants', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Corner Café' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Corner Café', level: 1 })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Repeats' })).toContainText('40 croissants');
});

test('what is missed again and again is said in words', async ({ page, kept }) => {
  const series = await repeats(kept, 'papers', 'FREQ=DAILY', '2026-11-22');
  const later = await kept.later('2026-11-25T09:41:00Z');
  try {
    const words = '4 of the last 4 were missed: look for the cause';
    await page.goto(later.at(`#/series/${series}`));
    await expect(page.getByRole('note').filter({ hasText: words })).toBeVisible();
    const went = page.getByRole('region', { name: /^(Still owed|How it went)$/ });
    await expect(went.getByText('missed', { exact: true })).toHaveCount(4);
    await page.goto(later.at('#/repeating'));
    await expect(page.getByText(words)).toBeVisible();
    const { open: owed } = await later.ask('series', { series });
    await page.goto(later.at(`#/promise/${owed[0]?.id ?? ''}`));
    await expect(page.getByText(words)).toBeVisible();
  } finally {
    await later.stop();
  }
});

test('a chore is made, done on Today, left out, corrected and removed', async ({ page, kept }) => {
  await open(page, kept, '#/chores', 'Chores');
  await tabTo(page, page.getByRole('button', { name: 'New chore' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New chore' });
  await expect(dialog.getByRole('textbox').first()).toBeFocused();
  await page.keyboard.type('Clean the oven');
  await dialog.getByRole('radio', { name: 'Days' }).press('Space');
  await expect(dialog.getByText('every day', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Add it' }).press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('listitem').filter({ hasText: 'Clean the oven' })).toBeVisible();

  await kept.promise({ what: 'cake' });
  await go(page, '#/today');
  const chores = page.getByRole('region', { name: /^Chores/ });
  await expect(chores).toContainText('Clean the oven');
  await tabTo(page, chores.getByRole('button', { name: 'Done: Clean the oven' }));
  await page.keyboard.press('Enter');
  await expect(chores).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(chores).toBeVisible();
  await chores.getByRole('button', { name: 'Leave out this time: Clean the oven' }).press('Enter');
  await expect(chores).toBeHidden();

  await go(page, '#/chores');
  await page.getByRole('button', { name: 'Correct Clean the oven' }).press('Enter');
  const correct = page.getByRole('dialog', { name: 'Correct this chore' });
  await expect(correct.getByRole('textbox', { name: 'What is done' })).toHaveValue('Clean the oven');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Do Clean the oven no longer' }).press('Enter');
  await expect(page.getByText('No chores yet.')).toBeVisible();
  await status(page, 'Clean the oven').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'Correct Clean the oven' })).toBeVisible();
});

test('what repeats is accessible in light and dark', async ({ page, kept }) => {
  await kept.ask('look_around', {});
  const { series } = await kept.ask('series_list', { also_over: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const hash of ['#/repeating', `#/series/${series[0]?.id ?? ''}`, '#/chores']) {
      // Each is loaded anew, so that the heading is not that of the screen before.
      await page.goto('about:blank');
      await page.goto(kept.at(hash));
      await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations).toEqual([]);
    }
  }
});
