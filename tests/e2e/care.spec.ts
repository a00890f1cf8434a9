// Customers are told, their words taken down, misses made good, causes found, and the record read: in the browser.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, go, test, type RunningKept } from './kept';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A promise that was missed yesterday. */
async function missed(kept: RunningKept): Promise<string> {
  const due = {
    day: '2026-11-20',
    hours: { kind: 'at' as const, time: '15:00' },
  };
  return kept.promise({
    what: 'signed book with a video',
    customer_name: 'Dana Reyes',
    due,
    total: price(),
    received: price(),
  });
}

function price(): { minor: number; currency: string } {
  return { minor: 9_000, currency: 'USD' };
}

async function clean(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(violations.map(({ id, nodes }) => `${what}: ${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
}

test('a customer is told that it will be late, and what they answered is kept', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake' });
  const to = {
    day: '2026-11-30',
    hours: { kind: 'at' as const, time: '15:00' },
  };
  await kept.ask('move_date', { promise, to, by: 'us', past_is_meant: false });
  await page.goto(kept.at(`#/promise/${promise}`));
  await expect(page.getByRole('heading', { name: 'Cake', level: 1 })).toBeVisible();
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: 'Tell Maria Silva' });
  await expect(dialog.getByLabel('Message')).toHaveValue(/You will have it on Mon 30 Nov, 15:00\./);
  await expect(dialog.getByText('Silence is taken as agreement')).toBeVisible();
  await dialog.getByLabel('Message').fill('Dear Maria, it will be Monday.');
  const mail = dialog.getByRole('link', { name: 'Open in your mail program' });
  await expect(mail).toHaveAttribute('href', /body=Dear%20Maria%2C%20it%20will%20be%20Monday\./);
  await clean(page, 'Tell');
  await dialog.getByLabel('They were told').selectOption('phone');
  await dialog.getByRole('button', { name: 'They were told' }).click();
  await expect(dialog).toBeHidden();
  const told = page.getByRole('region', { name: 'Told and heard' });
  await expect(told.getByText('Told that it will be late, by phone')).toBeVisible();
  await told.getByRole('button', { name: 'They agreed' }).click();
  await expect(told.getByText('They agreed.')).toBeVisible();
  const after = await kept.ask('promise', { promise });
  expect(after.dates.moves[0]?.agreed).toBe(true);
});

test('a complaint is taken down in a few seconds, handed on and answered', async ({ page, kept }) => {
  await kept.promise({ what: 'cake' });
  await page.goto(kept.at('#/feedback'));
  await expect(page.getByText('Nothing was said yet.')).toBeVisible();
  await page.getByLabel('What they said').fill('The paper did not come');
  await page.getByLabel('Taken by').fill('Ana');
  await page.getByRole('button', { name: 'Take it down' }).click();
  const line = page.getByRole('listitem').filter({ hasText: 'The paper did not come' });
  await expect(line.getByText('2 h left')).toBeVisible();
  await line.getByRole('button', { name: 'Hand on…' }).click();
  await line.getByLabel('To whom').fill('Ben');
  await line.getByRole('button', { name: 'Hand it on' }).click();
  await expect(line.getByText('Ana sees to it')).toBeVisible();
  await line.getByRole('button', { name: 'Ben accepts it' }).click();
  await expect(line.getByText('Ben sees to it')).toBeVisible();
  await line.getByRole('button', { name: 'Whose is it…' }).click();
  await line.getByLabel('Which customer').fill('mar');
  await line.getByRole('button', { name: 'Maria Silva' }).click();
  await expect(line.getByRole('link', { name: 'Maria Silva', exact: true })).toBeVisible();
  await line.getByRole('button', { name: /^Cake, / }).click();
  await expect(line.getByRole('link', { name: 'The promise' })).toBeVisible();
  await go(page, '#/today');
  const answers = page.getByRole('region', { name: 'To answer' });
  await answers.getByRole('button', { name: /^Answered/ }).click();
  await expect(answers).toBeHidden();
  await expect
    .poll(
      async () =>
        (
          await kept.ask('feedback_list', {
            filter: 'all',
            search: '',
            offset: 0,
            limit: 9,
          })
        ).to_answer,
    )
    .toBe(0);
});

