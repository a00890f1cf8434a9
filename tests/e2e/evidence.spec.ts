import { expect, status, test } from './kept';

test('what shows a handover is added later, refused where it is wrong, and undone', async ({ page, kept }) => {
  const promise = await kept.promise({ what: 'cupcakes', quantity: 12 });
  await kept.ask('hand_over', { promise, parts: [], links: [], files: [], ...MEANT });
  await page.goto(kept.at(`#/promise/${promise}`));
  const block = page.getByRole('region', { name: 'Handed over' });
  await expect(block).toContainText('12 cupcakes');
  await block.getByRole('button', { name: /Add what shows it/ }).click();
  const dialog = page.getByRole('dialog', { name: 'What shows it' });
  await dialog.getByRole('textbox', { name: 'Tracking number' }).fill('CJ123456785PT');
  await dialog.getByRole('textbox', { name: /Links/ }).fill('example.com/photo');
  await dialog.getByRole('button', { name: 'Note it' }).click();
  await expect(dialog).toContainText('A link begins with https://');
  await dialog.getByRole('textbox', { name: /Links/ }).fill('https://example.com/photo');
  const chooser = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'Attach a file…' }).click();
  await (await chooser).setFiles({ name: 'door.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('a photograph') });
  await expect(dialog.getByRole('list', { name: 'Attached files' })).toContainText('door.jpg');
  await dialog.getByRole('button', { name: 'Note it' }).click();
  await expect(dialog).toBeHidden();
  await expect(status(page, 'Noted what shows that 12 cupcakes went to Maria Silva')).toBeVisible();
  for (const words of ['CJ123456785PT', 'https://example.com/photo', 'door.jpg'])
    await expect(block).toContainText(words);
  await expect(page.getByRole('region', { name: 'History' })).toContainText('Noted what shows that 12 cupcakes went');

  await page.keyboard.press('Control+z');
  await expect(block).not.toContainText('CJ123456785PT');
  await page.keyboard.press('Control+Shift+z');
  await expect(block).toContainText('CJ123456785PT');
});

const MEANT = {
  more_is_meant: false,
  duplicate_is_meant: false,
  late_help_is_meant: false,
  checklist_is_meant: false,
};
