import type { Page } from '@playwright/test';
import { expect, open, status, test, type RunningKept } from './kept';

test('several promises are chosen by keyboard and handed over as one change', async ({ page, kept }) => {
  await five(kept);
  await open(page, kept, '#/promises', 'Promises');
  const grid = page.getByRole('grid', { name: 'Promises' });
  await expect(grid).toHaveAttribute('aria-multiselectable', 'true');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+J');
  const bar = page.getByRole('toolbar', { name: 'With the chosen promises' });
  await expect(bar).toContainText('3 chosen');
  await expect(grid.locator('[aria-selected="true"]')).toHaveCount(3);
  await page.keyboard.press('Shift+ArrowUp');
  await expect(bar).toContainText('2 chosen');

  await page.keyboard.press('e');
  await expect(status(page, 'Handed over 2 promises')).toBeVisible();
  await expect(grid).toHaveAttribute('aria-rowcount', '4');
  await expect(bar).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(grid).toHaveAttribute('aria-rowcount', '6');
});

test('check boxes choose by mouse, a whole range with Shift, and Escape lets go', async ({ page, kept }) => {
  await five(kept);
  await open(page, kept, '#/promises?sort=promise', 'Promises');
  const box = (name: string) => page.getByRole('checkbox', { name: `Choose ${name}` });
  await row(page, 'Cake 1').hover();
  await box('Cake 1').click();
  await box('Cake 4').click({ modifiers: ['Shift'] });
  const bar = page.getByRole('toolbar', { name: 'With the chosen promises' });
  await expect(bar).toContainText('4 chosen');
  await box('Cake 2').click();
  await expect(bar).toContainText('3 chosen');
  await expect(box('Cake 2')).not.toBeChecked();
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();
  await page.keyboard.press('Control+a');
  await expect(bar).toContainText('5 chosen');
});

test('several promises of Today are chosen by keyboard, and what is done is done with all of them', async ({
  page,
  kept,
}) => {
  const due = { day: '2026-11-21', hours: { kind: 'at' as const, time: '15:00' } };
  for (const what of ['bread', 'cake', 'sign', 'pie']) await kept.promise({ what, due });
  await page.goto(kept.at('#/today'));
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  await expect(row('Pie')).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  const bar = page.getByRole('toolbar', { name: 'With the chosen promises' });
  await expect(bar).toContainText('3 chosen');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(bar).toContainText('2 chosen');
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(2);
  await page.keyboard.press('s');
  await expect(status(page, 'Started 2 promises')).toBeVisible();
  await expect(bar).toContainText('2 chosen');
  await page.keyboard.press('e');
  await expect(status(page, 'Handed over 2 promises')).toBeVisible();
  await expect(bar).toBeHidden();
  await expect(page.getByRole('listitem').filter({ hasText: 'Maria' })).toHaveCount(2);

  await page.keyboard.press('Control+z');
  await expect(page.getByRole('listitem').filter({ hasText: 'Maria' })).toHaveCount(4);
  await row('Bread')
    .getByRole('link')
    .click({ modifiers: ['Control'] });
  await row('Sign')
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await expect(bar).toContainText('chosen');
  await bar.getByRole('button', { name: 'Choose none' }).click();
  await expect(bar).toBeHidden();
  await page.keyboard.press('Control+a');
  await expect(bar).toContainText('4 chosen');
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();
});

test('Ctrl+A in a field chooses its text', async ({ page, kept }) => {
  await five(kept);
  await open(page, kept, '#/promises', 'Promises');
  const search = page.getByRole('main').getByRole('searchbox');
  await search.fill('cake');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await expect(search).toHaveValue('');
  await expect(page.getByRole('toolbar', { name: 'With the chosen promises' })).toBeHidden();
});

test('the dates of several promises move together, and what cannot move is told', async ({ page, kept }) => {
  const [first] = await five(kept);
  await kept.ask('move_date', {
    promise: first ?? '',
    to: { day: '2026-12-04', hours: { kind: 'any_time' } },
    by: 'us',
    past_is_meant: false,
  } as Parameters<typeof kept.ask<'move_date'>>[1]);
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('j');
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('toolbar')).toContainText('5 chosen');
  await page.keyboard.press('d');
  const dialog = page.getByRole('dialog', { name: 'New date for all of them' });
  await dialog.getByRole('textbox', { name: 'To' }).fill('4 Dec');
  await dialog.getByRole('radio', { name: 'The customers' }).check();
  await dialog.getByRole('button', { name: 'Move them' }).click();
  await expect(status(page, /Moved 4 promises to Fri 4 Dec \(they asked\).*stayed as it is/)).toBeVisible();
  await expect(dialog).toBeHidden();
});

test('whether the customers know of a move that we asked for is asked, and it stays on record', async ({
  page,
  kept,
}) => {
  const [first] = await five(kept);
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('j');
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('toolbar')).toContainText('5 chosen');
  await page.keyboard.press('d');
  const dialog = page.getByRole('dialog', { name: 'New date for all of them' });
  await dialog.getByRole('textbox', { name: 'To' }).fill('4 Dec');
  await expect(dialog.getByRole('radio', { name: 'Told just now' })).toBeHidden();
  await dialog.getByRole('radio', { name: 'We did' }).check();
  await dialog.getByRole('radio', { name: 'Told just now' }).check();
  await dialog.getByRole('radio', { name: 'Yes' }).check();
  await dialog.getByRole('textbox', { name: /What you wrote to them/ }).fill('The oven is broken until Monday.');
  await dialog.getByRole('textbox', { name: /^Why/ }).fill('oven');
  await dialog.getByRole('button', { name: 'Move them' }).click();
  await expect(status(page, 'Moved 5 promises to Fri 4 Dec (we asked)')).toBeVisible();
  const { dates } = await kept.ask('promise', { promise: first ?? '' });
  expect(dates.moves[0]).toMatchObject({
    by: 'us',
    agreed: true,
    why: 'oven',
    note: 'The oven is broken until Monday.',
  });
  expect(dates.moves[0]?.told_at).not.toBeNull();
});

