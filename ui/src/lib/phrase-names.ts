// The customer in a phrase: one that Kept knows, or a name that stands where a name would.

import type { CustomerBrief } from './gen/CustomerBrief';
import { folded, matches, TAKEN, trimmed, wholeWords, type Stretch } from './phrase-text';

/** A customer as a phrase names them. */
export interface CustomerRead extends Stretch {
  name: string;
  /** The one that Kept knows by this name. */
  known: CustomerBrief | null;
  /** The name is part of what is promised as well: `Call Hannah back`. */
  stays: boolean;
}

/**
 * A name that can be told before dates are looked for, so that April Jones is no month: a known customer’s full name
 * where a name would stand, or one that is written like a date.
 */
export function nameBeforeDates(text: string, known: readonly CustomerBrief[]): CustomerRead | null {
  return knownIn(text, known).find(({ surely }) => surely)?.customer ?? nameLikeADate(text);
}

/** A name in what is left of a phrase without its date and money. */
export function nameByPlace(text: string, known: readonly CustomerBrief[]): CustomerRead | null {
  const place = behindFor(text) ?? knownIn(text, known)[0]?.customer ?? otherPlace(text);
  if (!place) return null;
  const { start, end, stays = false } = place;
  const name = text.slice(start, end);
  const same = known.find((customer) => folded(customer.name) === folded(name)) ?? null;
  return { start, end, stays, known: same, name: same?.name ?? name };
}

/** Behind a title (`Mrs May`), or `for April Jones`. */
function nameLikeADate(text: string): CustomerRead | null {
  const titled = TITLED.exec(text);
  const dated = FOR_A_DATE_NAME.exec(text);
  const found = titled ?? dated;
  if (!found?.[1]) return null;
  const start = found.index + found[0].length - found[1].length;
  return { start, end: start + found[1].length, name: found[1], known: null, stays: false };
}

/** Beginnings of names in a phrase, for which Kept is asked whether it knows such a customer. */
export function nameCandidates(text: string): string[] {
  const places = [
    ...matches(text, /(?<![\p{L}\p{N}])(?:for|to)\s+([^\s,;:]+(?:[ \t]+[^\s,;:]+)?)/giu).map(
      ({ found }) => found[1] ?? '',
    ),
    ...matches(text, /(?<![\p{L}\p{N}])\p{Lu}[\p{L}'’-]+(?:[ \t]+\p{Lu}[\p{L}'’-]+)?/gu).map(({ found }) => found[0]),
    ...text.split(/[,;:]/u).slice(0, 2),
  ];
  const words = places.flatMap((place) => [place.trim(), place.trim().split(/\s+/u)[0] ?? '']);
  const names = words.filter((word) => word.length > 1 && word.length <= 60 && !/\d/u.test(word));
  return [...new Map(names.map((name) => [folded(name), name])).values()].slice(0, 8);
}

type Place = Stretch & { stays?: boolean };

