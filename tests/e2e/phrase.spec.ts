// What the quick-add bar reads: a table. The shop is open from 9 to 18 on weekdays; it is Saturday, 21 November 2026.

import { expect, test } from '@playwright/test';
import type { CustomerBrief } from '../../ui/src/lib/gen/CustomerBrief';
import type { Due } from '../../ui/src/lib/gen/Due';
import type { Money } from '../../ui/src/lib/gen/Money';
import { nameCandidates, readAmount, readDate, readPhrase, type PhraseContext } from '../../ui/src/lib/phrase';

const KNOWN = ['Maria Silva', 'April Jones', 'Oak', 'Sunday Roast Ltd', 'St Anne’s School'];
const OPEN = [{ from: '09:00', to: '18:00' }];

const SHOP: PhraseContext = {
  now: { day: '2026-11-21', time: '10:00' },
  opening: { week: [OPEN, OPEN, OPEN, OPEN, OPEN, [], []], exceptions: {} },
  currency: 'USD',
  customers: KNOWN.map((name): CustomerBrief => ({
    id: name,
    name,
    record: '',
  })),
  locale: 'en-US',
};

/** A phrase, then: how many, what, for whom, due, price, received, payment. */
type Row = [
  phrase: string,
  quantity: number,
  what: string,
  customer: string,
  due: string,
  total?: string,
  received?: string,
  payment?: string,
];

