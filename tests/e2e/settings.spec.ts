import { expect, open, status, tabTo, test } from './kept';

test('settings are saved as they are changed, and what is wrong is said beside them', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/settings', 'Settings');
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await tabTo(page, name);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Larkfield Bakery');
  await page.keyboard.press('Tab');
  await expect(page.getByText('Larkfield Bakery', { exact: true })).toBeVisible();

  await tabTo(page, page.getByRole('combobox', { name: 'Time zone' }));
  await page.keyboard.type('new york');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveValue('America/New York');

  const closes = page.getByRole('textbox', { name: 'Monday to', exact: true });
  await tabTo(page, closes);
  await page.keyboard.type('8:00');
  await page.keyboard.press('Tab');
  await expect(page.getByText('The hours must end after they begin.')).toBeVisible();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('17:30');
  await page.keyboard.press('Tab');
  await expect(page.getByText('The hours must end after they begin.')).toBeHidden();

  await tabTo(page, page.getByRole('checkbox', { name: 'Saturday' }));
  await page.keyboard.press('Space');
  await expect(page.getByRole('textbox', { name: 'Saturday from' })).toBeVisible();

  await expect
    .poll(async () => {
      const { business, calendar } = await kept.ask('settings', {});
      return {
        business,
        zone: calendar.zone,
        monday: calendar.week[0],
        saturday: calendar.week[5].length,
      };
    })
    .toEqual({
      business: 'Larkfield Bakery',
      zone: 'America/New_York',
      monday: [{ from: '09:00', to: '17:30' }],
      saturday: 1,
    });
});

test('a holiday is added and taken away', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/settings', 'Settings');
  const group = page.getByRole('region', {
    name: 'Closed days and other exceptions',
  });
  await tabTo(page, group.getByRole('textbox', { name: 'Day' }));
  await page.keyboard.type('25 Dec');
  await tabTo(page, group.getByRole('textbox', { name: 'What it is' }));
  await page.keyboard.type('Christmas Day');
  await page.keyboard.press('Enter');
  await expect(group.getByText('Christmas Day', { exact: true })).toBeVisible();
  await expect
    .poll(async () => (await kept.ask('settings', {})).calendar.exceptions)
    .toEqual({ '2026-12-25': { name: 'Christmas Day', spans: [] } });
  await tabTo(page, group.getByRole('button', { name: /Remove Christmas Day/ }), 90);
  await page.keyboard.press('Enter');
  await expect(group.getByText('Christmas Day', { exact: true })).toBeHidden();
  await expect(status(page, 'Undo')).toBeVisible();
});

test('the made-up shop is clearly marked and removed with one click', async ({ page, kept }) => {
  await page.goto(kept.at(''));
  await tabTo(page, page.getByRole('button', { name: /Look around first/ }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Today', exact: true })).toBeVisible();
  await expect(page.getByRole('note')).toContainText('made-up shop');
  await tabTo(page, page.getByRole('note').getByRole('button', { name: 'Remove the made-up shop' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Welcome to Kept' })).toBeVisible();
});

test('closing the window is asked about once', async ({ page, kept }) => {
  await kept.promise({
    what: 'lemon cake',
    due: { day: '2026-11-21', hours: { kind: 'at', time: '15:00' } },
  });
  await page.route('**/events*', (route) =>
    route.fulfill({
      contentType: 'text/event-stream',
      body: 'retry: 600000\nevent: ask_close\ndata: null\n\n',
    }),
  );
  await page.goto(kept.at('#/today'));
  const dialog = page.getByRole('dialog', {
    name: 'Keep watching when the window is closed?',
  });
  await expect(dialog.getByRole('button', { name: 'Keep watching' })).toBeFocused();
  await expect(dialog).toContainText(/lemon cake/i);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('holidays come from a calendar file', async ({ page, kept }) => {
  await kept.promise({ what: 'oak sign' });
  await open(page, kept, '#/settings', 'Settings');
  const group = page.getByRole('region', { name: 'Closed days and other exceptions' });
  const choosing = page.waitForEvent('filechooser');
  await tabTo(page, group.getByRole('button', { name: /Bring in holidays/ }));
  await page.keyboard.press('Enter');
  const text = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//made up//EN',
    'BEGIN:VEVENT',
    'UID:1',
    'SUMMARY:New Year',
    'DTSTART;VALUE=DATE:20200101',
    'RRULE:FREQ=YEARLY',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
  await (await choosing).setFiles({ name: 'holidays.ics', mimeType: 'text/calendar', buffer: Buffer.from(text) });
  await expect(status(page, 'Brought in 3 holidays')).toBeVisible();
  await expect(group.getByText('New Year', { exact: true }).first()).toBeVisible();
});

test('amounts follow the chosen customs at once, on the first screen too', async ({ page, kept }) => {
  const total = { minor: 123_450, currency: 'USD' };
  await kept.promise({ what: 'oak sign', total, due: { day: '2026-11-20', hours: { kind: 'at', time: '15:00' } } });
  await page.goto(kept.at('#/'));
  const today = page.getByRole('main');
  await expect(today).toContainText('1,234.50');
  // The words are remembered for the next time.
  await expect.poll(() => page.evaluate(() => localStorage.getItem('amounts'))).toContain('1,234.50');
  await page.reload();
  await expect(today).toContainText('1,234.50');
  await kept.ask('change_settings', { ...(await kept.ask('settings', {})), number_format: 'de-DE' });
  await expect(today).toContainText('1.234,50');
  await page.reload();
  await expect(today).toContainText('1.234,50');
});
