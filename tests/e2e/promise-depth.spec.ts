import AxeBuilder from '@axe-core/playwright';
import { expect, status, tabTo, test } from './kept';

test('steps are written and ticked, and what they leave is the work that is left', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake' });
  await page.goto(kept.at(`#/promise/${promise}`));
  await tabTo(page, page.getByRole('button', { name: 'Steps' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Steps' });
  await expect(dialog.getByRole('textbox', { name: 'Step 1', exact: true })).toBeFocused();
  await page.keyboard.type('Bake');
  await page.keyboard.press('Tab');
  await page.keyboard.type('2 h');
  await tabTo(page, dialog.getByRole('button', { name: 'Add a step' }));
  await page.keyboard.press('Enter');
  await page.keyboard.type('Ice');
  await page.keyboard.press('Tab');
  await page.keyboard.type('30 min');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();

  const steps = page.getByRole('region', { name: 'Steps' });
  await expect(steps).toContainText('0 of 2');
  await expect(page.getByRole('region', { name: 'Parts' })).toContainText('2 h 30 min left');
  await tabTo(page, steps.getByRole('checkbox', { name: 'Bake' }));
  await page.keyboard.press('Space');
  await expect(steps).toContainText('1 of 2');
  await expect(page.getByRole('region', { name: 'Parts' })).toContainText('30 min left');
  expect((await kept.ask('promise', { promise })).steps[0]?.done_at).not.toBeNull();
  await page.keyboard.press('Control+z');
  await expect(steps.getByRole('checkbox', { name: 'Bake' })).not.toBeChecked();
});

test('what the customer must give and what is looked at are written and ticked', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake' });
  await page.goto(kept.at(`#/promise/${promise}`));
  for (const [button, title, line] of [
    ['What they must give', 'Needed from the customer', 'The text'],
    ['A checklist', 'Look at before the handover', 'Candles'],
  ] as const) {
    await page.getByRole('button', { name: button }).click();
    const dialog = page.getByRole('dialog', { name: title });
    await expect(dialog.getByRole('textbox', { name: 'One on each line' })).toBeFocused();
    await page.keyboard.type(line);
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toBeHidden();
    await page.getByRole('region', { name: title }).getByRole('checkbox', { name: line }).press('Space');
    await expect(page.getByRole('region', { name: title })).toContainText('1 of 1');
  }
  const { inputs, checklist } = await kept.ask('promise', { promise });
  expect([inputs[0]?.at, checklist[0]?.at]).not.toContain(null);
});

test('a handover asks about what was not looked at, and keeps its evidence', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'video', checklist: ['Sound is right'] });
  await page.goto(kept.at(`#/promise/${promise}`));
  await expect(page.getByRole('heading', { name: 'Video' })).toBeVisible();
  await page.keyboard.press('o');
  const dialog = page.getByRole('dialog', { name: 'Hand over' });
  await dialog.getByRole('radio', { name: 'By link' }).press('Space');
  await dialog.getByRole('textbox', { name: /^Links/ }).fill('https://example.com/video');
  await dialog.getByRole('textbox', { name: /^Note/ }).fill('Sent in the evening');
  const choosing = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'Attach a file…' }).click();
  await (await choosing).setFiles({ name: 'still.png', mimeType: 'image/png', buffer: Buffer.from('a picture') });
  await expect(dialog.getByRole('list', { name: 'Attached files' })).toContainText('still.png');
  await dialog.getByRole('button', { name: 'Hand over everything' }).click();
  await expect(dialog.getByText('Not looked at yet: Sound is right.')).toBeVisible();
  expect((await kept.ask('promise', { promise })).handovers).toEqual([]);
  await dialog.getByRole('button', { name: 'Yes, hand over all the same' }).press('Enter');
  await expect(dialog).toBeHidden();

  const block = page.getByRole('region', { name: 'Handed over' });
  for (const words of ['https://example.com/video', 'Sent in the evening', 'still.png']) {
    await expect(block).toContainText(words);
  }
  const [handover] = (await kept.ask('promise', { promise })).handovers;
  expect(handover?.files[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
});

test('hours are set aside where they are free, listed, and freed again', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake' });
  await page.goto(kept.at(`#/promise/${promise}`));
  const work = page.getByRole('region', { name: 'Time for it' });
  await expect(work).toContainText('No time is blocked');
  await tabTo(page, work.getByRole('button', { name: 'Set hours aside' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Set hours aside' });
  await dialog.getByRole('textbox', { name: 'Day' }).fill('tue 24 nov');
  await dialog.getByRole('textbox', { name: 'From' }).fill('11:00');
  await dialog.getByRole('textbox', { name: 'Until' }).fill('10:00');
  await page.keyboard.press('Enter');
  await expect(dialog.locator('.problem').first()).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Until' }).fill('12:00');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(work).toContainText('Tue 24 Nov, 11:00 to 12:00');
  await work.getByRole('button', { name: /^Free Tue 24 Nov/ }).press('Enter');
  await expect(work).not.toContainText('Tue 24 Nov, 11:00 to 12:00');
  expect((await kept.ask('promise', { promise })).blocks).toEqual([]);
});

test('how much work a part still needs is corrected in its place', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake' });
  await page.goto(kept.at(`#/promise/${promise}`));
  const left = page.getByRole('textbox', { name: 'Work left on cake' });
  await tabTo(page, left);
  await page.keyboard.type('3 h');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await kept.ask('promise', { promise })).parts[0]?.effort_left).toBe(180);
  await left.fill('soon');
  await expect(left).toHaveAttribute('aria-invalid', 'true');
  await left.press('Escape');
  await expect(left).toHaveValue('3 h');
});