test('a list is narrowed to a customer and to something of the menu, by a few letters', async ({ page, kept }) => {
  await five(kept);
  const { offer } = await kept.ask('save_offer', {
    draft: { name: 'Wedding cake', why: '', parts: [], steps: [], inputs: [], checklist: [] },
  });
  await kept.promise({ what: 'tart', customer_name: 'Zoë Ødegård' });
  await kept.promise({
    what: 'bride cake',
    customer_name: 'Zoë Ødegård',
    parts: [{ what: 'bride cake', quantity: 1, offer }],
  } as Parameters<typeof kept.promise>[0]);
  await open(page, kept, '#/promises', 'Promises');
  const grid = page.getByRole('grid', { name: 'Promises' });
  await expect(grid).toHaveAttribute('aria-rowcount', '8');
  await page.keyboard.press('f');
  const panel = page.getByRole('dialog', { name: 'Filter' });
  await panel.getByRole('combobox', { name: 'Customer' }).fill('zo');
  await panel.getByRole('option', { name: /Zoë Ødegård/ }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', '3');
  const chips = page.getByRole('group', { name: 'Filters' });
  await expect(chips).toContainText('Customer Zoë Ødegård');
  await panel.getByRole('combobox', { name: 'Of the menu' }).fill('wed');
  await expect(panel.getByRole('option', { name: 'Wedding cake' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(grid).toHaveAttribute('aria-rowcount', '2');
  await expect(chips).toContainText('Of the menu Wedding cake');
  await panel.getByRole('combobox', { name: 'Customer' }).fill('');
  await expect(chips).not.toContainText('Customer Zoë');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  // The names are there as well where nothing is found.
  await page.goto(kept.at(`#/promises?filter=closed&offer=${offer}`));
  await expect(chips).toContainText('Of the menu Wedding cake');
  await page.keyboard.press('4');
  await expect(page.getByRole('heading', { name: 'Board', level: 1 })).toBeVisible();
  await expect(chips).toContainText('Of the menu Wedding cake');
});

test('filters combine as chips, and the list gets a tab of its own', async ({ page, kept }) => {
  const [first, second] = await five(kept);
  for (const promise of [first, second]) await kept.ask('start_work', { promise: promise ?? '' });
  await kept.promise({ what: 'bread', customer_name: 'Zoë' });
  await open(page, kept, '#/promises', 'Promises');
  const grid = page.getByRole('grid', { name: 'Promises' });
  await expect(grid).toHaveAttribute('aria-rowcount', '7');
  await page.keyboard.press('f');
  await page.getByRole('dialog', { name: 'Filter' }).getByRole('checkbox', { name: 'In progress' }).check();
  await expect(grid).toHaveAttribute('aria-rowcount', '3');
  await page.keyboard.press('Escape');
  const chips = page.getByRole('group', { name: 'Filters' });
  await expect(chips).toContainText('Status In progress');

  await chips.getByRole('button', { name: 'Save as a view…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('In the oven');
  await page.keyboard.press('Enter');
  const tab = page.getByRole('navigation', { name: 'Which promises' }).getByRole('link', { name: 'In the oven' });
  await expect(tab).toHaveAttribute('aria-current', 'true');
  await expect(tab).toContainText('2');

  await chips.getByRole('button', { name: 'Without Status In progress' }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', '7');
  await expect(chips.getByRole('button', { name: 'Save the changes' })).toBeVisible();
  await tab.click();
  await expect(grid).toHaveAttribute('aria-rowcount', '3');
  await page.reload();
  await expect(tab).toHaveAttribute('aria-current', 'true');
  await expect(grid).toHaveAttribute('aria-rowcount', '3');

  await chips.getByRole('button', { name: 'Remove this view' }).click();
  await expect(tab).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(tab).toBeVisible();
});

test('a list is ordered by its heads, one way, the other way, and by urgency again', async ({ page, kept }) => {
  await five(kept);
  await open(page, kept, '#/promises', 'Promises');
  const head = page.getByRole('columnheader', { name: 'Promise' });
  const first = page.locator('[aria-rowindex="2"]');
  await expect(first).toContainText('Cake 5');
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await expect(first).toContainText('Cake 1');
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await expect(first).toContainText('Cake 5');
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'none');
  await expect(page.getByRole('columnheader', { name: 'Value' }).getByRole('button')).toHaveCount(0);
});

/** Five cakes, of which the last is due first. */
async function five(kept: RunningKept): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 1; at <= 5; at += 1) {
    const day = `2026-11-${30 - at}`;
    ids.push(await kept.promise({ what: `cake ${at}`, due: { day, hours: { kind: 'at', time: '15:00' } } }));
  }
  return ids;
}

function row(page: Page, title: string) {
  return page.getByRole('row').filter({ hasText: title });
}