test('whether they agree to a new date can be said with the answer, after it, and without a message', async ({
  page,
  kept,
}) => {
  const promise = await kept.promise({ what: 'cake' });
  const move = (day: string) =>
    kept.ask('move_date', {
      promise,
      to: { day, hours: { kind: 'at' as const, time: '15:00' } },
      by: 'us',
      past_is_meant: false,
    });
  await move('2026-11-30');
  await page.goto(kept.at(`#/promise/${promise}`));
  await page.getByRole('button', { name: 'Told just now' }).click();
  const block = page.getByRole('region', { name: 'Told and heard' });
  await expect(block.getByText('Told that it will be late')).toBeVisible();
  await block.getByRole('button', { name: 'They agreed', exact: true }).click();
  await expect(block.getByText('They agreed.')).toBeVisible();

  await move('2026-12-01');
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: 'Tell Maria Silva' });
  await expect(dialog.getByLabel('Message')).toHaveValue(/Tue 1 Dec/);
  await dialog.getByLabel('Message').fill('My own words');
  await dialog.getByLabel('What they are told').selectOption('ready');
  await expect(dialog.getByLabel('Message')).toHaveValue(/is ready for you/);
  await dialog.getByLabel('What they are told').selectOption('late');
  await expect(dialog.getByLabel('Message')).toHaveValue('My own words');
  for (const yesterday of ['20/11', 'fri', 'yesterday']) {
    await dialog.getByRole('textbox', { name: 'On', exact: true }).fill(yesterday);
    await expect(dialog.getByText('Fri 20 Nov 2026', { exact: true })).toBeVisible();
  }
  await dialog.getByRole('textbox', { name: 'On', exact: true }).fill('today');
  await dialog.getByLabel('What they answered').fill('Fine with me');
  await dialog.getByRole('button', { name: 'They were told' }).click();
  await expect(block.getByText('Fine with me')).toBeVisible();
  await block.getByRole('button', { name: 'They did not', exact: true }).click();
  await expect(block.getByText('They did not agree. Fine with me')).toBeVisible();
  const told = (await kept.ask('promise', { promise })).care.told.map(({ answer }) => answer?.agreed);
  expect(told).toEqual([false, true]);
});

test('a message is written in the owner’s own words', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake' });
  await page.goto(kept.at('#/settings'));
  await page.getByRole('button', { name: 'Change messages…' }).click();
  const form = page.getByRole('form', { name: 'A message' });
  await expect(form.getByLabel('Text')).toHaveValue(/We have promised you/);
  await form.getByLabel('Text').fill('{what} by {dat}');
  await form.getByRole('button', { name: 'Keep this message' }).click();
  await expect(form.getByText('Kept does not know what {dat} stands for.')).toBeVisible();
  await form.getByLabel('Text').fill('{what} by {date}');
  await clean(page, 'Messages');
  await form.getByRole('button', { name: 'Keep this message' }).click();
  await expect(form.getByRole('button', { name: 'The usual one again' })).toBeVisible();
  expect((await kept.ask('message_draft', { promise, kind: 'confirmed' })).text).toBe('Cake by Fri 27 Nov, 15:00');
});