// prettier-ignore
const PHRASES: Row[] = [
  ['12 cupcakes for Maria by Fri 3pm $90 paid', 12, 'cupcakes', 'Maria', '2026-11-27 15:00', '90 USD', '90 USD', 'paid'],
  ['Ana, oak sign, Fri, $90 paid', 1, 'oak sign', 'Ana', '2026-11-27', '90 USD', '90 USD', 'paid'],
  ['12 cupcakes for maria by fri 3pm', 12, 'cupcakes', 'maria', '2026-11-27 15:00'],
  ['12 macarons for ana, fri 3pm, $24, unpaid', 12, 'macarons', 'ana', '2026-11-27 15:00', '24 USD', '', 'unpaid'],
  ['cake Fri for Ana 3pm $90', 1, 'cake', 'Ana', '2026-11-27 15:00', '90 USD'],
  ['Maria Silva: 12 cupcakes, Fri 3pm, 90 paid', 12, 'cupcakes', 'Maria Silva', '2026-11-27 15:00', '90 USD', '90 USD', 'paid'],
  ['Maria wants 12 cupcakes by Fri', 12, 'cupcakes', 'Maria', '2026-11-27'],
  ['promised Maria 12 cupcakes by Fri', 12, 'cupcakes', 'Maria', '2026-11-27'],
  ['Maria’s cake by Fri', 1, 'cake', 'Maria', '2026-11-27'],
  ['Call Hannah back by 4pm', 1, 'Call Hannah back', 'Hannah', '2026-11-21 16:00'],
  ['deliver 3 boxes to Ana on Mon between 9 and 11', 1, 'deliver 3 boxes', 'Ana', '2026-11-23 09:00-11:00'],

  // Names: known ones first, and names that are words or dates.
  ['oak sign for April Jones by Wed', 1, 'oak sign', 'April Jones', '2026-11-25'],
  ['oak sign for April Evans by Wed', 1, 'oak sign', 'April Evans', '2026-11-25'],
  ['oak sign for April by Wed', 1, 'oak sign', 'April', '2026-11-25'],
  ['cake for Mrs May, Fri $40', 1, 'cake', 'Mrs May', '2026-11-27', '40 USD'],
  ['gate repair for Mr. Okafor tomorrow morning', 1, 'gate repair', 'Mr. Okafor', '2026-11-22 09:00-12:00'],
  ['sunday roast ltd wants 12 loaves by Wed', 12, 'loaves', 'Sunday Roast Ltd', '2026-11-25'],
  ['24 cupcakes for st anne’s school by Mon 7:30am on account', 24, 'cupcakes', 'St Anne’s School', '2026-11-23 07:30', '', '', 'on_account'],
  ['Oak sign for Ana Fri', 1, 'Oak sign', 'Ana', '2026-11-27'],
  ['sign for Oak Fri', 1, 'sign', 'Oak', '2026-11-27'],
  ['300 hampers for The Fig & Fork by 10 Dec 12:00', 300, 'hampers', 'The Fig & Fork', '2026-12-10 12:00'],
  ['cake for the wedding for Ingrid & Jon Larsen by 28 Nov', 1, 'cake for the wedding', 'Ingrid & Jon Larsen', '2026-11-28'],
  ['bread for <b>Ana</b> Fri', 1, 'bread', '<b>Ana</b>', '2026-11-27'],
  ['cake for Zoë 🎂 Fri', 1, 'cake', 'Zoë 🎂', '2026-11-27'],
  ['خبز for محمد tomorrow $20', 1, 'خبز', 'محمد', '2026-11-22', '20 USD'],

  // Things that look like dates, times and amounts.
  ['3.5 m linen for Ana by Fri', 1, '3.5 m linen', 'Ana', '2026-11-27'],
  ['3m shelves for Ana by Fri', 1, '3m shelves', 'Ana', '2026-11-27'],
  ['sat-nav mount for Ana by Tue', 1, 'sat-nav mount', 'Ana', '2026-11-24'],
  ['Sunday Roast for 4 people for Ana by Wed', 1, 'Sunday Roast for 4 people', 'Ana', '2026-11-25'],
  ['Sunday roast boxes for Ana Fri', 1, 'Sunday roast boxes', 'Ana', '2026-11-27'],
  ['3/4 inch pipe for Ana by Fri', 1, '3/4 inch pipe', 'Ana', '2026-11-27'],
  ['24/7 sign for Ana by Fri', 1, '24/7 sign', 'Ana', '2026-11-27'],
  ['2 weeks course for Ana by Fri', 1, '2 weeks course', 'Ana', '2026-11-27'],
  ['2 pounds of flour for Ana Fri', 1, '2 pounds of flour', 'Ana', '2026-11-27'],
  ['Christmas cake for Ana, Tue', 1, 'Christmas cake', 'Ana', '2026-11-24'],
  ['cake for Ana 1 Jan 20260', 1, 'cake 1 Jan 20260', 'Ana', ''],
  ['cake for Ana 31/4', 1, 'cake 31/4', 'Ana', ''],

  // Dates that the library misses or reads wrongly.
  ['cake for Ana EOD', 1, 'cake', 'Ana', '2026-11-21'],
  ['cake for Ana by EOD Friday', 1, 'cake', 'Ana', '2026-11-27'],
  ['cake for Ana by end of month', 1, 'cake', 'Ana', '2026-11-30'],
  ['cake for Ana by the end of next month', 1, 'cake', 'Ana', '2026-12-31'],
  ['cake for Ana mid-March', 1, 'cake', 'Ana', '2027-03-15'],
  ['cake for Ana end of week', 1, 'cake', 'Ana', '2026-11-27'],
  ['cake for Ana in 3 business days', 1, 'cake', 'Ana', '2026-11-25'],
  ['cake for Ana in a fortnight', 1, 'cake', 'Ana', '2026-12-05'],
  ['cake for Ana, 2 weeks, $50', 1, 'cake', 'Ana', '2026-12-05', '50 USD'],
  ['cake for Ana by the 1st', 1, 'cake', 'Ana', '2026-12-01'],
  ['cake for Ana the day after tomorrow', 1, 'cake', 'Ana', '2026-11-23'],
  ['cake for Ana Friday week', 1, 'cake', 'Ana', '2026-12-04'],
  ['cake for Ana a week on Friday', 1, 'cake', 'Ana', '2026-12-04'],
  ['cake for Ana next Friday', 1, 'cake', 'Ana', '2026-11-27'],
  ['cake for Ana by Christmas Eve', 1, 'cake', 'Ana', '2026-12-24'],
  ['cake for Ana by 24.12.', 1, 'cake', 'Ana', '2026-12-24'],
  ['cake for Ana by 12.5.2027', 1, 'cake', 'Ana', '2027-05-12'],
  ['cake for Ana by 24/12', 1, 'cake', 'Ana', '2026-12-24'],
  ['cake for Ana by 12/24', 1, 'cake', 'Ana', '2026-12-24'],
  ['cake for Ana 2026-12-24 15:00', 1, 'cake', 'Ana', '2026-12-24 15:00'],
  ['cake for Ana yesterday', 1, 'cake', 'Ana', '2026-11-20'],

  // Said on a Saturday: the next one.
  ['cake for Ana Saturday', 1, 'cake', 'Ana', '2026-11-28'],
  ['cake for Ana Sat 3pm', 1, 'cake', 'Ana', '2026-11-28 15:00'],
  ['cake for Ana today', 1, 'cake', 'Ana', '2026-11-21'],

  // Times: only certain ones, and within the opening hours.
  ['cake for Ana Fri at 4', 1, 'cake', 'Ana', '2026-11-27 16:00'],
  ['cake for Ana at 4', 1, 'cake', 'Ana', '2026-11-21 16:00'],
  ['cake for Ana at 9', 1, 'cake', 'Ana', '2026-11-22 09:00'],
  ['cake for Ana Fri 04:30', 1, 'cake', 'Ana', '2026-11-27 04:30'],
  ['cake for Ana by Fri at 15.30', 1, 'cake', 'Ana', '2026-11-27 15:30'],
  ['cake for Ana Fri 2-4pm', 1, 'cake', 'Ana', '2026-11-27 14:00-16:00'],
  ['cake for Ana Fri from 9 to 5', 1, 'cake', 'Ana', '2026-11-27 09:00-17:00'],
  ['cake for Ana Fri between 2 and 4pm', 1, 'cake', 'Ana', '2026-11-27 14:00-16:00'],
  ['cake for Ana Friday afternoon', 1, 'cake', 'Ana', '2026-11-27 12:00-18:00'],
  ['cake for Ana Fri midnight', 1, 'cake', 'Ana', '2026-11-27 23:59'],
  ['cake for Ana in 2 weeks', 1, 'cake', 'Ana', '2026-12-05'],
  ['cake for Ana in 2 hours', 1, 'cake', 'Ana', '2026-11-21 12:00'],

  // How many.
  ['a dozen cupcakes for Ana Fri', 12, 'cupcakes', 'Ana', '2026-11-27'],
  ['two oak signs for Ana Fri', 2, 'oak signs', 'Ana', '2026-11-27'],
  ['cupcakes x12 for Ana Fri', 12, 'cupcakes', 'Ana', '2026-11-27'],
  ['12x cupcakes for Ana Fri', 12, 'cupcakes', 'Ana', '2026-11-27'],
  ['1,000 flyers for Corner Café by Mon', 1000, 'flyers', 'Corner Café', '2026-11-23'],
  ['2 kg flour for Ana Fri', 1, '2 kg flour', 'Ana', '2026-11-27'],
  ['3 tier cake for Ana Fri', 1, '3 tier cake', 'Ana', '2026-11-27'],
  ['32-piece box for Ana by Tue', 1, '32-piece box', 'Ana', '2026-11-24'],
  ['12 cupcakes and 2 cakes for Ana Fri', 1, '12 cupcakes and 2 cakes', 'Ana', '2026-11-27'],

  // Money.
  ['cake for Ana Fri €1.240,50 unpaid', 1, 'cake', 'Ana', '2026-11-27', '1240.5 EUR', '', 'unpaid'],
  ['cake for Ana Fri 90 EUR not paid', 1, 'cake', 'Ana', '2026-11-27', '90 EUR', '', 'unpaid'],
  ['cake for Ana Fri ¥1200 paid', 1, 'cake', 'Ana', '2026-11-27', '1200 JPY', '1200 JPY', 'paid'],
  ['cake for Ana Fri £90 on account', 1, 'cake', 'Ana', '2026-11-27', '90 GBP', '', 'on_account'],
  ['cake for Ana Fri $90, paid $30', 1, 'cake', 'Ana', '2026-11-27', '90 USD', '30 USD', 'deposit'],
  ['cake for Ana Fri $30 deposit of $90', 1, 'cake', 'Ana', '2026-11-27', '90 USD', '30 USD', 'deposit'],
  ['cake for Ana Fri $90 half paid', 1, 'cake', 'Ana', '2026-11-27', '90 USD', '45 USD', 'deposit'],
  ['300 hampers for Ana Fri $14,700 50% deposit', 300, 'hampers', 'Ana', '2026-11-27', '14700 USD', '7350 USD', 'deposit'],
  ['12 cupcakes $5 each for Ana Fri paid', 12, 'cupcakes', 'Ana', '2026-11-27', '60 USD', '60 USD', 'paid'],
  ['$1.2k oak table for Ana Fri deposit $300', 1, 'oak table', 'Ana', '2026-11-27', '1200 USD', '300 USD', 'deposit'],
  ['cake for Ana Fri paid', 1, 'cake', 'Ana', '2026-11-27', '', '', 'paid'],

  // Unfinished.
  ['12 cupcakes', 12, 'cupcakes', '', ''],
  ['for Maria', 1, '', 'Maria', ''],
  ['Fri 3pm', 1, '', '', '2026-11-27 15:00'],
  ['$90 paid', 1, '', '', '', '90 USD', '90 USD', 'paid'],
  ['   ', 1, '', '', ''],
];

