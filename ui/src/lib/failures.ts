import { Refused } from './ask';
import type { Code } from './gen/Code';

export type Tone = 'plain' | 'warning' | 'grave';

interface How {
  tone: Tone;
  /** What the owner can do about it, if there is anything. */
  action: string | null;
}

/** How each failure is said. Invalid marks its fields in a form and is said in words only where there is no form. */
const HOW: Record<Code, How> = {
  invalid: { tone: 'plain', action: null },
  not_found: { tone: 'plain', action: 'Look again' },
  conflict: { tone: 'warning', action: 'Look again' },
  busy: { tone: 'warning', action: 'Try again' },
  storage: { tone: 'grave', action: 'Try again' },
  newer_data: { tone: 'grave', action: null },
  bug: { tone: 'grave', action: null },
};

export function howToSay(reason: unknown): How & { words: string } {
  if (reason instanceof Refused) return { ...HOW[reason.code], words: reason.message };
  return { ...HOW.bug, words: `Kept made a mistake: ${String(reason)}.` };
}

/** What is wrong with one field of a form, by the name the request gives it. */
export function problemWith(failure: Refused | null, field: string): string | null {
  return failure?.problems.find((problem) => problem.field === field)?.is ?? null;
}

/** What is wrong that no field of the form shows. */
export function otherProblem(failure: Refused | null, fields: string[]): string | null {
  if (failure === null) return null;
  if (failure.problems.length === 0) return failure.message;
  return failure.problems.find((problem) => !fields.includes(problem.field))?.is ?? null;
}
