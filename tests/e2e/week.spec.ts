import type { Page } from '@playwright/test';
import { expect, open, RunningKept, status, tabTo, test as base } from './kept';

/** Wednesday, 18 November 2026, 09:41: the middle of a week. */
const test = base.extend<{ kept: RunningKept }>({
  // Playwright wants the fixtures that are used named in a pattern, even if there are none.
  // eslint-disable-next-line no-empty-pattern
  kept: async ({}, use) => {
    const kept = await RunningKept.start('2026-11-18T09:41:00Z');
    await use(kept);
    await kept.stop();
  },
});

/** A cake that is due on Friday and still needs two hours. */
async function cake(kept: RunningKept): Promise<string> {
  return kept.promise({
    parts: [{ what: 'wedding cake', quantity: 1, effort_left: 120 }],
    what: 'wedding cake',
    due: { day: '2026-11-20', hours: { kind: 'at', time: '15:00' } },
  });
}

async function blocks(kept: RunningKept, promise: string): Promise<string[]> {
  const page = await kept.ask('promise', { promise });
  return page.blocks.map(({ words }) => words);
}

const grid = (page: Page) => page.getByRole('grid', { name: /^The week from/ });

test('hours are set aside, moved, made longer and given free by keys alone, each with undo', async ({ page, kept }) => {
  const promise = await cake(kept);
  await open(page, kept, '#/week', 'Week');
  await expect(page.getByText('1 promise this week needs 2 h')).toBeVisible();

  await tabTo(page, grid(page).getByRole('gridcell', { name: 'Wed 18, 09:30, open' }));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(grid(page).getByRole('gridcell', { name: 'Thu 19, 10:00, open' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: /for which promise/ })).toBeVisible();
  await page.keyboard.type('cake');
  await page.keyboard.press('Enter');
  await expect(status(page, 'Blocked Thu 19 Nov, 10:00 to 12:00 for Wedding cake')).toBeVisible();
  expect(await blocks(kept, promise)).toEqual(['Thu 19 Nov, 10:00 to 12:00']);

  const block = grid(page).getByRole('link', { name: /Wedding cake for Maria Silva/ });
  await expect(block).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(status(page, 'to Thu 19 Nov, 10:15 to 12:15')).toBeVisible();
  await expect(block).toBeFocused();
  await page.keyboard.press('Alt+ArrowRight');
  await expect(status(page, 'to Fri 20 Nov, 10:15 to 12:15')).toBeVisible();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(status(page, 'to Fri 20 Nov, 10:15 to 12:30')).toBeVisible();
  await expect(block).toBeFocused();

  await page.keyboard.press('Delete');
  await expect(status(page, 'Freed Fri 20 Nov, 10:15 to 12:30')).toBeVisible();
  await expect(block).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(block).toBeVisible();
  expect(await blocks(kept, promise)).toEqual(['Fri 20 Nov, 10:15 to 12:30']);
});

test('several steps of one move are one change', async ({ page, kept }) => {
  const promise = await cake(kept);
  await kept.ask('block_time', { promise, day: '2026-11-19', from: '09:00', to: '11:00' });
  await open(page, kept, '#/week', 'Week');
  await grid(page)
    .getByRole('link', { name: /09:00 to 11:00: Wedding cake/ })
    .focus();
  await page.keyboard.down('Alt');
  for (let steps = 0; steps < 4; steps += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.up('Alt');
  await expect(status(page, 'to Thu 19 Nov, 10:00 to 12:00')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect.poll(() => blocks(kept, promise)).toEqual(['Thu 19 Nov, 09:00 to 11:00']);
});

test('hours are drawn, moved and resized with the mouse', async ({ page, kept }) => {
  const promise = await cake(kept);
  await open(page, kept, '#/week', 'Week');
  const at = async (name: string, part = 0.1) => {
    const box = await grid(page).getByRole('gridcell', { name }).boundingBox();
    if (!box) throw new Error(`${name} is not in sight`);
    return [box.x + box.width / 2, box.y + box.height * part] as const;
  };
  const drag = async (from: readonly [number, number], to: readonly [number, number]) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 6 });
    await page.mouse.up();
  };

  await drag(await at('Thu 19, 13:00, open'), await at('Thu 19, 14:30, open'));
  await expect(page.getByRole('dialog', { name: 'Set aside 13:00 to 14:30 for which promise?' })).toBeVisible();
  await page.getByRole('option', { name: /Wedding cake/ }).click();
  await expect(status(page, 'Blocked Thu 19 Nov, 13:00 to 14:30')).toBeVisible();
  await expect(grid(page).getByRole('link', { name: /13:00 to 14:30: Wedding cake/ })).toBeVisible();

  await drag(await at('Thu 19, 13:30, open'), await at('Fri 20, 11:30, open'));
  await expect(status(page, 'to Fri 20 Nov, 11:00 to 12:30')).toBeVisible();
  await expect(grid(page).getByRole('link', { name: /11:00 to 12:30: Wedding cake/ })).toBeVisible();

  const [x, y] = await at('Fri 20, 12:30, open', 0);
  await drag([x, y - 2], [x, (await at('Fri 20, 13:30, open'))[1] - 4]);
  await expect(status(page, 'to Fri 20 Nov, 11:00 to 13:30')).toBeVisible();
  // The end of a block was pulled, and no new hours drawn below it.
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await blocks(kept, promise)).toEqual(['Fri 20 Nov, 11:00 to 13:30']);

  // Escape leaves everything as it was.
  await page.mouse.move(...(await at('Fri 20, 12:00, open')));
  await page.mouse.down();
  await page.mouse.move(...(await at('Mon 16, 12:00, open')), { steps: 6 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  expect(await blocks(kept, promise)).toEqual(['Fri 20 Nov, 11:00 to 13:30']);
});