test('what stands in its way is noted and taken out of the way', async ({ page, kept }) => {
  const first = await kept.promise({ what: 'oven repair', customer_name: 'Jo Kerr' });
  const promise = await kept.promise({ what: 'cake' });
  await page.goto(kept.at(`#/promise/${promise}`));
  await tabTo(page, page.getByRole('button', { name: 'What is in its way' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'What is in its way?' });
  await tabTo(page, dialog.getByRole('textbox', { name: 'Who has to deliver' }));
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Say what stands in its way.')).toBeVisible();
  await page.keyboard.type('Mill & Co');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const block = page.getByRole('region', { name: 'In its way' });
  await expect(block).toContainText('Mill & Co');

  await block.getByRole('button', { name: 'Something is in its way' }).click();
  await dialog.getByRole('radio', { name: 'Another promise' }).press('Space');
  await dialog.getByRole('combobox', { name: 'Which promise comes first' }).fill('oven');
  await dialog.getByRole('option', { name: /Oven repair/ }).click();
  await dialog.getByRole('button', { name: 'Note it' }).click();
  await expect(block.getByRole('link')).toHaveAttribute('href', `#/promise/${first}`);

  await block.getByRole('button', { name: /^Out of the way: .*Mill/ }).press('Enter');
  await expect(block.getByRole('button', { name: /^Out of the way/ })).toHaveCount(1);
});

test('a promise that waits for an event is looked at again later, and then gets its date', async ({ page, kept }) => {
  const promise = await kept.promise({
    what: 'first edition',
    due: null,
    awaits: { what: 'when the book is out', review_by: '2026-12-01' },
  });
  await page.goto(kept.at(`#/promise/${promise}`));
  const waits = page.getByRole('note').filter({ hasText: 'It has no date yet' });
  await expect(waits).toContainText('Tue 1 Dec');
  await waits.getByRole('button', { name: 'Still waiting…' }).press('Enter');
  const later = page.getByRole('dialog', { name: 'It waits for something to happen' });
  await later.getByRole('textbox', { name: 'Look at it again by' }).fill('15 dec');
  await page.keyboard.press('Enter');
  await expect(waits).toContainText('Tue 15 Dec');

  await waits.getByRole('button', { name: 'Give it a date…' }).press('Enter');
  const date = page.getByRole('dialog', { name: 'Give it a date' });
  await date.getByRole('textbox', { name: 'To' }).fill('10 dec');
  await date.getByRole('radio', { name: 'The customer' }).press('Space');
  await date.getByRole('button', { name: 'Move it' }).click();
  await expect(date).toBeHidden();
  await expect(waits).toBeHidden();
  expect((await kept.ask('promise', { promise })).row.due?.day).toBe('2026-12-10');
});

test('whoever was let down before is named a second chance on the next promise', async ({ page, kept }) => {
  await kept.promise({ what: 'cake', due: { day: '2026-11-18', hours: { kind: 'any_time' } } });
  const promise = await kept.promise({ what: 'tart' });
  await page.goto(kept.at(`#/promise/${promise}`));
  await expect(page.getByText('Maria Silva was let down before.')).toBeVisible();
  await page.getByRole('button', { name: 'What happened' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Maria Silva', level: 1 })).toBeVisible();
  await expect(page.getByText('Second chance').first()).toBeVisible();
});

test('what came too late is asked about before it is handed over', async ({ page, kept }) => {
  const promise = await kept.promise({
    what: 'morning paper',
    due: { day: '2026-11-20', hours: { kind: 'at', time: '07:00' } },
    worthless_hours: 2,
  });
  await page.goto(kept.at(`#/promise/${promise}`));
  await expect(page.getByText('It was said to help nobody after')).toBeVisible();
  await page.keyboard.press('o');
  const dialog = page.getByRole('dialog', { name: 'Hand over' });
  await dialog.getByRole('button', { name: 'Hand over everything' }).click();
  await expect(dialog.getByText(/Does it still help\?/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Yes, hand over all the same' }).click();
  await expect(status(page, 'Handed over')).toBeVisible();
});

test('a promise with all of this is accessible, in light and dark and in a small window', async ({ page, kept }) => {
  const promise = await kept.promise({
    what: 'cake',
    steps: [{ what: 'Bake', effort: 60 }],
    inputs: ['The text'],
    checklist: ['Candles'],
  });
  await kept.ask('block_by', { promise, what: { kind: 'supplier', name: 'Mill & Co' } });
  await kept.ask('block_time', { promise, day: '2026-11-24', from: '11:00', to: '12:00' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(colorScheme === 'light' ? { width: 1280, height: 800 } : { width: 900, height: 600 });
    await page.goto(kept.at(`#/promise/${promise}`));
    await expect(page.getByRole('region', { name: 'In its way' })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  }
});

test('what waits for somebody comes up on Today when the day to ask again has come', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cake' });
  await kept.ask('wait_for', { promise, on: 'customer', chase: '2026-11-23' });
  await page.goto(kept.at('#/today'));
  const again = page.getByRole('region', { name: /^Ask again/ });
  await expect(page.getByRole('region', { name: /^Later this week/ })).toContainText('Cake');
  await expect(again).toBeHidden();

  await kept.ask('wait_for', { promise, on: 'customer', chase: '2026-11-21' });
  await expect(again).toContainText('chase them now');
  await expect(page.getByRole('region', { name: /^Later this week/ })).toBeHidden();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Cake' })).toBeFocused();
});