const TITLED = /(?<![\p{L}\p{N}])((?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?\s+\p{Lu}[\p{L}'’-]+)/u;

const DATE_WORDS =
  'Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t|tember)?|Oct(?:ober)?|' +
  'Nov(?:ember)?|Dec(?:ember)?|Mon(?:day)?|Tue(?:s|sday)?|Wed(?:s|nesday)?|Thu(?:rs?|rsday)?|Fri(?:day)?|' +
  'Sat(?:urday)?|Sun(?:day)?|Today|Tomorrow';
const FOR_A_DATE_NAME = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:[Ff]or|[Tt]o)\\s+((?:${DATE_WORDS})\\s+(?!(?:${DATE_WORDS})(?!\\p{L}))\\p{Lu}[\\p{L}'’-]+)`,
  'u',
);

/** Words at which a name ends. */
const STOPS = new Set(
  'by before due on at until till for to with in from asap is as and will who that no not please not'.split(' '),
);
/** Words within a name. */
const JOINERS = new Set(
  '& + and of the de la le du des del van von der den di da do dos das y e bin al el st'.split(' '),
);
/** Words behind which something is named, not somebody. */
const NOBODY = new Set('the a an my our your his her their its this that next last some free sale'.split(' '));

/** Where full names of known customers stand, the longest first; `oak sign` does not name a customer called Oak. */
function knownIn(text: string, known: readonly CustomerBrief[]): { customer: CustomerRead; surely: boolean }[] {
  const plain = folded(text);
  const longestFirst = [...known].sort((one, other) => other.name.length - one.name.length);
  return longestFirst.flatMap((customer) =>
    matches(plain, wholeWords(escaped(folded(customer.name))))
      .map(({ start, end }) => ({
        customer: { start, end, name: customer.name, known: customer, stays: false },
        surely: isNamePlace(text.slice(0, start), text.slice(end)),
      }))
      .filter(({ surely, customer: { start, end, name } }) => surely || text.slice(start, end) === name),
  );
}

/** Behind `for`, or between commas. */
function isNamePlace(before: string, after: string): boolean {
  if (/(?:^|[^\p{L}])(?:for|to)\s+$/iu.test(before)) return true;
  return /(?:^|[,;:])\s*$/u.test(before) && /^\s*(?:$|[,;:])/u.test(after);
}

function otherPlace(text: string): Place | null {
  return asSegment(text) ?? beforeVerb(text) ?? behindPromised(text) ?? toBeCalled(text) ?? asOwner(text);
}

/** `for Maria`, `to St Anne’s School`; of several the last that is written like a name. */
function behindFor(text: string): Place | null {
  const named = matches(text, /(?<![\p{L}\p{N}])(for|to)\s+(?=\S)/giu)
    .map(({ end: start, found }) => ({ start, name: nameAt(text, start), behind: found[1]?.toLowerCase() }))
    .filter(({ name, behind }) => name !== null && (name.capital || behind === 'for'));
  const best = named.findLast(({ name }) => name?.capital) ?? named.at(-1);
  return best?.name ? { start: best.start, end: best.name.end } : null;
}

/** The end of the name that begins here. */
function nameAt(text: string, start: number): { end: number; capital: boolean } | null {
  const words = wordsFrom(text, start);
  const [first] = words;
  if (!first || STOPS.has(first.word.toLowerCase())) return null;
  if (isCapital(first.word) || (first.word.toLowerCase() === 'the' && isCapital(words[1]?.word ?? ''))) {
    return { end: capitalEnd(words), capital: true };
  }
  if (NOBODY.has(first.word.toLowerCase()) || /^\d/u.test(first.word)) return null;
  const stop = words.findIndex(({ word }) => STOPS.has(word.toLowerCase()));
  const name = stop < 0 ? words : words.slice(0, stop);
  return name.length <= 3 ? { end: name.at(-1)?.end ?? first.end, capital: false } : null;
}

type Word = Stretch & { word: string };

/** The words from here to the next comma, or to where something was taken out. */
function wordsFrom(text: string, start: number): Word[] {
  const rest = new RegExp(`^[^,;:${TAKEN}]*`, 'u').exec(text.slice(start))?.[0] ?? '';
  return matches(rest, /\S+/gu).map((word) => ({
    word: word.found[0],
    start: start + word.start,
    end: start + word.end,
  }));
}

function capitalEnd(words: readonly Word[]): number {
  let end = words[0]?.end ?? 0;
  for (const [index, { word, end: wordEnd }] of words.entries()) {
    const joins = JOINERS.has(word.toLowerCase()) && isCapital(words[index + 1]?.word ?? '');
    if (index > 0 && !joins && !isCapital(word) && !/^\p{Extended_Pictographic}/u.test(word)) break;
    end = wordEnd;
  }
  return end;
}

/** Whether a word is written like a name; scripts without capitals write every word so. */
function isCapital(word: string): boolean {
  return /^[^\p{L}\p{N}]*[\p{Lu}\p{Lo}]/u.test(word);
}

/** `Ana, oak sign, …` and `Maria: 12 cupcakes …`. */
function asSegment(text: string): Place | null {
  const segments = matches(text, /[^,;:\n]+|(?<=\s)[-–—](?=\s)/gu)
    .map((segment) => trimmed(text, segment))
    .filter((segment) => segment !== null)
    .map((segment) => firstPiece(text, segment))
    .filter((segment) => segment !== null);
  const worded = segments.filter(({ start, end }) => /\p{L}/u.test(text.slice(start, end)));
  if (worded.length < 2) return null;
  const name = worded.find((segment) => isName(text, segment)) ?? worded.find((segment) => isShort(text, segment));
  return name ?? null;
}

/** The part of a segment before anything that was taken out of it. */
function firstPiece(text: string, segment: Stretch): Stretch | null {
  const piece = new RegExp(`[^${TAKEN}]+`, 'u').exec(text.slice(segment.start, segment.end));
  if (!piece) return null;
  const start = segment.start + piece.index;
  return trimmed(text, { start, end: start + piece[0].length });
}

function isName(text: string, { start, end }: Stretch): boolean {
  const words = wordsFrom(text.slice(0, end), start);
  return isShort(text, { start, end }) && words.every(({ word }) => isCapital(word) || JOINERS.has(word.toLowerCase()));
}

function isShort(text: string, { start, end }: Stretch): boolean {
  const words = text.slice(start, end).split(/\s+/u);
  return words.length <= 4 && !/\d/u.test(text.slice(start, end)) && !STOPS.has(words[0]?.toLowerCase() ?? '');
}

/** `Maria wants 12 cupcakes`. */
function beforeVerb(text: string): Place | null {
  const found = /^\s*(\S+(?:\s+\S+){0,3}?)\s+(?:wants|needs|ordered|orders|would like|asked for|booked)\s/iu.exec(text);
  const name = found?.[1];
  if (!found || !name || /\d/u.test(name)) return null;
  const start = found[0].indexOf(name);
  return { start, end: start + name.length };
}

/** `promised Maria 12 cupcakes`. */
function behindPromised(text: string): Place | null {
  const found = /^\s*(?:promised?|owe)\s+(?=\p{Lu})/iu.exec(text);
  const name = found && nameAt(text, found[0].length);
  return found && name?.capital ? { start: found[0].length, end: name.end } : null;
}

/** `Call Hannah back`: the name belongs to what is promised as well. */
function toBeCalled(text: string): Place | null {
  const found = /^\s*(?:call|ring|phone|e-?mail|text|write to|reply to|answer|visit|meet)\s+(?=\p{Lu})/iu.exec(text);
  if (!found) return null;
  const name = nameAt(text, found[0].length);
  return name?.capital ? { start: found[0].length, end: name.end, stays: true } : null;
}

/** `Maria’s cake`. */
function asOwner(text: string): Place | null {
  const found =
    /(?<![\p{L}\p{N}])(?!Mother|Father|Valentine|Women|Men|Children|Year)(\p{Lu}\p{L}+)['’]s\s+\p{Ll}/u.exec(text);
  return found?.[1] ? { start: found.index, end: found.index + found[1].length } : null;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/gu, '\\$&');
}
