import { expect, open, test } from './kept';

test('at one and a half times the text size a list keeps its rows apart and nothing runs out of the window', async ({
  page,
  kept,
}) => {
  await kept.ask('look_around', {});
  await kept.ask('change_settings', { ...(await kept.ask('settings', {})), text_size: 150 });
  await open(page, kept, '#/promises', 'Promises');
  const rows = page.getByRole('grid', { name: 'Promises' }).locator('[data-index]');
  await expect(rows.nth(2)).toBeVisible();
  const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect()));
  for (const [at, box] of heights.entries()) {
    expect(box.height).toBe(54);
    expect(box.right).toBeLessThanOrEqual(1280);
    if (at > 0) expect(box.top).toBeGreaterThanOrEqual((heights[at - 1]?.bottom ?? 0) - 1);
  }
});
