import type { Attachment } from 'svelte/attachments';

/**
 * Text of any script in its own direction, where the text of an element changes: Chromium works the direction out anew
 * only when it is set again. To be given what is written there, and nothing is set while that stays the same: each
 * setting has a row laid out and painted, and with most letters of a search most rows stay what they are.
 */
export function directionOf(text: string): Attachment<HTMLElement> {
  return (element) => {
    if (text !== '') element.dir = 'auto';
  };
}
