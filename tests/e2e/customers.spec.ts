import AxeBuilder from '@axe-core/playwright';
import { expect, go, open, status, tabTo, test, type RunningKept } from './kept';

/** Takes down a customer without the screen. */
async function customer(kept: RunningKept, name: string, email: string): Promise<string> {
  const saved = await kept.ask('save_customer', {
    form: { name, contacts: [{ kind: 'email', address: email }], address: [], also: [] },
  });
  return saved.customer;
}

test('a customer is found in spite of a slip, opened by keyboard, and come back from', async ({ page, kept }) => {
  for (const name of ['Ada Brown', 'Hannah Okafor', 'Zoë Ødegård'])
    await kept.promise({ what: 'cake', customer_name: name });
  await page.goto(kept.at('#/today'));
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.getByRole('heading', { name: 'Customers', level: 1 })).toBeFocused();
  const grid = page.getByRole('grid', { name: 'Customers' });
  await expect(grid.getByRole('row')).toHaveCount(4);

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search customers' })).toBeFocused();
  await page.keyboard.type('zoe');
  await expect(grid.getByRole('row')).toHaveCount(2);
  await expect(grid.getByRole('link', { name: 'Zoë Ødegård' })).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('hanah');
  await expect(page.getByText('These come close')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Hannah Okafor', level: 1 })).toBeFocused();
  await expect(page.getByText('First promise')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Still owed' }).getByRole('link', { name: 'Cake' })).toBeVisible();

  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Customers', level: 1 })).toBeVisible();
  await expect(grid.getByRole('row')).toHaveCount(4);
});

test('customers are ordered by how much they are still owed, by the head of the list', async ({ page, kept }) => {
  await kept.promise({ what: 'cake', customer_name: 'Ada Brown' });
  for (const what of ['bread', 'rolls']) await kept.promise({ what, customer_name: 'Zoë Quinn' });
  await open(page, kept, '#/customers', 'Customers');
  const grid = page.getByRole('grid', { name: 'Customers' });
  await expect(grid.getByRole('link').first()).toHaveText('Ada Brown');
  await tabTo(page, grid.getByRole('button', { name: 'Owed' }));
  await page.keyboard.press('Enter');
  await expect(grid.getByRole('columnheader', { name: 'Owed' })).toHaveAttribute('aria-sort', 'descending');
  await expect(grid.getByRole('link').first()).toHaveText('Zoë Quinn');
  await expect(grid.getByText('2 open')).toBeVisible();
});

test('what is known of a customer is corrected, a wrong address is refused, and it is undone', async ({
  page,
  kept,
}) => {
  const id = await customer(kept, 'Maria Silva', 'maria@example.com');
  await page.goto(kept.at(`#/customer/${id}`));
  await expect(page.getByRole('heading', { name: 'Maria Silva', level: 1 })).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Correct…' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Correct this customer' });
  await expect(dialog.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  await page.keyboard.type('Maria da Silva');
  await tabTo(page, dialog.getByRole('textbox', { name: 'E-mail' }));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('nowhere');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('This is no e-mail address.')).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'E-mail' })).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('maria@silva.example');
  await tabTo(page, dialog.getByRole('button', { name: 'Add a way' }));
  await page.keyboard.press('Enter');
  await page.keyboard.type('020 7946 0000');
  await tabTo(page, dialog.getByRole('textbox', { name: 'Address' }));
  await page.keyboard.type('12 Long Lane\nOxford');
  await tabTo(page, dialog.getByRole('button', { name: 'Save' }));
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Maria da Silva', level: 1 })).toBeVisible();
  await expect(page.getByText('maria@silva.example')).toBeVisible();
  await expect(page.getByText('12 Long Lane')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('heading', { name: 'Maria Silva', level: 1 })).toBeVisible();
});

test('two customers with one address are suggested as one, merged, and parted again', async ({ page, kept }) => {
  const maria = await customer(kept, 'Maria Silva', 'maria@example.com');
  const same = await customer(kept, 'M. Silva', 'maria@example.com');
  await kept.promise({ what: 'pavlova', customer: same, customer_name: '' });
  await page.goto(kept.at(`#/customer/${maria}`));
  await expect(page.getByText('M. Silva may be the same customer: they have the same e-mail address.')).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'They are one…' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Two customers are one' });
  await expect(dialog.getByRole('combobox', { name: /is the same as/ })).toHaveValue('M. Silva');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Also goes by M. Silva')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Still owed' }).getByRole('link', { name: 'Pavlova' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText('turned out to be the same customer');
  expect((await kept.ask('customers', { search: '', sort: 'name', offset: 0, limit: 10 })).count).toBe(1);

  await status(page, 'M. Silva').getByRole('button', { name: 'Undo' }).click();
  await expect
    .poll(async () => (await kept.ask('customers', { search: '', sort: 'name', offset: 0, limit: 10 })).count)
    .toBe(2);
});

