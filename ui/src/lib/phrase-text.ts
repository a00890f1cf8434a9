// Stretches of a phrase: what a reader has understood is taken out of the text before the next reader looks at it.

/** A stretch of the phrase: from its first character to the one behind its last. */
export interface Stretch {
  start: number;
  end: number;
}

/** Stands where something was taken out. No reader takes it for a word or for a space between two words. */
export const TAKEN = '\uFFFC';

/** The text without these stretches; every other character stays where it was. */
export function without(text: string, stretches: readonly Stretch[]): string {
  let left = text;
  for (const { start, end } of stretches) {
    left = left.slice(0, start) + TAKEN.repeat(end - start) + left.slice(end);
  }
  return left;
}

/** The text in lower case and without accents, each character in its place. */
export function folded(text: string): string {
  return Array.from({ length: text.length }, (_, at) => foldedCharacter(text.charAt(at))).join('');
}

/** The stretch without the spaces and commas around it; nothing if nothing else is in it. */
export function trimmed(text: string, { start, end }: Stretch): Stretch | null {
  const inside = text.slice(start, end);
  const lead = /^[\s,;:.\-–—]*/u.exec(inside)?.[0].length ?? 0;
  const trail = /[\s,;:\-–—]*$/u.exec(inside)?.[0].length ?? 0;
  return lead + trail < inside.length ? { start: start + lead, end: end - trail } : null;
}

/** Every match of a pattern, with its place. */
export function matches(text: string, pattern: RegExp): (Stretch & { found: RegExpExecArray })[] {
  return [...text.matchAll(pattern)].map((found) => ({
    found,
    start: found.index,
    end: found.index + found[0].length,
  }));
}

/** Whether two stretches share a character. */
export function overlap(one: Stretch, other: Stretch): boolean {
  return one.start < other.end && other.start < one.end;
}

/** A pattern for whole words: `\b` does not know letters with accents. */
export function wholeWords(pattern: string, flags = 'giu'): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, flags);
}

function foldedCharacter(character: string): string {
  const plain = character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.length === 1 ? plain : character;
}
