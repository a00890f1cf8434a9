import { expect, status, tabTo, test, typePromise } from './kept';
import { OWED } from '../../ui/src/lib/lists';

test('the first promise is made by typing a sentence, worked on, handed over and taken back, by keyboard alone', async ({
  page,
  kept,
}) => {
  await page.goto(kept.at(''));
  await expect(page.getByRole('heading', { name: 'Welcome to Kept' })).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: /Make your first promise/ }));
  await page.keyboard.press('Enter');
  const bar = page.getByRole('textbox', { name: 'Promise something' });
  await expect(bar).toBeFocused();

  await page.keyboard.type('12 cupcakes for Maria by Fri 3pm $90 paid');
  await expect(page.getByRole('combobox', { name: 'Promise', exact: true })).toHaveValue('cupcakes');
  await expect(page.getByRole('textbox', { name: 'Quantity' })).toHaveValue('12');
  await expect(page.getByRole('combobox', { name: 'Customer' })).toHaveValue('Maria');
  await expect(page.getByRole('textbox', { name: 'Date' })).toHaveValue(/Fri 27 Nov/);
  await expect(page.getByRole('textbox', { name: 'Time' })).toHaveValue('15:00');
  await expect(page.getByRole('textbox', { name: 'Amount' })).toHaveValue(/90\.00/);
  await expect(page.getByRole('combobox', { name: 'Payment' })).toHaveValue('paid');
  await expect(page.getByRole('group', { name: 'Due' })).toContainText('in 6 days');
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'Today', exact: true })).toBeVisible();
  await expect(status(page, 'Promised 12 cupcakes to Maria')).toBeVisible();
  await expect(bar).toBeFocused();
  await expect(bar).toHaveValue('');
  const [promise] = (await kept.ask('promises', { ...OWED, filter: 'all', limit: 10, offset: 0 })).rows;
  expect(promise).toMatchObject({
    title: '12 cupcakes',
    customer: 'Maria',
    total: { minor: 9000, currency: 'USD' },
    payment: 'paid',
  });
  expect((await kept.ask('promise', { promise: promise?.id ?? '' })).source).toMatchObject({
    phrase: '12 cupcakes for Maria by Fri 3pm $90 paid',
  });

  const title = page.getByRole('link', { name: '12 cupcakes' });
  await tabTo(page, title);
  await page.keyboard.press('s');
  await expect(status(page, 'Started 12 cupcakes')).toBeVisible();
  await tabTo(page, title);
  await page.keyboard.press('e');
  await expect(status(page, 'Handed over')).toBeVisible();
  await expect(title).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(title).toBeVisible();
  expect((await kept.ask('promise', { promise: promise?.id ?? '' })).started).toBe(true);
});

test('each part can be corrected before the promise is saved', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign', customer_name: 'Ana Costa' });
  await page.goto(kept.at('#/today'));
  await typePromise(page, '12 cupcakes for Ana by Fri 3pm $90');
  await expect(page.getByRole('combobox', { name: 'Customer' })).toHaveValue('Ana Costa');

  await tabTo(page, page.getByRole('combobox', { name: 'Promise', exact: true }));
  await page.keyboard.type('muffins');
  await page.keyboard.press('Tab');
  await page.keyboard.type('24');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('combobox', { name: 'Customer' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('mon');
  await page.keyboard.press('Tab');
  await page.keyboard.type('9-11');
  await page.keyboard.press('Tab');
  await page.keyboard.type('120');
  await page.keyboard.press('Enter');

  await expect(status(page, 'Promised 24 muffins to Ana Costa')).toBeVisible();
  const { rows } = await kept.ask('promises', { ...OWED, filter: 'all', search: 'muffins', limit: 10, offset: 0 });
  expect(rows[0]).toMatchObject({
    title: '24 muffins',
    due: {
      day: '2026-11-23',
      hours: { kind: 'between', from: '09:00', to: '11:00' },
    },
    total: { minor: 12_000, currency: 'USD' },
  });
});

test('an ambiguous date is asked about, and Enter leads to the question', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await page.goto(kept.at('#/today'));
  await typePromise(page, 'oak sign for Tom by 3/4');
  const question = page.getByRole('group', { name: /can be read in 2 ways/ });
  await expect(question).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(question.getByRole('button').first()).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Promise something' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(status(page, 'Promised oak sign to Tom')).toBeVisible();
  const { rows } = await kept.ask('promises', { ...OWED, filter: 'all', search: 'Tom', limit: 10, offset: 0 });
  expect(rows[0]?.due?.day).toBe('2027-03-04');
});

test('of several customers of one name it is asked which is meant', async ({ page, kept }) => {
  for (const customer_name of ['Maria Costa', 'Maria Silva']) await kept.promise({ what: 'oak sign', customer_name });
  await page.goto(kept.at('#/today'));
  await typePromise(page, '12 cupcakes for Maria by Fri 3pm');
  const question = page.getByRole('group', { name: 'Which Maria is meant?' });
  await expect(question).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(question.getByRole('button', { name: 'Maria Costa' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(status(page, 'Promised 12 cupcakes to Maria Silva')).toBeVisible();
});

test('a date that has passed is asked about', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await page.goto(kept.at('#/today'));
  await typePromise(page, 'oak sign for Tom yesterday');
  const question = page.getByRole('group', { name: /already passed/ });
  await expect(question).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(question.getByRole('button', { name: 'It is meant' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(status(page, 'Promised oak sign to Tom')).toBeVisible();
});

test('what is missing is said, and nothing is saved', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await page.goto(kept.at('#/today'));
  await typePromise(page, '12 cupcakes by Fri');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Customer' })).toBeFocused();
  await expect(page.getByRole('group', { name: 'Customer' })).toContainText('Say to whom it is promised.');
  expect((await kept.ask('promises', { ...OWED, filter: 'all', limit: 10, offset: 0 })).count).toBe(1);

  await page.keyboard.press('Escape');
  await expect(page.getByRole('group', { name: 'Due' })).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Promise something' })).toHaveValue('12 cupcakes by Fri');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('textbox', { name: 'Promise something' })).toHaveValue('');
});

test('a full day offers better ones', async ({ page, kept }) => {
  await kept.promise({
    what: 'wedding cake',
    parts: [{ what: 'wedding cake', quantity: 1, effort_left: 9 * 60 }],
  });
  await page.goto(kept.at('#/today'));
  await typePromise(page, '12 cupcakes for Maria by Fri 3pm');
  const warning = page.getByRole('group', { name: /Friday is full/ });
  await expect(warning).toBeVisible();
  await tabTo(page, warning.getByRole('button').first());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Date' })).not.toHaveValue(/Fri 27 Nov/);
  await expect(page.getByRole('textbox', { name: 'Time' })).toHaveValue('15:00');
});
