import { expect, open, status, test } from './kept';

test('the palette finds promises and customers, also with a typing error', async ({ page, kept }) => {
  await kept.promise({ what: 'cupcakes', quantity: 12, customer_name: 'Hannah Okafor' });
  const sign = await kept.promise({ what: 'oak sign', customer_name: 'Zoë Müller' });
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find or do anything' });
  await expect(palette.getByRole('combobox')).toBeFocused();

  await page.keyboard.type('muller');
  await expect(palette.getByRole('option', { name: /Oak sign/ })).toBeVisible();
  await expect(palette.getByRole('option', { name: /^Zoë Müller/ })).toContainText('1 promise, 1 open');

  await palette.getByRole('combobox').fill('hamnah');
  await expect(palette.getByRole('option', { name: /12 cupcakes/ })).toBeVisible();
  await expect(palette.getByRole('option', { name: /Oak sign/ })).toBeHidden();

  await palette.getByRole('combobox').fill('sgin');
  await expect(palette.getByRole('option', { name: /Oak sign/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`#/promise/${sign}`));
  await expect(palette).toBeHidden();
});

test('the palette does what a key would, with the promise that is at hand', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('j');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find or do anything' });
  await expect(palette.getByRole('option', { name: 'Start work' })).toBeVisible();
  await page.keyboard.type('start');
  await expect(palette.getByRole('option', { name: 'Start work' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(status(page, 'Started Oak sign for Maria Silva')).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('undo');
  await expect(palette.getByRole('option', { name: 'Undo: started Oak sign for Maria Silva' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await page.keyboard.press('Enter');
  await expect(status(page, 'Undid: started Oak sign for Maria Silva')).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('settings');
  await expect(palette.getByRole('option', { name: 'Settings' }).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
});

test('what was done is undone and done again by keys, in words', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('j');
  await page.keyboard.press('s');
  await expect(status(page, 'Started Oak sign')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(status(page, 'Undid: started Oak sign')).toBeVisible();
  await page.keyboard.press('Control+Shift+z');
  await expect(status(page, /(?<!Undid: )[Ss]tarted Oak sign/)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(status(page, 'Undid: started Oak sign')).toBeVisible();
});

test('the key sheet shows every key, and the owner’s own in the place of the usual one', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await kept.ask('set_key', { action: 'start_work', key: 'B' });
  await open(page, kept, '#/promises', 'Promises');
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  const keyOf = (words: string) =>
    sheet.locator('dt', { has: page.locator(`xpath=./following-sibling::dd[1][.="${words}"]`) });
  await expect(keyOf('Start work')).toContainText('B');
  await expect(keyOf('Handed over')).toContainText('E');
  await expect(keyOf('Redo')).toContainText('Ctrl+Shift+Z');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('b');
  await expect(status(page, 'Started Oak sign')).toBeVisible();
});

test('the palette opens what is on the menu, a screen, and the page of a customer', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign', customer_name: 'Zoë Müller' });
  const { offer } = await kept.ask('save_offer', {
    draft: { name: 'Wedding cake', why: 'There is one day.', parts: [], steps: [], inputs: [], checklist: [] },
  });
  await open(page, kept, '#/promises', 'Promises');
  const palette = page.getByRole('dialog', { name: 'Find or do anything' });
  for (const [typed, option, address] of [
    ['wedding', /^Wedding cake There is one day/, `#/offer/${offer}`],
    ['repeating', /^Repeating/, '#/repeating'],
    ['zoe', /^Zoë Müller/, '#/customer/'],
  ] as const) {
    await page.keyboard.press('Control+k');
    await palette.getByRole('combobox').fill(typed);
    await palette.getByRole('option', { name: option }).click();
    await expect(page).toHaveURL(new RegExp(address));
  }
});
