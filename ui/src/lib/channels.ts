import type { Channel } from './gen/Channel';
import type { TellKind } from './gen/TellKind';

/** The ways to reach somebody, as they stand in a list. */
export const CHANNELS: { value: Channel; words: string }[] = [
  { value: 'email', words: 'By e-mail' },
  { value: 'phone', words: 'By phone' },
  { value: 'in_person', words: 'In person' },
  { value: 'letter', words: 'By letter' },
  { value: 'message', words: 'By message' },
  { value: 'review', words: 'In a review' },
  { value: 'other', words: 'In another way' },
];

/** The messages to a customer, in the order of a promise’s life. */
export const MESSAGES: { value: TellKind; words: string }[] = [
  { value: 'confirmed', words: 'What we promised' },
  { value: 'on_track', words: 'All is on track' },
  { value: 'late', words: 'It will be late' },
  { value: 'ready', words: 'It is ready' },
  { value: 'handed_over', words: 'It was handed over' },
  { value: 'sorry', words: 'We are sorry' },
];