test('what still needs hours takes the free place that is offered, or is drawn into the week', async ({
  page,
  kept,
}) => {
  const promise = await cake(kept);
  await open(page, kept, '#/week', 'Week');
  const needs = page.getByRole('region', { name: 'Still need hours' });
  const offer = needs.getByRole('button', { name: 'Set aside Fri 20 Nov, 13:00 to 15:00' });
  await tabTo(page, offer, 80);
  await page.keyboard.press('Enter');
  await expect(needs.getByText('Every promise has the hours it needs.')).toBeVisible();
  expect(await blocks(kept, promise)).toEqual(['Fri 20 Nov, 13:00 to 15:00']);
  await page.keyboard.press('Control+z');
  await expect(offer).toBeVisible();

  await needs.getByRole('link', { name: /Wedding cake/ }).hover();
  await page.mouse.down();
  const box = await grid(page).getByRole('gridcell', { name: 'Thu 19, 09:00, open' }).boundingBox();
  await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 2, { steps: 8 });
  await page.mouse.up();
  await expect(status(page, 'Blocked Thu 19 Nov, 09:00 to 11:00')).toBeVisible();
});

test('a block has the menu of its promise, other hours, and its way to the promise and back', async ({
  page,
  kept,
}) => {
  const promise = await cake(kept);
  await kept.ask('block_time', { promise, day: '2026-11-19', from: '09:00', to: '11:00' });
  await open(page, kept, '#/week', 'Week');
  const block = grid(page).getByRole('link', { name: /to 1[0-9]:00: Wedding cake/ });
  await block.focus();
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: 'Other hours…' }).click();
  await page.getByRole('textbox', { name: 'Until' }).fill('10:00');
  await page.keyboard.press('Enter');
  await expect(status(page, 'to Thu 19 Nov, 09:00 to 10:00')).toBeVisible();

  await block.focus();
  await page.keyboard.press('s');
  await expect(status(page, 'Started')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Wedding cake', level: 1 })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(block).toBeFocused();
});

test('one goes from week to week, and to the other ways to look at promises', async ({ page, kept }) => {
  await cake(kept);
  await open(page, kept, '#/week', 'Week');
  await page.getByRole('button', { name: 'The week after' }).click();
  await expect(page.getByText('23 to 29 November')).toBeVisible();
  await page.getByRole('button', { name: 'This week' }).click();
  await expect(page.getByText('16 to 22 November')).toBeVisible();
  await grid(page).getByRole('gridcell', { name: 'Sun 22, 12:00, closed' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(grid(page).getByRole('gridcell', { name: 'Mon 23, 12:00, open' })).toBeFocused();
  for (const [key, title] of [
    ['4', 'Board'],
    ['3', 'Calendar'],
    ['1', 'Promises'],
    ['2', 'Week'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeFocused();
  }
});

test('the hours on the page of a promise lead to their week', async ({ page, kept }) => {
  const promise = await cake(kept);
  await kept.ask('block_time', { promise, day: '2026-12-10', from: '09:00', to: '11:00' });
  await page.goto(kept.at(`#/promise/${promise}`));
  await page.getByRole('link', { name: /Thu 10 Dec, 09:00 to 11:00/ }).click();
  await expect(page.getByRole('heading', { name: 'Week', level: 1 })).toBeVisible();
  await expect(page.getByText('7 to 13 December')).toBeVisible();
  await expect(grid(page).getByRole('link', { name: /09:00 to 11:00: Wedding cake/ })).toBeVisible();
});
