// The record and the week, by keyboard alone: each figure is one press away from the promises behind it.

import type { Page } from '@playwright/test';
import { expect, open, tabTo, test, type RunningKept } from './kept';

/** Three promises that were due this month: two kept, one not. */
async function shop(kept: RunningKept): Promise<void> {
  for (const [what, day] of [
    ['tart', '2026-11-20'],
    ['pie', '2026-11-19'],
    ['cake', '2026-11-18'],
  ] as const) {
    const due = { day, hours: { kind: 'at' as const, time: '15:00' } };
    await kept.promise({ what, due, total: { minor: 4_000, currency: 'USD' } });
  }
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, page.getByRole('button', { name }).first());
  await page.keyboard.press('Enter');
}

test('a figure leads to the promises behind it and back, by keys alone', async ({ page, kept }) => {
  await shop(kept);
  await open(page, kept, '#/insights', 'Insights');
  await expect(page.getByRole('button', { name: '0 of 3: Kept and missed, as first promised' })).toBeVisible();
  await press(page, '3 missed: Missed, as first promised');
  const behind = page.getByRole('dialog', { name: 'Missed, as first promised' });
  await expect(behind.getByRole('link')).toHaveText(['Tart', 'Pie', 'Cake']);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: '3 missed: Missed, as first promised' })).toBeFocused();

  // What is drawn stands in a table as well, and its figures are as near.
  const course = page.getByRole('region', { name: 'Everything was kept in 0 of 1 week' });
  await tabTo(page, course.getByText('As a table'));
  await page.keyboard.press('Enter');
  await press(page, '3 Missed, 16 Nov');
  await expect(page.getByRole('dialog', { name: 'Missed, from 16 Nov' }).getByRole('link')).toHaveCount(3);
  await page.keyboard.press('Escape');

  // The year is one stop for Tab; the arrows go from day to day.
  const day = (words: string) => page.getByRole('button', { name: words });
  await tabTo(page, day('Fri 20 Nov: 0 kept, 1 missed'));
  await page.keyboard.press('ArrowLeft');
  await expect(day('Thu 19 Nov: 0 kept, 1 missed')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(day('Wed 18 Nov: 0 kept, 1 missed')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Due on Wed 18 Nov' }).getByRole('link')).toHaveText(['Cake']);
});

test('the days are chosen, also others, and the address keeps them', async ({ page, kept }) => {
  await shop(kept);
  await open(page, kept, '#/insights', 'Insights');
  const days = page.getByRole('combobox', { name: 'Of which days' });
  await expect(days.locator('option:checked')).toHaveText('Last 90 days');
  await days.selectOption({ label: 'Last month' });
  await expect(page.getByText('Thu 1 Oct to Sat 31 Oct')).toBeVisible();
  await expect(page.getByText('Nothing was due in this time.')).toBeVisible();
  await page.goBack();
  await expect(days.locator('option:checked')).toHaveText('Last 90 days');
  await days.selectOption({ label: 'Other days…' });
  const dialog = page.getByRole('dialog', { name: 'Of which days' });
  await dialog.getByRole('textbox', { name: 'From' }).fill('20/11/2026');
  await dialog.getByRole('textbox', { name: 'To', exact: true }).fill('19/11/2026');
  await dialog.getByRole('button', { name: 'Show these days' }).click();
  await expect(dialog.getByText('Choose a last day after the first, within three years.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'From' }).fill('19/11/2026');
  await dialog.getByRole('button', { name: 'Show these days' }).click();
  await expect(page.getByText('Thu 19 Nov to Thu 19 Nov')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: '0 of 1: Kept and missed, as first promised' })).toBeVisible();
});

test('a table is copied as a spreadsheet takes it', async ({ page, context, kept }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await shop(kept);
  await open(page, kept, '#/insights', 'Insights');
  const causes = page.getByRole('region', { name: '3 misses, and nobody has asked why' });
  await causes.getByRole('button', { name: 'Copy the table' }).click();
  await expect(page.getByText('Copied the table')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe('Cause\tMisses\tTogether\nNobody has asked why yet\t3\t100%');
});

test('the week asks its questions, and each answer is one press away', async ({ page, kept }) => {
  await kept.promise({ what: 'bread' });
  await shop(kept);
  await open(page, kept, '#/review', 'The week');
  const first = page.getByRole('region', { name: 'What was promised, and no time is set aside for it?' });
  await expect(first.getByRole('link', { name: 'Bread' })).toBeVisible();
  await press(page, 'Block hours… Bread');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await press(page, 'Tell them… Tart');
  await expect(page.getByRole('dialog', { name: 'Tell Maria Silva' })).toBeVisible();
});

test('what a customer says is taken down by keys alone, from anywhere', async ({ page, kept }) => {
  await kept.promise({ what: 'bread' });
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('c');
  await expect(page.getByLabel('What they said')).toBeFocused();
  await page.keyboard.type('The bread was burnt');
  await press(page, 'Take it down');
  await expect(page.getByRole('link', { name: 'Complaint: The bread was burnt' })).toBeVisible();
  await expect.poll(async () => (await kept.ask('shell', {})).to_answer).toBe(1);
  await expect(page.getByRole('navigation', { name: 'Kept' }).getByRole('link', { name: /Feedback/ })).toContainText(
    '1',
  );
});
