import { expect, open, status, tabTo, test } from './kept';
import { OWED } from '../../ui/src/lib/lists';

test('an overdue promise is in the alert centre, is snoozed, and another is seen', async ({ page, kept }) => {
  const yesterday = {
    day: '2026-11-20',
    hours: { kind: 'at', time: '15:00' },
  } as const;
  await kept.promise({
    what: 'lemon cake',
    customer_name: 'Hannah Okafor',
    due: yesterday,
  });
  await kept.promise({
    what: 'croissants',
    quantity: 40,
    customer_name: 'Corner Café',
    due: yesterday,
  });
  await page.goto(kept.at('#/today'));
  await expect(page.getByRole('link', { name: /lemon cake/i })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { name: 'Alerts' })).toBeFocused();
  const overdue = page.getByRole('region', { name: 'Overdue' });
  const cake = overdue.getByRole('link', {
    name: /lemon cake for Hannah Okafor/i,
  });
  const croissants = overdue.getByRole('link', {
    name: /croissants for Corner Café/i,
  });
  await expect(cake).toBeVisible();
  await expect(cake).toHaveAccessibleDescription(/Computed from the date Fri 20 Nov, 15:00/);

  await tabTo(page, cake);
  await page.keyboard.press('h');
  await page.getByRole('menuitem', { name: 'For an hour' }).focus();
  await page.keyboard.press('Enter');
  await expect(cake).toBeHidden();
  await expect(page.getByRole('region', { name: /Snoozed/ })).toContainText(/lemon cake/i);

  await expect(croissants).toBeVisible();
  await tabTo(page, croissants);
  await page.keyboard.press('a');
  await expect(croissants).toBeHidden();
  await expect(status(page, 'Acknowledged')).toBeVisible();
  expect((await kept.ask('promises', { ...OWED, filter: 'overdue', limit: 10, offset: 0 })).count).toBe(2);
});

test('several alerts are dealt with at once', async ({ page, kept }) => {
  for (const what of ['lemon cake', 'oak sign', 'signed book']) {
    await kept.promise({
      what,
      due: { day: '2026-11-20', hours: { kind: 'at', time: '10:00' } },
    });
  }
  await open(page, kept, '#/alerts', 'Alerts');
  const overdue = page.getByRole('region', { name: 'Overdue' });
  await expect(overdue.getByRole('listitem')).toHaveCount(3);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByRole('toolbar', { name: 'Selected alerts' })).toContainText('2 selected');
  await page.keyboard.press('a');
  await expect(overdue.getByRole('listitem')).toHaveCount(1);
});

test('an alert is snoozed until a time of one’s own', async ({ page, kept }) => {
  await kept.promise({
    what: 'lemon cake',
    due: { day: '2026-11-20', hours: { kind: 'at', time: '10:00' } },
  });
  await open(page, kept, '#/alerts', 'Alerts');
  await expect(page.getByRole('region', { name: 'Overdue' })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('h');
  await page.getByRole('menuitem', { name: 'Pick a time…' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Snooze until' });
  await expect(dialog.getByRole('textbox', { name: 'Day' })).toBeFocused();
  await page.keyboard.type('tomorrow');
  await tabTo(page, dialog.getByRole('textbox', { name: 'Time' }));
  await page.keyboard.type('2pm');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('region', { name: /Snoozed/ })).toContainText('14:00');
});
