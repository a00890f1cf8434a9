import { ask, on } from './ask';
import type { Appearance } from './gen/Appearance';
import type { ShellView } from './gen/ShellView';

/** What stands around every screen. */
class Shell {
  view = $state.raw<ShellView | null>(null);

  /** Asks for the first time, and again whenever something changes. */
  async begin(): Promise<void> {
    // What cannot be asked now is asked at the next change; the screen itself says what is wrong.
    on('changed', () => void this.look().catch(() => undefined));
    await this.look();
  }

  async look(): Promise<void> {
    this.view = await ask('shell', {});
    wear(this.view.appearance);
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

/** What was worn last, before the first answer is there. */
export function wearAsBefore(): void {
  const before = localStorage.getItem('appearance');
  if (before === 'light' || before === 'dark') wear(before);
}

export const shell = new Shell();
