/** What Kept asks before a handover, by the field in which the answer is given: nothing is meant until it is said. */
export const NOT_MEANT = {
  more_is_meant: false,
  duplicate_is_meant: false,
  late_help_is_meant: false,
  checklist_is_meant: false,
};

export type Meant = keyof typeof NOT_MEANT;

export const QUESTIONS = Object.keys(NOT_MEANT) as Meant[];