test('reads every phrase of the table', () => {
  for (const [phrase, quantity, what, customer, due, total = '', received = '', payment = 'unsaid'] of PHRASES) {
    const read = readPhrase(phrase, SHOP);
    const says = {
      quantity: read.quantity,
      what: read.what,
      customer: read.customer,
      due: read.readings.map(dueText).join(' or '),
      total: moneyText(read.total),
      received: moneyText(read.received),
      payment: read.payment,
    };
    expect.soft(says, phrase).toEqual({ quantity, what, customer, due, total, received, payment });
  }
});

/** What the words can mean, the likelier first; the owner is asked. */
const ASKED: [phrase: string, readings: string[], locale?: string][] = [
  ['cake for Ana by 3/4', ['2027-03-04', '2027-04-03']],
  ['cake for Ana by 3/4', ['2027-04-03', '2027-03-04'], 'en-GB'],
  ['cake for Ana by 3/4', ['2027-04-03', '2027-03-04'], 'de-DE'],
  ['cake for Ana 12/11/2026', ['2026-12-11', '2026-11-12']],
  ['cake for Ana 20 Nov', ['2027-11-20', '2026-11-20']],
  ['cake for Ana Fri 26 Nov', ['2026-11-26', '2026-11-27']],
  ['cake for Ana this Saturday', ['2026-11-21', '2026-11-28']],
  ['cake for Ana before Friday', ['2026-11-26', '2026-11-27']],
  ['cake for Ana next week', ['2026-11-27', '2026-11-23']],
  ['cake for Ana by May', ['2027-05-31', '2027-05-01']],
  ['cake for Ana by April', ['2027-04-30', '2027-04-01']],
  ['cake for Ana Fri at 7', ['2026-11-27 19:00', '2026-11-27 07:00']],
];

