import { ask } from './ask';
import { howToSay, type Tone } from './failures';
import type { Done } from './gen/Done';
import type { LeftAsIs } from './gen/LeftAsIs';
import { shell } from './shell.svelte';

/** One thing said at the foot of the window, with at most one thing to do about it. */
export interface Saying {
  words: string;
  tone: Tone;
  action: { words: string; run: () => void } | null;
}

const STAYS = 8_000;

/** Whoever reads that something was undone can do it again at once: what the keys do next is known by then. */
async function knowWhatIsNext(): Promise<void> {
  await shell.look().catch(() => undefined);
}

/** The bar at the foot of the window: what was done, with Undo, and what could not be done. */
class Said {
  now = $state.raw<Saying | null>(null);
  #goes: ReturnType<typeof setTimeout> | undefined;

  /** Says what was done, and with which of several it was not, and offers to undo it. */
  done(done: Done & { left?: LeftAsIs[] }): void {
    const words = done.said + leftWords(done.left ?? []);
    if (done.change === 0) this.say(words);
    else this.say(words, { words: 'Undo', run: () => void this.undo(done.change) });
  }

  /** Says what could not be done; `again` is offered where looking again helps. */
  failed(reason: unknown, again?: () => void): void {
    const { tone, words, action } = howToSay(reason);
    this.#show({ words, tone, action: action && again ? { words: action, run: again } : null });
  }

  say(words: string, action: Saying['action'] = null): void {
    this.#show({ words, tone: 'plain', action });
  }

  /** Undoes one change, or the newest that can be undone. */
  async undo(change?: number): Promise<void> {
    try {
      const undone = await ask('undo', change === undefined ? {} : { change });
      await knowWhatIsNext();
      this.say(undone.said, { words: 'Redo', run: () => void this.redo() });
    } catch (reason) {
      this.failed(reason);
    }
  }

  /** Does once more what was undone last. */
  async redo(): Promise<void> {
    try {
      const redone = await ask('redo', {});
      await knowWhatIsNext();
      this.done(redone);
    } catch (reason) {
      this.failed(reason);
    }
  }

  /** The bar stays while it is pointed at or holds the focus. */
  hold(): void {
    clearTimeout(this.#goes);
  }

  release(): void {
    clearTimeout(this.#goes);
    this.#goes = setTimeout(() => {
      this.now = null;
    }, STAYS);
  }

  close(): void {
    this.hold();
    this.now = null;
  }

  #show(saying: Saying): void {
    this.now = saying;
    this.release();
  }
}

function leftWords(left: LeftAsIs[]): string {
  const [first, ...others] = left;
  if (!first) return '';
  if (others.length === 0) return `. ${first.title} stayed as it is: ${first.is}`;
  return `. ${left.length} stayed as they are; ${first.title}: ${first.is}`;
}

export const said = new Said();
