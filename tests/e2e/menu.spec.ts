import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { OfferDraft } from '../../ui/src/lib/gen/OfferDraft';
import { expect, open, status, tabTo, test, typePromise, type RunningKept } from './kept';

/** Puts an offer on the menu without the screen. */
async function offer(kept: RunningKept, draft: Partial<OfferDraft> & { name: string }): Promise<string> {
  const saved = await kept.ask('save_offer', {
    draft: { why: '', parts: [], steps: [], inputs: [], checklist: [], ...draft },
  });
  return saved.offer;
}

/** Today, in a shop that has promised something already. */
async function today(page: Page, kept: RunningKept): Promise<void> {
  await kept.promise({ what: 'tart', customer_name: 'Jo Kerr' });
  await page.goto(kept.at('#/today'));
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
}

test('an offer is written by keyboard, and what is wrong is said at its field', async ({ page, kept }) => {
  await open(page, kept, '#/menu', 'Menu');
  await expect(page.getByText('Nothing on the menu yet.')).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'New offer' }).first());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'New offer', level: 1 })).toBeVisible();

  await tabTo(page, page.getByRole('textbox', { name: 'Why it matters to the customer' }));
  await page.keyboard.type('There is no second birthday.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Give it a name.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'What it is called' })).toBeFocused();
  await page.keyboard.type('Birthday cake');
  await tabTo(page, page.getByRole('textbox', { name: 'Working days it takes' }));
  await page.keyboard.type('3');
  await tabTo(page, page.getByRole('textbox', { name: /^Price/ }));
  await page.keyboard.type('45');
  await tabTo(page, page.getByRole('button', { name: 'Add a step' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Step 1', exact: true })).toBeFocused();
  await page.keyboard.type('Bake');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1 h 30');
  await tabTo(page, page.getByRole('textbox', { name: /^Looked at before/ }));
  await page.keyboard.type('Candles\nName spelled right');
  await page.keyboard.press('Control+Enter');
  await expect(status(page, 'Put “Birthday cake” on the menu')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Birthday cake', level: 1 })).toBeVisible();

  const { offers } = await kept.ask('offers', { search: '' });
  const { draft } = await kept.ask('offer', { offer: offers[0]?.id ?? '' });
  expect(draft).toMatchObject({
    name: 'Birthday cake',
    lead_days: 3,
    price: { minor: 4500 },
    steps: [{ what: 'Bake', effort: 90 }],
    checklist: ['Candles', 'Name spelled right'],
  });
});

test('what somebody else saved meanwhile is not overwritten', async ({ page, kept }) => {
  const id = await offer(kept, { name: 'Bread' });
  await page.goto(kept.at(`#/offer/${id}`));
  const name = page.getByRole('textbox', { name: 'What it is called' });
  await name.fill('Rye bread');
  const { row, draft } = await kept.ask('offer', { offer: id });
  await kept.ask('save_offer', { offer: id, version: row.version, draft: { ...draft, name: 'Wheat bread' } });
  await expect(name).toHaveValue('Rye bread');
  await name.press('Control+Enter');
  await page.getByRole('button', { name: 'Show what is there now' }).click();
  await expect(name).toHaveValue('Wheat bread');
});

test('an offer that another one contains stays on the menu, and one that nothing contains comes back by undo', async ({
  page,
  kept,
}) => {
  const box = await offer(kept, { name: 'Box of cupcakes' });
  await offer(kept, { name: 'Party', parts: [{ what: '', quantity: 2, offer: box }] });
  await page.goto(kept.at(`#/offer/${box}`));
  await page.getByRole('button', { name: 'Take it off the menu' }).click();
  await expect(status(page, /Party/)).toBeVisible();
  const { offers } = await kept.ask('offers', { search: 'party' });
  await page.goto(kept.at(`#/offer/${offers[0]?.id ?? ''}`));
  await page.getByRole('button', { name: 'Take it off the menu' }).click();
  await expect(page.getByRole('heading', { name: 'Menu', level: 1 })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Offers' }).getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('list', { name: 'Offers' }).getByRole('listitem')).toHaveCount(2);
});

test('picking an offer fills the promise, whose page says why it matters', async ({ page, kept }) => {
  await offer(kept, {
    name: 'Birthday cake',
    why: 'There is no second birthday.',
    lead_days: 3,
    price: { minor: 4500, currency: 'USD' },
    steps: [
      { what: 'Bake', effort: 90 },
      { what: 'Ice', effort: 30 },
    ],
    inputs: ['The name to write'],
    checklist: ['Candles'],
  });
  await today(page, kept);
  await typePromise(page, '2 birthday cake for Maria Silva');
  const question = page.getByRole('group', { name: /Is it from the menu/ });
  await tabTo(page, question.getByRole('button', { name: 'Birthday cake' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('There is no second birthday.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Amount' })).toHaveValue(/90\.00/);
  await expect(page.getByRole('textbox', { name: 'Date' })).not.toHaveValue('');
  await expect(page.getByRole('textbox', { name: 'Promise something' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(status(page, 'Promised 2 Birthday cake to Maria Silva')).toBeVisible();

  const { promises } = await kept.ask('find', { text: 'birthday cake' });
  const id = promises[0]?.id ?? '';
  const made = await kept.ask('promise', { promise: id });
  expect(made.steps.map(({ what }) => what)).toEqual(['Bake', 'Ice']);
  expect(made.inputs.map(({ what }) => what)).toEqual(['The name to write']);
  expect(made.checklist.map(({ what }) => what)).toEqual(['Candles']);
  await page.goto(kept.at(`#/promise/${id}`));
  await expect(page.getByText('There is no second birthday.')).toBeVisible();
});

test('a date earlier than can be kept is said before the promise is made', async ({ page, kept }) => {
  await offer(kept, { name: 'Wedding cake', lead_days: 8 });
  await today(page, kept);
  await typePromise(page, 'wedding cake for Maria Silva by tue');
  await page
    .getByRole('group', { name: /Is it from the menu/ })
    .getByRole('button')
    .click();
  const warning = page.getByRole('group', { name: /earlier than you can honestly promise/ });
  await expect(warning).toBeVisible();
  const honest = warning.getByRole('button');
  const words = await honest.innerText();
  await tabTo(page, honest);
  await page.keyboard.press('Enter');
  await expect(warning).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Date' })).toHaveValue(words);
});

test('the menu and an offer are accessible in light and dark', async ({ page, kept }) => {
  await kept.ask('look_around', {});
  const { offers } = await kept.ask('offers', { search: '' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const first = offers[0];
    for (const [hash, title] of [
      ['#/menu', 'Menu'],
      [`#/offer/${first?.id ?? ''}`, first?.name ?? ''],
      ['#/offer/new', /offer/i],
    ] as const) {
      await page.goto(kept.at(hash));
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations).toEqual([]);
    }
  }
});
