// An import from the choice of its file to its end. It outlives the screen: an import goes on while one looks elsewhere.

import { ask, chooseFile, on, Refused } from './ask';
import type { ImportEnd } from './gen/ImportEnd';
import type { ImportId } from './gen/ImportId';
import type { ImportPreview } from './gen/ImportPreview';
import type { ImportProgress } from './gen/ImportProgress';
import type { OfferedFile } from './gen/OfferedFile';
import { said } from './said.svelte';

export type Stage =
  | { is: 'choosing' }
  | { is: 'looking'; name: string }
  | { is: 'refused'; name: string; words: string }
  | { is: 'preview'; preview: ImportPreview; lookingAgain: boolean }
  | { is: 'running'; import: ImportId; name: string; progress: ImportProgress | null; stopping: boolean }
  | { is: 'ended'; import: ImportId; name: string; end: ImportEnd; takenBack: boolean };

/** How often a running import is asked how far it has come. */
const LOOKS_EVERY = 200;

class Importing {
  stage = $state.raw<Stage>({ is: 'choosing' });
  #turn = 0;

  /** Lets the owner choose a file and looks into it. */
  async choose(): Promise<void> {
    try {
      const file = await chooseFile();
      if (file) await this.look(file);
    } catch (reason) {
      said.failed(reason);
    }
  }

  /** Shows what a file would bring in. Nothing is brought in yet. */
  async look({ file, name }: OfferedFile, leadDays?: number): Promise<void> {
    const turn = ++this.#turn;
    const before = this.stage;
    const again = before.is === 'preview' && before.preview.file === file;
    this.stage = again ? { ...before, lookingAgain: true } : { is: 'looking', name };
    try {
      const preview = await ask('look_into_file', { file, lead_days: leadDays ?? null });
      if (turn === this.#turn) this.stage = { is: 'preview', preview, lookingAgain: false };
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      if (turn === this.#turn) this.stage = { is: 'refused', name, words: reason.message };
    }
  }

  /** Brings in the file that is previewed. */
  async bringIn(): Promise<void> {
    if (this.stage.is !== 'preview' || this.stage.lookingAgain) return;
    const { file, name, lead_days } = this.stage.preview;
    try {
      const { import: begun } = await ask('bring_in', { file, lead_days });
      this.stage = { is: 'running', import: begun, name, progress: null, stopping: false };
      await this.#follow(begun);
    } catch (reason) {
      said.failed(reason);
    }
  }

  /** Stops the import that runs; what it did is taken back. */
  async stop(): Promise<void> {
    if (this.stage.is !== 'running') return;
    this.stage = { ...this.stage, stopping: true };
    try {
      await ask('cancel_import', { import: this.stage.import });
    } catch (reason) {
      said.failed(reason);
    }
  }

  /** Takes back a whole import. */
  async takeBack(taken: ImportId): Promise<void> {
    try {
      const done = await ask('undo_import', { import: taken });
      said.say(done.said);
      if (this.stage.is === 'ended' && this.stage.import === taken) this.stage = { ...this.stage, takenBack: true };
    } catch (reason) {
      said.failed(reason);
    }
  }

  /** Back to the choice of a file. */
  leave(): void {
    this.#turn += 1;
    this.stage = { is: 'choosing' };
  }

  /** Asks how far an import has come, until it has ended. */
  async #follow(begun: ImportId): Promise<void> {
    while (this.stage.is === 'running' && this.stage.import === begun) {
      const progress = await ask('import_progress', { import: begun });
      if (progress.ended) {
        this.stage = { is: 'ended', import: begun, name: this.stage.name, end: progress.ended, takenBack: false };
        return;
      }
      this.stage = { ...this.stage, progress };
      await changeOr(LOOKS_EVERY);
    }
  }
}

/** Waits until Kept says that something changed, and no longer than that many milliseconds. */
function changeOr(most: number): Promise<void> {
  return new Promise((resolve) => {
    const off = on('changed', done);
    const wait = setTimeout(done, most);
    function done(): void {
      clearTimeout(wait);
      off();
      resolve();
    }
  });
}

export const importing = new Importing();
