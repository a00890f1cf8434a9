// How many of what: the words of a phrase that are no customer, no date and no money.

import { TAKEN, matches, trimmed, type Stretch } from './phrase-text';

/** What is promised, and how many of it. */
export interface PromiseRead {
  quantity: number;
  what: string;
  stretches: Stretch[];
}

/** Reads what is left of a phrase. */
export function readPromise(text: string): PromiseRead {
  const stretches = matches(text, new RegExp(`(?:[^${TAKEN},;]|,(?=\\d{3}))+`, 'gu'))
    .map((piece) => withoutConnectors(text, piece))
    .filter((piece) => piece !== null);
  const words = stretches
    .map(({ start, end }) => text.slice(start, end))
    .join(' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return { ...counted(words), stretches };
}

/** Words that tied this piece to what was taken out: `by`, `for`, `at`. */
const CONNECTORS =
  '(?:(?:no later than|needed by|ready by|due|by|before|on|for|to|at|until|till|from|between|and|or|in|is|of|as|please|the|asap)(?![\\p{L}\\p{N}]))';
const LEADING = new RegExp(
  `^(?:${CONNECTORS}\\s*|[\\s:.\\-–—]+|['’]s\\s+|(?:wants|needs|ordered|orders|would like|asked for|booked|promised?|owe)(?:\\s+|$))+`,
  'iu',
);
const TRAILING = new RegExp(`(?:\\s*(?<![\\p{L}\\p{N}])${CONNECTORS}|[\\s:\\-–—]+)+$`, 'iu');

function withoutConnectors(text: string, piece: Stretch): Stretch | null {
  const inside = trimmed(text, piece);
  if (!inside) return null;
  let words = text.slice(inside.start, inside.end);
  const lead = LEADING.exec(words)?.[0].length ?? 0;
  words = words.slice(lead);
  const trail = TRAILING.exec(words)?.[0].length ?? 0;
  const start = inside.start + lead;
  const end = inside.end - trail;
  return end > start && /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text.slice(start, end)) ? { start, end } : null;
}

// prettier-ignore
const NUMBERS: Record<string, number> = {
  one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12,
  fifteen: 15, twenty: 20, thirty: 30, forty: 40, fifty: 50, hundred: 100,
};

/** Behind such a word a number is a measure or a name of the thing, not a count of it: `2 kg flour`, `3 tier cake`. */
const MEASURES =
  /^(?:kg|g|mg|lbs?|oz|l|ml|cl|m|cm|mm|km|in|inch|inches|ft|feet|foot|yd|yards?|metres?|meters?|litres?|liters?|sqm|tier|layer|course|storey|seater|drawer|door|person|people|piece|days?|weeks?|months?|years?|hours?|minutes?|min|h|%|pounds? of)(?![\p{L}])/iu;

/** Enough to be refused by name; more would not go over the wire. */
const QUANTITY_SHOWN_MOST = 4_000_000_000;

function counted(words: string): { quantity: number; what: string } {
  const dozens = /^(?:(half) an?|an?|(\d+|two|three|four|five|six|ten))\s+dozen\s+(?:of\s+)?(.+)$/iu.exec(words);
  if (dozens?.[3]) return { quantity: dozens[1] ? 6 : 12 * numberOf(dozens[2] ?? 'one'), what: dozens[3] };
  if (/(?:\band\b|[+&])\s*\d/iu.test(words)) return { quantity: 1, what: words };
  const digits = /^(\d{1,3}(?:[,.’' ]\d{3})+|\d+)\s*(?:[x×]\s*(?=\p{L})|[x×]\s+|\s)(.+)$/iu.exec(words);
  if (digits?.[1] && digits[2] && !MEASURES.test(digits[2])) {
    return { quantity: Math.min(Number(digits[1].replace(/\D/gu, '')), QUANTITY_SHOWN_MOST), what: digits[2] };
  }
  const behind = /^(.+?)\s*[x×]\s?(\d+)$/iu.exec(words);
  if (behind?.[1] && behind[2]) return { quantity: Math.min(Number(behind[2]), QUANTITY_SHOWN_MOST), what: behind[1] };
  const spelled = /^(\p{L}+)\s+(.+)$/u.exec(words);
  const number = NUMBERS[spelled?.[1]?.toLowerCase() ?? ''];
  if (number && spelled?.[2] && !MEASURES.test(spelled[2])) return { quantity: number, what: spelled[2] };
  return { quantity: 1, what: words.replace(/^(?:an?)\s+(?=\S)/iu, '') };
}

function numberOf(word: string): number {
  return NUMBERS[word.toLowerCase()] ?? Number(word);
}
