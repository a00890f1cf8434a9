import { ask, on, Refused } from './ask';
import { problemWith } from './failures';
import type { Settings } from './gen/Settings';
import { said } from './said.svelte';

/**
 * The settings while the owner changes them. Every change is saved at once and can be undone; one that is refused stays
 * on screen with its problem until it is put right, and goes along with the next change.
 */
export class Setting {
  now = $state.raw<Settings | null>(null);
  failure = $state.raw<Refused | null>(null);
  #changes: Promise<void> = Promise.resolve();
  #unsaved = 0;
  /** Counts what happened to the settings here, so that an answer from before it is known. */
  #turn = 0;

  /** To be made while a component is set up. */
  constructor() {
    void this.look();
    $effect(() => on('changed', () => void this.look()));
  }

  /** Looks again, unless something on screen could not be saved yet. */
  async look(): Promise<void> {
    if (this.now && this.failure) return;
    const turn = this.#turn;
    try {
      const settings = await ask('settings', {});
      // What was changed here meanwhile is newer; when it is saved, there is another look.
      if (turn !== this.#turn || this.#unsaved > 0) return;
      this.now = settings;
      this.failure = null;
    } catch (reason) {
      if (turn === this.#turn && reason instanceof Refused) this.failure = reason;
    }
  }

  /** Saves a change; of several at a time each waits for the one before. */
  change(part: Partial<Settings>): Promise<void> {
    if (!this.now) return this.#changes;
    this.now = { ...this.now, ...part };
    this.#turn += 1;
    this.#unsaved += 1;
    this.#changes = this.#changes.then(() => this.#save());
    return this.#changes;
  }

  problemWith(field: string): string | null {
    return problemWith(this.failure, field);
  }

  async #save(): Promise<void> {
    if (!this.now) return;
    try {
      const done = await ask('change_settings', this.now);
      this.failure = null;
      if (done.change !== 0) said.done(done);
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      this.failure = reason;
      if (reason.problems.length === 0) said.failed(reason);
    } finally {
      this.#turn += 1;
      this.#unsaved -= 1;
      if (this.#unsaved === 0) void this.look();
    }
  }
}
