import { expect, go, status, tabTo, test } from './kept';
import { OWED } from '../../ui/src/lib/lists';

test('some of a promise is handed over, its date is moved, and it is called off', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cupcakes', quantity: 12 });
  await page.goto(kept.at(`#/promise/${promise}`));
  await expect(page.getByRole('heading', { name: '12 cupcakes' })).toBeVisible();

  await page.keyboard.press('o');
  const handOver = page.getByRole('dialog', { name: 'Hand over' });
  await expect(handOver.getByLabel('How many of cupcakes')).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('5');
  await page.keyboard.press('Enter');
  await expect(handOver).toBeHidden();
  await expect(status(page, 'Handed over 5')).toBeVisible();
  expect((await kept.ask('promise', { promise })).parts[0]).toMatchObject({
    handed_over: 5,
    left: 7,
  });

  await page.keyboard.press('d');
  const move = page.getByRole('dialog', { name: 'New date' });
  await expect(move.getByRole('textbox', { name: 'To' })).toBeFocused();
  await page.keyboard.type('mon 30 nov');
  await tabTo(page, move.getByRole('radio', { name: 'The customer' }));
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(move).toBeHidden();
  const dates = async () => (await kept.ask('promise', { promise })).dates;
  await expect.poll(async () => (await dates()).current).toContain('Mon 30 Nov');
  const { first, moves } = await dates();
  expect(first).toContain('Fri 27 Nov');
  expect(moves[0]).toMatchObject({ by: 'customer' });
  await expect(page.getByText(/Mon 30 Nov/).first()).toBeVisible();

  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: /Call it off/ }).focus();
  await page.keyboard.press('Enter');
  const cancel = page.getByRole('dialog', { name: 'Call it off' });
  await tabTo(page, cancel.getByRole('radio', { name: 'The customer' }));
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(cancel).toBeHidden();
  await expect.poll(async () => (await kept.ask('promise', { promise })).cancelled).toMatchObject({ by: 'customer' });

  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await kept.ask('promise', { promise })).cancelled).toBeNull();
});

test('names with markup, from right to left and with emoji are shown as they are', async ({ page, kept }) => {
  const names = ['<img src=x onerror="document.title=1">', 'חנה לוי', 'Zoë 🎂', 'A'.repeat(60)];
  for (const name of names) {
    await kept.promise({
      what: `${name} cake`,
      customer_name: name,
      due: { day: '2026-11-20', hours: { kind: 'any_time' } },
    });
  }
  await page.goto(kept.at('#/today'));
  for (const [hash, screen] of [
    ['#/today', 'Today'],
    ['#/promises', 'Promises'],
    ['#/alerts', 'Alerts'],
  ] as const) {
    await go(page, hash);
    await expect(page.getByRole('heading', { name: screen })).toBeVisible();
    for (const name of names) await expect(page.getByText(`${name} cake`).first()).toBeVisible();
    expect(await page.locator('main img').count()).toBe(0);
  }
  const { rows } = await kept.ask('promises', { ...OWED, filter: 'all', search: 'onerror', limit: 1, offset: 0 });
  await go(page, `#/promise/${rows[0]?.id}`);
  await expect(page.getByRole('heading', { name: /<img src=x/ })).toBeVisible();
  expect(await page.locator('main img').count()).toBe(0);
});
