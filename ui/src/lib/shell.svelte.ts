import { answeredAhead, ask, on } from './ask';
import type { Appearance } from './gen/Appearance';
import type { ShellView } from './gen/ShellView';

/** What stands around every screen. */
class Shell {
  view = $state.raw<ShellView | null>(null);
  #latest = 0;
  #answered = 0;

  /** Asks for the first time, and again whenever something changes. */
  async begin(): Promise<void> {
    // What cannot be asked now is asked at the next change; the screen itself says what is wrong.
    on('changed', () => void this.look().catch(() => undefined));
    if (this.view === null) await this.look();
  }

  async look(): Promise<void> {
    const turn = ++this.#latest;
    const view = await ask('shell', {});
    // An answer that was overtaken by a newer one is dropped.
    if (turn < this.#answered) return;
    this.#answered = turn;
    this.#know(view);
  }

  /** Takes over what was asked ahead, if it is here. */
  lookAhead(): void {
    const early = answeredAhead('shell', {});
    if (early) this.#know(early.answer);
  }

  #know(view: ShellView): void {
    this.view = view;
    wear(view.appearance);
    size(view.text_size);
  }

  get currency(): string {
    return this.view?.currency ?? 'USD';
  }
}

/** Puts light or dark on the page; remembered, so that the next start does not flash. */
export function wear(appearance: Appearance): void {
  if (appearance === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = appearance;
  localStorage.setItem('appearance', appearance);
}

/** Sets the size of all text, in percent: every size on the screen follows the root's. */
export function size(percent: number): void {
  document.documentElement.style.fontSize = percent === 100 ? '' : `${percent}%`;
  localStorage.setItem('text_size', String(percent));
}

/** What was worn last, before the first answer is there. */
export function wearAsBefore(): void {
  const before = localStorage.getItem('appearance');
  if (before === 'light' || before === 'dark') wear(before);
  const percent = Number(localStorage.getItem('text_size') ?? 100);
  if (percent >= 80 && percent <= 150) size(percent);
}

export const shell = new Shell();