test('two who are two are not suggested again', async ({ page, kept }) => {
  await customer(kept, 'Maria Silva', 'family@example.com');
  await customer(kept, 'João Silva', 'family@example.com');
  await open(page, kept, '#/customers', 'Customers');
  await page.getByRole('button', { name: 'Two may be one' }).click();
  const dialog = page.getByRole('dialog', { name: 'Who may be the same customer' });
  await tabTo(page, dialog.getByRole('button', { name: /are two$/ }));
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Nobody looks like anybody else any more.')).toBeVisible();
  expect((await kept.ask('doubles', {})).pairs).toEqual([]);
});

test('the palette and a promise lead to the customer, and a note stays on their timeline', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake', customer_name: 'Hannah Okafor' });
  await page.goto(kept.at(`#/promise/${promise}`));
  await tabTo(page, page.getByRole('link', { name: 'Hannah Okafor' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Hannah Okafor', level: 1 })).toBeVisible();
  await tabTo(page, page.getByRole('textbox', { name: 'Add a note' }));
  await page.keyboard.type('Likes lemon.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText('Likes lemon.');

  await go(page, '#/today');
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('hannah');
  await page.getByRole('option', { name: /Hannah Okafor.*1 promise/ }).click();
  await expect(page.getByRole('heading', { name: 'Hannah Okafor', level: 1 })).toBeVisible();
});

test('a long history is read a page at a time', async ({ page, kept }) => {
  for (let at = 1; at <= 60; at += 1) await kept.promise({ what: `loaf ${at}` });
  const { rows } = await kept.ask('customers', { search: '', sort: 'name', offset: 0, limit: 1 });
  await page.goto(kept.at(`#/customer/${rows[0]?.id ?? ''}`));
  const timeline = page.getByRole('region', { name: 'What happened' });
  await expect(timeline).toContainText('1 to 50 of 60');
  await timeline.getByRole('button', { name: 'Older' }).click();
  await expect(timeline).toContainText('51 to 60 of 60');
  await expect(timeline.getByRole('listitem')).toHaveCount(10);
  await expect(timeline.getByRole('button', { name: 'Older' })).toBeDisabled();
});

test('the list and the page of a customer are accessible, also in the dark and in a small window', async ({
  page,
  kept,
}) => {
  await kept.ask('look_around', {});
  const { rows } = await kept.ask('customers', { search: 'hannah', sort: 'name', offset: 0, limit: 1 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(colorScheme === 'light' ? { width: 1280, height: 800 } : { width: 900, height: 600 });
    for (const [hash, title] of [
      ['#/customers', 'Customers'],
      [`#/customer/${rows[0]?.id ?? ''}`, 'Hannah Okafor'],
    ] as const) {
      await page.goto(kept.at(hash));
      await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
      await expect(page.getByText('Second chance').first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations).toEqual([]);
    }
  }
});

test('a promise that is begun on the page of a customer is for them, unless it names somebody else', async ({
  page,
  kept,
}) => {
  await kept.promise({ what: 'cake', customer_name: 'Zoë Ødegård' });
  const { rows } = await kept.ask('customers', { search: '', sort: 'name', offset: 0, limit: 10 });
  const id = rows[0]?.id ?? '';
  await open(page, kept, `#/customer/${id}`, 'Zoë Ødegård');
  await page.keyboard.press('n');
  const bar = page.getByRole('textbox', { name: 'Promise something' });
  await expect(bar).toBeFocused();
  await expect(page.getByText('For Zoë Ødegård')).toBeVisible();
  await page.keyboard.type('2 tarts by 4 Dec');
  await expect(page.getByRole('group', { name: 'Due' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: /Customer/ })).toHaveValue('Zoë Ødegård');
  await page.keyboard.press('Enter');
  await expect(status(page, /Promised 2 tarts.* to Zoë Ødegård|Promised 2 tarts for Zoë Ødegård/)).toBeVisible();
  await expect(page.getByText('For Zoë Ødegård')).toBeHidden();
  const { open: owed } = await kept.ask('customer', { customer: id, offset: 0, limit: 10 });
  expect(owed).toBe(2);

  await go(page, `#/customer/${id}`);
  await page.getByRole('button', { name: 'Promise something' }).click();
  await expect(bar).toBeFocused();
  await page.keyboard.type('bread for Jo Kerr by 4 Dec');
  await expect(page.getByRole('combobox', { name: /Customer/ })).toHaveValue('Jo Kerr');
  await bar.fill('');
  await page.keyboard.press('Backspace');
  await expect(page.getByText('For Zoë Ødegård')).toBeHidden();
});
