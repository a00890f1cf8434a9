// Two windows on one record: whoever saves second is told, nothing is overwritten, and after another look it can be done.

import type { Locator, Page } from '@playwright/test';
import { expect, test, type RunningKept } from './kept';

/** A dialog that sends the version that it was opened with. */
interface DialogOf {
  dialog: string;
  opens: (page: Page) => Promise<void>;
  fills?: (dialog: Locator) => Promise<void>;
  saves: string;
}

const press = (key: string) => (page: Page) => page.keyboard.press(key);
const click = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();
const choose = (name: string) => async (page: Page) => {
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name }).click();
};

const OF_A_PROMISE: DialogOf[] = [
  { dialog: 'Hand over', opens: press('o'), saves: 'Hand over everything' },
  {
    dialog: 'New date',
    opens: press('d'),
    fills: async (dialog) => {
      await dialog.getByRole('textbox', { name: 'To' }).fill('4 Dec');
      await dialog.getByRole('radio', { name: 'The customer' }).check();
    },
    saves: 'Move it',
  },
  {
    dialog: 'Payment',
    opens: press('$'),
    fills: (dialog) => dialog.getByRole('textbox', { name: /^Price/ }).fill('90'),
    saves: 'Save',
  },
  {
    dialog: 'Correct the parts',
    opens: choose('Correct the parts…'),
    fills: (dialog) => dialog.getByRole('textbox', { name: 'What' }).first().fill('muffins'),
    saves: 'Save',
  },
  { dialog: 'Wait for somebody', opens: press('w'), saves: 'Wait' },
  {
    dialog: 'Call it off',
    opens: choose('Call it off…'),
    fills: (dialog) => dialog.getByRole('radio', { name: 'The customer' }).check(),
    saves: 'Call it off',
  },
  {
    dialog: 'Steps',
    opens: click('Steps'),
    fills: (dialog) => dialog.getByRole('textbox', { name: 'Step 1', exact: true }).fill('Bake'),
    saves: 'Save',
  },
  {
    dialog: 'Look at before the handover',
    opens: click('A checklist'),
    fills: (dialog) => dialog.getByRole('textbox').fill('Candles'),
    saves: 'Save',
  },
  {
    dialog: 'Needed from the customer',
    opens: click('What they must give'),
    fills: (dialog) => dialog.getByRole('textbox').fill('The name on it'),
    saves: 'Save',
  },
  { dialog: 'Set hours aside', opens: click('Set hours aside'), saves: 'Set them aside' },
  {
    dialog: 'What is in its way?',
    opens: click(/in its way|in the way/),
    fills: (dialog) => dialog.getByRole('textbox', { name: 'Who has to deliver' }).fill('Mill & Co'),
    saves: 'Note it',
  },
  { dialog: 'When it is worth nothing any more', opens: click(/worth/), saves: 'Save' },
];

/** Looks again at what was changed in the meantime, until it is on the screen. */
async function lookAgain(page: Page, dialog: Locator, request: string): Promise<void> {
  const looked = page.waitForResponse((response) => response.url().endsWith(request));
  await dialog.getByRole('button', { name: 'Look again' }).click();
  await looked;
  // Some dialogs begin anew with what was looked at: a frame later that is what is on the screen.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await expect(dialog.getByRole('alert')).toBeHidden();
}

for (const { dialog: name, opens, fills, saves } of OF_A_PROMISE) {
  test(`two windows on one promise: ${name}`, async ({ page, kept }) => {
    const promise = await kept.promise({ what: 'cupcakes', quantity: 12 });
    const [part] = (await kept.ask('promise', { promise })).parts;
    await kept.ask('set_effort', { promise, part: part?.id ?? '', minutes: 120 });
    await page.goto(kept.at(`#/promise/${promise}`));
    await expect(page.getByRole('heading', { name: '12 cupcakes' })).toBeVisible();
    await opens(page);
    const dialog = page.getByRole('dialog', { name });
    await expect(dialog).toBeVisible();
    await fills?.(dialog);

    await kept.ask('add_note', { promise, text: 'From the other window' });
    const told = await kept.ask('promise', { promise });
    await dialog.getByRole('button', { name: saves, exact: true }).click();
    await expect(dialog.getByRole('alert')).toContainText('This was changed in the meantime');
    expect((await kept.ask('promise', { promise })).history, 'nothing was changed').toEqual(told.history);

    await lookAgain(page, dialog, '/promise');
    await fills?.(dialog);
    await dialog.getByRole('button', { name: saves, exact: true }).click();
    await expect(dialog).toBeHidden();
    const { notes, history } = await kept.ask('promise', { promise });
    expect(notes.map(({ text }) => text)).toEqual(['From the other window']);
    expect(history.length).toBe(told.history.length + 1);
  });
}