test('asks what is meant where the words can mean several dates', () => {
  for (const [phrase, readings, locale = SHOP.locale] of ASKED) {
    const read = readPhrase(phrase, { ...SHOP, locale });
    expect.soft(read.readings.map(dueText), `${phrase} (${locale})`).toEqual(readings);
  }
});

test('marks each part where it stands', () => {
  const phrase = '12 cupcakes for Maria by Fri 3pm $90 paid';
  const marked = readPhrase(phrase, SHOP).marks.map(({ part, start, end }) => [part, phrase.slice(start, end)]);
  expect(marked).toEqual([
    ['promise', '12 cupcakes'],
    ['customer', 'Maria'],
    ['due', 'Fri 3pm'],
    ['money', '$90 paid'],
  ]);
});

test('marks never overlap and never leave the phrase, whatever was typed', () => {
  for (const [phrase] of [...PHRASES, ...ASKED]) {
    let end = 0;
    for (const mark of readPhrase(phrase, SHOP).marks) {
      expect(mark.start, phrase).toBeGreaterThanOrEqual(end);
      expect(mark.end, phrase).toBeGreaterThan(mark.start);
      end = mark.end;
    }
    expect(end, phrase).toBeLessThanOrEqual(phrase.length);
  }
});

test('a half-typed phrase never throws', () => {
  for (const [phrase] of [...PHRASES.slice(0, 12), ...ASKED]) {
    for (let length = 0; length <= phrase.length; length += 1) {
      expect(() => readPhrase(phrase.slice(0, length), SHOP), phrase.slice(0, length)).not.toThrow();
    }
  }
});

test('the dollar sign is the shop’s own dollar', () => {
  expect(moneyText(readPhrase('cake for Ana Fri $90', { ...SHOP, currency: 'CAD' }).total)).toBe('90 CAD');
  expect(moneyText(readPhrase('cake for Ana Fri $90', { ...SHOP, currency: 'EUR' }).total)).toBe('90 USD');
  expect(moneyText(readPhrase('cake for Ana Fri 90 paid', { ...SHOP, currency: 'EUR' }).total)).toBe('90 EUR');
});

test('an amount typed into a field is read in the shop’s currency or the one it names', () => {
  const read = (text: string, currency = 'USD'): string => moneyText(readAmount(text, currency));
  expect(read('90')).toBe('90 USD');
  expect(read('1,240.50')).toBe('1240.5 USD');
  expect(read('1.240,50', 'EUR')).toBe('1240.5 EUR');
  expect(read('£12')).toBe('12 GBP');
  expect(read('1200', 'JPY')).toBe('1200 JPY');
  expect(read('-3')).toBe('-3 USD');
  for (const none of ['ninety', '12 cupcakes', '$', '']) expect(read(none), none).toBe('');
});

test('a date typed into a field is read as in the phrase', () => {
  expect(readDate('fri', SHOP).map(dueText)).toEqual(['2026-11-27']);
  expect(readDate('end of month', SHOP).map(dueText)).toEqual(['2026-11-30']);
  expect(readDate('3/4', SHOP).map(dueText)).toEqual(['2027-03-04', '2027-04-03']);
  expect(readDate('soon', SHOP)).toEqual([]);
});

test('names that could be meant are looked up by their beginnings', () => {
  expect(nameCandidates('12 cupcakes for april jones by Fri')).toEqual(
    expect.arrayContaining(['april jones', 'april']),
  );
  expect(nameCandidates('Ana, oak sign, Fri')).toContain('Ana');
});

function dueText({ day, hours }: Due): string {
  if (hours.kind === 'any_time') return day;
  return hours.kind === 'at' ? `${day} ${hours.time}` : `${day} ${hours.from}-${hours.to}`;
}

function moneyText(money: Money | null): string {
  if (!money) return '';
  return `${money.minor / (money.currency === 'JPY' ? 1 : 100)} ${money.currency}`;
}
