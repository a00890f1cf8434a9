import { Refused } from './ask';

/** What Kept asks before a handover, by the field in which the answer is given: nothing is meant until it is said. */
export const NOT_MEANT = {
  more_is_meant: false,
  duplicate_is_meant: false,
  late_help_is_meant: false,
  checklist_is_meant: false,
};

export type Meant = keyof typeof NOT_MEANT;

export const QUESTIONS = Object.keys(NOT_MEANT) as Meant[];

/** Whether putting an alert off was refused only because it was put off twice already. */
export function asksFirst(reason: unknown): boolean {
  return reason instanceof Refused && reason.problems.some(({ field }) => field === 'again_is_meant');
}