test('two windows on one promise: what shows a handover', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cupcakes', quantity: 12 });
  const meant = { more_is_meant: true, duplicate_is_meant: true, late_help_is_meant: true, checklist_is_meant: true };
  await kept.ask('hand_over', { promise, parts: [], links: [], files: [], ...meant });
  await page.goto(kept.at(`#/promise/${promise}`));
  await page.getByRole('button', { name: /Add what shows it/ }).click();
  const dialog = page.getByRole('dialog', { name: 'What shows it' });
  const tracking = dialog.getByRole('textbox', { name: 'Tracking number' });
  await tracking.fill('B-17');
  await kept.ask('set_evidence', { promise, of: [0], tracking: 'A-1', links: [], files: [] });
  await dialog.getByRole('button', { name: 'Note it' }).click();
  await expect(dialog.getByRole('alert')).toContainText('This was changed in the meantime');
  const number = async () => (await kept.ask('promise', { promise })).handovers[0]?.tracking;
  expect(await number()).toBe('A-1');
  await dialog.getByRole('button', { name: 'Look again' }).click();
  await expect(tracking).toHaveValue('A-1');
  await tracking.fill('A-1, B-17');
  await dialog.getByRole('button', { name: 'Note it' }).click();
  await expect(dialog).toBeHidden();
  expect(await number()).toBe('A-1, B-17');
});

test('two windows on one customer: the second sees what the first one wrote', async ({ page, kept }) => {
  const customer = await customerOf(kept, 'Hannah Okafor');
  await page.goto(kept.at(`#/customer/${customer}`));
  await page.getByRole('button', { name: 'Correct…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Correct this customer' });
  await dialog.getByRole('textbox', { name: /name/i }).first().fill('Hannah O.');
  const { version, form } = await kept.ask('customer', { customer, offset: 0, limit: 1 });
  await kept.ask('save_customer', { customer, version, form: { ...form, address: ['1 High Street'] } });
  // The page behind the dialog shows it at once; the dialog does not take it for its own.
  await expect(page.getByText('1 High Street').first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert')).toContainText('changed in the meantime');
  await dialog.getByRole('button', { name: 'Look again' }).click();
  await expect(dialog.getByRole('textbox', { name: /[Aa]ddress/ })).toHaveValue('1 High Street');
  await dialog.getByRole('textbox', { name: /name/i }).first().fill('Hannah O.');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  const saved = await kept.ask('customer', { customer, offset: 0, limit: 1 });
  expect(saved.form).toMatchObject({ name: 'Hannah O.', address: ['1 High Street'] });
});

for (const { button, dialog: name, fills, saves } of [
  {
    button: 'When it repeats…',
    dialog: 'When it repeats',
    fills: (dialog: Locator) => dialog.getByRole('radio', { name: 'The customer' }).check(),
    saves: 'Save',
  },
  {
    button: 'Stop it…',
    dialog: 'Stop it',
    fills: (dialog: Locator) => dialog.getByRole('radio', { name: 'The customer' }).check(),
    saves: 'Stop it',
  },
]) {
  test(`two windows on one promise that repeats: ${name}`, async ({ page, kept }) => {
    const promise = await kept.promise({ what: 'bread', customer_name: 'Corner Café' });
    const draft = await kept.ask('draft_series', { promise });
    const { series } = await kept.ask('save_series', { draft, by: 'customer' });
    await page.goto(kept.at(`#/series/${series}`));
    await page.getByRole('button', { name: button }).click();
    const dialog = page.getByRole('dialog', { name });
    await fills(dialog);
    const { row } = await kept.ask('series', { series });
    const other = { ...draft, rule: 'FREQ=DAILY' };
    await kept.ask('save_series', { series, version: row.version, draft: other, by: 'customer' });
    await expect(page.getByText('every day').first()).toBeVisible();
    await dialog.getByRole('button', { name: saves, exact: true }).click();
    await expect(dialog.getByRole('alert')).toContainText('changed in the meantime');
    expect((await kept.ask('series', { series })).draft.rule).toBe('FREQ=DAILY');
    await lookAgain(page, dialog, '/series');
    await fills(dialog);
    await dialog.getByRole('button', { name: saves, exact: true }).click();
    await expect(dialog).toBeHidden();
    expect((await kept.ask('series', { series })).draft.rule, 'what the first one wrote').toBe('FREQ=DAILY');
  });
}

test('two windows on one chore, and on the hours of one promise', async ({ page, kept }) => {
  const draft = { what: 'Clean the oven', rule: 'FREQ=WEEKLY;BYDAY=SA', from: '2026-11-21', time: null };
  await kept.ask('save_chore', { draft });
  await page.goto(kept.at('#/chores'));
  await page.getByRole('button', { name: 'Correct Clean the oven' }).click();
  const dialog = page.getByRole('dialog', { name: 'Correct this chore' });
  const what = dialog.getByRole('textbox', { name: 'What is done' });
  await what.fill('Clean both ovens');
  const [chore] = (await kept.ask('chores', {})).chores;
  const changed = { ...draft, what: 'Clean the big oven' };
  await kept.ask('save_chore', { chore: chore?.id ?? '', version: chore?.version ?? 0, draft: changed });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert')).toContainText('changed in the meantime');
  await dialog.getByRole('button', { name: 'Look again' }).click();
  await expect(what).toHaveValue('Clean the big oven');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  const promise = await kept.promise({ what: 'cake' });
  await kept.ask('block_time', { promise, day: '2026-11-20', from: '10:00', to: '12:00' });
  await page.goto(kept.at('#/week'));
  await page.getByRole('grid').locator('[data-block]').focus();
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: 'Other hours…' }).click();
  const hours = page.getByRole('dialog', { name: 'Other hours' });
  await hours.getByRole('textbox', { name: 'Until' }).fill('13:00');
  await kept.ask('add_note', { promise, text: 'From the other window' });
  await hours.getByRole('button', { name: 'Move it' }).click();
  await expect(hours.getByRole('alert')).toContainText('changed in the meantime');
  expect((await kept.ask('promise', { promise })).blocks[0]?.words).toContain('10:00 to 12:00');
});

