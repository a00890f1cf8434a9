/** What is done while a pointer is followed. */
interface Does {
  moves: (event: PointerEvent) => void;
  /** It was let go after it had been moved. */
  drops: (event: PointerEvent) => void;
  /** Everything is to be as it was: it was let go where it was pressed, or Escape was pressed. */
  leaves: () => void;
  /** What scrolls when the pointer comes near its edge. */
  scrolls?: () => HTMLElement | null;
}

/** A press is a drag once the pointer has gone so many pixels. */
const BEGINS = 5;
/** So near to an edge it scrolls, and so far at once. */
const EDGE = 36;
const SCROLLS = 14;

/**
 * Follows a pointer from where it was pressed to where it is let go. What can be done by dragging can also be done by
 * keys and menus, so a finger, which has to scroll, drags nothing.
 */
export function follow(pressed: PointerEvent, { moves, drops, leaves, scrolls }: Does): void {
  if (pressed.button !== 0 || pressed.pointerType === 'touch') return;
  const ends = new AbortController();
  const { signal } = ends;
  let last = pressed;
  let drags = false;

  function move(event: PointerEvent): void {
    last = event;
    drags ||= Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) >= BEGINS;
    if (!drags) return;
    document.documentElement.dataset['dragging'] = '';
    moves(event);
  }

  function end(done: boolean): void {
    ends.abort();
    delete document.documentElement.dataset['dragging'];
    if (!drags || !done) return leaves();
    // The click that follows from letting go is not meant.
    addEventListener('click', stop, { capture: true, once: true });
    setTimeout(() => {
      removeEventListener('click', stop, { capture: true });
    });
    drops(last);
  }

  function scroll(): void {
    if (signal.aborted) return;
    const element = drags ? scrolls?.() : null;
    if (element && scrollNear(element, last)) moves(last);
    requestAnimationFrame(scroll);
  }

  addEventListener('pointermove', move, { signal });
  addEventListener('pointerup', () => end(true), { signal });
  addEventListener('pointercancel', () => end(false), { signal });
  addEventListener('keydown', (event) => event.key === 'Escape' && (stop(event), end(false)), {
    signal,
    capture: true,
  });
  if (scrolls) requestAnimationFrame(scroll);
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

function scrollNear(element: HTMLElement, { clientX, clientY }: PointerEvent): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const { scrollLeft, scrollTop } = element;
  element.scrollBy(towards(clientX, left, right), towards(clientY, top, bottom));
  return element.scrollLeft !== scrollLeft || element.scrollTop !== scrollTop;
}

function towards(at: number, from: number, to: number): number {
  if (at < from + EDGE) return -SCROLLS;
  return at > to - EDGE ? SCROLLS : 0;
}
