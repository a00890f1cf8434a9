import type { Attachment } from 'svelte/attachments';

/** Calls once an element is in sight of the page that it scrolls with, or less than a screen away from it. */
export function whenNear(does: () => void): Attachment {
  return (element) => {
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        seen.disconnect();
        does();
      },
      { root: element.closest('.page'), rootMargin: '600px' },
    );
    seen.observe(element);
    return () => {
      seen.disconnect();
    };
  };
}