test('two customers are not made one unseen', async ({ page, kept }) => {
  const [customer, other] = [await customerOf(kept, 'Hannah Okafor'), await customerOf(kept, 'H. Okafor')];
  await page.goto(kept.at(`#/customer/${customer}`));
  await page.getByRole('button', { name: 'Same as…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Two customers are one' });
  await dialog.getByRole('combobox').first().fill('h. ok');
  await dialog.getByRole('option', { name: /H\. Okafor/ }).click();
  const { version, form } = await kept.ask('customer', { customer, offset: 0, limit: 1 });
  await kept.ask('save_customer', { customer, version, form: { ...form, address: ['1 High Street'] } });
  await expect(page.getByText('1 High Street').first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Make them one' }).click();
  await expect(dialog.getByRole('alert')).toContainText('changed in the meantime');
  expect((await kept.ask('customer', { customer: other, offset: 0, limit: 1 })).form.name).toBe('H. Okafor');
});

test('an amount of work that cannot be is said at its field, and what was typed stays', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake' });
  await page.goto(kept.at(`#/promise/${promise}`));
  const parts = page.getByRole('region', { name: 'Parts' });
  const work = parts.getByRole('textbox', { name: 'Work left on cake' });
  for (const [typed, said] of [
    ['-1', 'Try “2 h” or “45 min”.'],
    ['10,000 h', 'Try “2 h” or “45 min”.'],
    ['10000 h', 'More than 5,000 hours of work: check the figure.'],
    ['soon', 'Try “2 h” or “45 min”.'],
  ] as const) {
    await work.fill(typed);
    await page.keyboard.press('Enter');
    await work.blur();
    await expect(parts.getByRole('alert')).toHaveText(said);
    await expect(work).toHaveAttribute('aria-invalid', 'true');
    await expect(work).toHaveValue(typed);
    await work.focus();
  }
  expect((await kept.ask('promise', { promise })).parts[0]?.effort_left).toBeNull();
  await work.fill('2 h');
  await work.blur();
  await expect.poll(async () => (await kept.ask('promise', { promise })).parts[0]?.effort_left).toBe(120);
  await expect(parts.getByRole('alert')).toBeHidden();

  await page.getByRole('button', { name: 'Steps' }).click();
  const dialog = page.getByRole('dialog', { name: 'Steps' });
  await dialog.getByRole('textbox', { name: 'Step 1', exact: true }).fill('Bake');
  for (const [typed, said] of [
    ['-1', 'Try “2 h” or “45 min”.'],
    ['10000 h', /5,000 hours/],
  ] as const) {
    await dialog.getByRole('textbox', { name: 'Work of step 1' }).fill(typed);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByText(said)).toBeVisible();
  }
  expect((await kept.ask('promise', { promise })).steps).toEqual([]);
});

async function customerOf(kept: RunningKept, name: string): Promise<string> {
  const form = { name, contacts: [], address: [], also: [] };
  return (await kept.ask('save_customer', { form })).customer;
}