test('a miss is made good step by step and stays a miss', async ({ page, kept }) => {
  const promise = await missed(kept);
  await page.goto(kept.at('#/recoveries'));
  await page.getByRole('button', { name: 'Make good Signed book with a video' }).click();
  await expect(
    page.getByRole('heading', {
      name: 'Making good: Signed book with a video',
    }),
  ).toBeVisible();
  await page.getByLabel('In your own words').fill('We let bigger orders crowd you out.');
  await page.getByRole('button', { name: 'Keep these words' }).click();
  await expect(page.getByText('We let bigger orders crowd you out.').first()).toBeVisible();

  const form = page.getByRole('form', { name: 'Add a step' });
  await form.getByRole('radio', { name: 'Give something' }).press('Space');
  await form.getByRole('textbox', { name: 'What', exact: true }).fill('First edition');
  await form.getByLabel('When it waits for something').fill('when the book is out');
  await form.getByLabel('Worth').fill('171');
  await form.getByRole('button', { name: 'Add the step' }).click();
  await expect(page.getByRole('link', { name: 'Give them First edition' })).toBeVisible();
  await form.getByRole('radio', { name: 'Give money back' }).press('Space');
  await form.getByLabel('How much').fill('90');
  await form.getByRole('button', { name: 'Add the step' }).click();
  await expect(page.getByText('2.9x the price')).toBeVisible();
  await clean(page, 'Recovery');

  // The step opens the message that it is about, and that ticks it.
  await page.getByRole('button', { name: 'Write it: Say sorry by phone' }).click();
  const sorry = page.getByRole('dialog', { name: 'Tell Dana Reyes' });
  await expect(sorry.getByLabel('What they are told')).toHaveValue('sorry');
  await expect(sorry.getByLabel('They were told')).toHaveValue('phone');
  await expect(sorry.getByLabel('Message')).toHaveValue(/We let bigger orders crowd you out\./);
  await sorry.getByRole('button', { name: 'They were told' }).click();
  await expect(page.getByText('1 of 5')).toBeVisible();
  await page.getByRole('button', { name: 'Strike out: Ask whether all is well again' }).click();
  await page.getByLabel('Why it is not done').fill('We see her every week');
  await page.getByRole('button', { name: 'Strike it out' }).click();
  await expect(page.getByText('struck out: We see her every week')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Close it' })).toBeHidden();
  await go(page, `#/promise/${promise}`);
  await expect(page.getByText('It is being made good: 2 of 5 done.')).toBeVisible();
  expect((await kept.ask('promise', { promise })).row.outcome).toBe('missed');
});

test('a slip warns what it touches, and its cause is asked for', async ({ page, kept }) => {
  await kept.promise({ what: 'cookies' });
  await page.goto(kept.at('#/causes'));
  await page.getByRole('button', { name: 'Something slipped' }).click();
  const dialog = page.getByRole('dialog', { name: 'Something slipped' });
  await dialog.getByLabel('What went wrong').fill('The oven is cold');
  await dialog.getByLabel('With the words (a batch)').fill('cookies');
  await expect(dialog.getByText('1 promise is touched.')).toBeVisible();
  await expect(dialog.getByRole('checkbox', { name: /Cookies for Maria Silva/ })).toBeChecked();
  await clean(page, 'Slip');
  await dialog.getByRole('button', { name: 'Take it down and warn them' }).click();
  await expect(page.getByRole('heading', { name: 'The oven is cold', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Ask why…' }).click();
  const why = page.getByRole('dialog', { name: 'Ask why' });
  await why.getByLabel('Why?', { exact: true }).fill('The fuse blew');
  await why.getByLabel('And why that?').fill('Two ovens hang on one fuse');
  await why.getByLabel('What will be different').fill('more training');
  await why.getByRole('textbox', { name: 'By', exact: true }).fill('27/11');
  await why.getByRole('textbox', { name: 'Look again on' }).fill('18/12');
  await why.getByRole('button', { name: 'Keep it' }).click();
  await expect(why.getByText('Training alone leaves the step as it is.')).toBeVisible();
  await why.getByLabel('What will be different').fill('Each oven has a fuse of its own');
  await clean(page, 'Cause');
  await why.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByRole('heading', { name: 'Two ovens hang on one fuse', level: 1 })).toBeVisible();
  await expect(page.getByText('Each oven has a fuse of its own, by Fri 27 Nov')).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    test.describe(`${colorScheme}, ${width} x ${height}`, () => {
      test.use({ colorScheme, viewport: { width, height } });

      test('the screens are clean', async ({ page, kept }) => {
        await kept.ask('look_around', {});
        await missed(kept);
        await kept.ask('take_feedback', {
          draft: {
            kind: 'complaint',
            text: 'The cake was dry',
            from: 'a lady in red',
            taken_by: '',
          },
        });
        await kept.ask('add_win', {
          draft: { kind: 'praise', what: 'A card with thanks' },
        });
        await kept.ask('add_idea', { what: 'A note in each box', from: 'Ben' });
        await page.goto(kept.at('#/today'));
        for (const [hash, heading] of [
          ['#/feedback', 'Feedback'],
          ['#/recoveries', 'Recoveries'],
          ['#/causes', 'Causes & slips'],
          ['#/wins', 'Wins & ideas'],
          ['#/insights', 'Insights'],
          ['#/today', 'Today'],
        ] as const) {
          await go(page, hash);
          await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
          await expect(page.locator('main [aria-busy], main .skeleton')).toHaveCount(0);
          await clean(page, heading);
          const folder = process.env['KEPT_PICTURES'];
          if (folder)
            await page.screenshot({
              path: `${folder}/${heading}-${colorScheme}-${String(width)}.png`,
            });
        }
      });
    });
  }
}
