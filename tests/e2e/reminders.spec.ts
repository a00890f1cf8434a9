import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, open, status, tabTo, test } from './kept';

/** Nothing that one who cannot see or point would stumble over. */
async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => ({
      id,
      where: nodes.map(({ target }) => target),
    })),
  ).toEqual([]);
}

/** Chooses a line of the menu that is open. */
async function choose(page: Page, words: string): Promise<void> {
  const line: Locator = page.getByRole('menuitem', { name: words });
  await expect(line).toBeVisible();
  await line.focus();
  await page.keyboard.press('Enter');
}

test('a promise gets reminders of one’s own by keyboard, and loses one again', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'lemon cake' });
  await page.goto(kept.at(`#/promise/${promise}`));
  await expect(page.getByRole('heading', { name: /lemon cake/i, level: 1 })).toBeFocused();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Remind me' });
  await expect(dialog.getByRole('combobox', { name: 'When' })).toBeFocused();
  await expectAccessible(page);
  await tabTo(page, dialog.getByRole('textbox', { name: /What it says/ }));
  await page.keyboard.type('Ring her');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const reminders = page.getByRole('region', { name: 'Reminders' });
  await expect(reminders).toContainText('Ring her');
  await expect(reminders).toContainText('1 day before it is due');

  await page.keyboard.press('r');
  await expect(dialog.getByRole('combobox', { name: 'When' })).toBeFocused();
  await page.keyboard.type('On a day');
  await tabTo(page, dialog.getByRole('textbox', { name: 'Day' }));
  await page.keyboard.type('today');
  await tabTo(page, dialog.getByRole('textbox', { name: 'Time' }));
  await page.keyboard.type('8am');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('This time has passed. Choose a later one.')).toBeVisible();
  await tabTo(page, dialog.getByRole('textbox', { name: 'Time' }));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('4pm');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect
    .poll(async () => (await kept.ask('promise', { promise })).own_reminders.map(({ at_words }) => at_words))
    .toEqual(['Thu 26 Nov, 15:00', 'Sat 21 Nov, 16:00']);

  await tabTo(page, reminders.getByRole('button', { name: 'Remove the reminder “Ring her”' }));
  await page.keyboard.press('Enter');
  await expect(reminders.getByText('Ring her').first()).toBeHidden();
  await expect(status(page, 'Undo')).toBeVisible();
});

test('what was put off twice is asked about', async ({ page, kept }) => {
  const promise = await kept.promise({
    what: 'lemon cake',
    due: { day: '2026-11-20', hours: { kind: 'at', time: '10:00' } },
  });
  const until = { kind: 'ten_minutes' } as const;
  for (let times = 0; times < 2; times += 1) {
    await expect
      .poll(async () => (await kept.ask('alerts', {})).groups.length + (await kept.ask('alerts', {})).snoozed.length)
      .toBe(1);
    await kept.ask('snooze_promise', { promise, until, again_is_meant: false });
  }
  await open(page, kept, `#/promise/${promise}`, 'Lemon cake');
  await page.keyboard.press('h');
  const dialog = page.getByRole('dialog', { name: 'Put off twice already' });
  await expect(dialog.getByRole('button', { name: 'Start now' })).toBeFocused();
  await expectAccessible(page);
  await tabTo(page, dialog.getByRole('button', { name: 'I have told the customer' }));
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(status(page, /^Told Maria Silva/)).toBeVisible();
  // What was done about it was done: nothing is owed and nothing put off.
  await expect
    .poll(async () => {
      const { groups, snoozed } = await kept.ask('alerts', {});
      return groups.length + snoozed.length;
    })
    .toBe(0);
});

test('an alert tells what happened to it, and the watch is paused and goes on', async ({ page, kept }) => {
  await kept.promise({
    what: 'lemon cake',
    due: { day: '2026-11-20', hours: { kind: 'at', time: '10:00' } },
  });
  await open(page, kept, '#/alerts', 'Alerts');
  const overdue = page.getByRole('region', { name: 'Overdue' });
  await expect(overdue.getByRole('link', { name: /lemon cake/i })).toBeVisible();
  await tabTo(page, overdue.getByText('What happened'));
  await page.keyboard.press('Enter');
  await expect(overdue.getByText('Came due')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Pause…' }).focus();
  await page.keyboard.press('Enter');
  await choose(page, 'For an hour');
  const bar = page.getByRole('note').filter({ hasText: 'The watch is paused until today 10:41' });
  await expect(bar).toBeVisible();
  await tabTo(page, bar.getByRole('button', { name: 'Go on watching' }));
  await page.keyboard.press('Enter');
  await expect(bar).toBeHidden();
  await expect.poll(async () => (await kept.ask('shell', {})).paused_until).toBeNull();
});

test('alerts are set by kind and by customer, and the next working day is told ahead', async ({ page, kept }) => {
  await kept.promise({
    what: 'lemon cake',
    due: { day: '2026-11-23', hours: { kind: 'at', time: '15:00' } },
  });
  await open(page, kept, '#/settings', 'Settings');
  const group = page.getByRole('region', { name: 'Alerts', exact: true });
  const ahead = page.getByRole('region', { name: /What Mon 23 Nov brings/ });
  await expect(ahead).toContainText(/09:00/);
  await expect(ahead).toContainText(/Overdue unless handed over: Lemon cake for Maria Silva/i);
  await tabTo(page, group.getByRole('button', { name: 'Choose for each kind…' }), 120);
  await page.keyboard.press('Enter');
  const soon = group.getByRole('checkbox', { name: 'Due soon: On' });
  await tabTo(page, soon, 120);
  await expect(soon).toBeChecked();
  await page.keyboard.press('Space');
  await expect(soon).not.toBeChecked();
  await expect(group.getByRole('checkbox', { name: 'Overdue: On' })).toBeDisabled();
  await tabTo(page, group.getByRole('checkbox', { name: 'Hide names on notifications' }), 120);
  await page.keyboard.press('Space');
  await tabTo(page, group.getByRole('combobox', { name: 'Add a customer' }), 120);
  await page.keyboard.type('maria');
  await expect(page.getByRole('option', { name: /Maria Silva/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(
    group.getByRole('button', {
      name: /Maria Silva waits for the morning again/,
    }),
  ).toBeVisible();
  await expect
    .poll(async () => {
      const { kinds, let_through } = (await kept.ask('settings', {})).alerts;
      const { private: hidden } = (await kept.ask('settings', {})).alerts;
      return { kinds, through: let_through.length, hidden };
    })
    .toEqual({
      kinds: { due_soon: { on: false, sound: false, let_through: false } },
      through: 1,
      hidden: true,
    });
  await expectAccessible(page);
});
