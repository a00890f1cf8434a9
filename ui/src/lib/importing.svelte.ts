// An import from the choice of its file to its end. It outlives the screen: an import goes on while one looks elsewhere.

import { ask, chooseFiles, on, Refused, saveText } from './ask';
import type { FileAnswers } from './gen/FileAnswers';
import type { ImportEnd } from './gen/ImportEnd';
import type { ImportId } from './gen/ImportId';
import type { ImportPreview } from './gen/ImportPreview';
import type { ImportProgress } from './gen/ImportProgress';
import type { LookInto } from './gen/LookInto';
import type { OfferedFile } from './gen/OfferedFile';
import type { PaymentChoice } from './gen/PaymentChoice';
import { said } from './said.svelte';

export type Stage =
  | { is: 'choosing' }
  | { is: 'looking'; name: string }
  | { is: 'refused'; name: string; words: string }
  | { is: 'preview'; preview: ImportPreview; lookingAgain: boolean }
  | { is: 'running'; import: ImportId; name: string; progress: ImportProgress | null; stopping: boolean }
  | { is: 'ended'; import: ImportId; name: string; end: ImportEnd; takenBack: boolean; withoutBackup: boolean };

/** How often a running import is asked how far it has come. */
const LOOKS_EVERY = 200;

class Importing {
  stage = $state.raw<Stage>({ is: 'choosing' });
  /** What is looked into, with all that was answered about it. */
  #takes: LookInto = nothing();
  #turn = 0;

  /** Lets the owner choose files and looks into them. */
  async choose(): Promise<void> {
    try {
      const files = await chooseFiles();
      if (files.length > 0) await this.look(files);
    } catch (reason) {
      said.failed(reason);
    }
  }

  /** Shows what files would bring in. Nothing is brought in yet. */
  async look(files: OfferedFile[]): Promise<void> {
    this.#takes = { ...nothing(), files: files.map(({ file }) => file) };
    const [only] = files;
    const name = files.length === 1 && only ? only.name : `${files.length} files`;
    this.stage = { is: 'looking', name };
    await this.#lookAgain(name);
  }

  /** Looks again with another lead time. */
  async takeLeadDays(leadDays: number): Promise<void> {
    this.#takes = { ...this.#takes, lead_days: leadDays };
    await this.#lookAgain();
  }

  /** Looks again with what was answered about a file. */
  async answer(answered: FileAnswers): Promise<void> {
    const others = this.#takes.answers.filter(({ name }) => name !== answered.name);
    this.#takes = { ...this.#takes, answers: [...others, answered] };
    await this.#lookAgain();
  }

  /** Looks again with the promise that was chosen for a payment. */
  async match(choice: PaymentChoice): Promise<void> {
    const others = this.#takes.payments.filter(({ payment }) => payment !== choice.payment);
    this.#takes = { ...this.#takes, payments: [...others, choice] };
    await this.#lookAgain();
  }

  /** What was answered about a file so far. */
  answersFor(name: string): FileAnswers {
    const nothingYet = { name, answers: { dates: null, decimals: null, as_orders: null }, mapping: null };
    return this.#takes.answers.find((answered) => answered.name === name) ?? nothingYet;
  }

  /** Saves what is wrong in the files as a file of its own. */
  async saveProblems(): Promise<void> {
    try {
      const file = await ask('import_problems', this.#takes);
      if (await saveText(file)) said.say(`Saved ${file.name}`);
    } catch (reason) {
      said.failed(reason);
    }
  }

  async #lookAgain(name = ''): Promise<void> {
    const turn = ++this.#turn;
    const before = this.stage;
    if (before.is === 'preview') this.stage = { ...before, lookingAgain: true };
    try {
      const preview = await ask('look_into_file', this.#takes);
      if (turn === this.#turn) this.stage = { is: 'preview', preview, lookingAgain: false };
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      if (turn !== this.#turn) return;
      if (before.is === 'preview') {
        // What was looked at before is still true.
        this.stage = before;
        said.failed(reason);
      } else {
        this.stage = { is: 'refused', name, words: reason.message };
      }
    }
  }

  /** Brings in the files that are previewed. */
  async bringIn(): Promise<void> {
    if (this.stage.is !== 'preview' || this.stage.lookingAgain) return;
    const { name, lead_days } = this.stage.preview;
    this.#takes = { ...this.#takes, lead_days };
    await this.#begin(name);
  }

  /** Brings them in although no backup could be made first. */
  async goOnWithoutBackup(): Promise<void> {
    if (this.stage.is !== 'ended') return;
    this.#takes = { ...this.#takes, without_backup_is_meant: true };
    await this.#begin(this.stage.name);
  }

  async #begin(name: string): Promise<void> {
    try {
      const { import: begun } = await ask('bring_in', this.#takes);
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
        const { ended: end, without_backup: withoutBackup } = progress;
        this.stage = { is: 'ended', import: begun, name: this.stage.name, end, takenBack: false, withoutBackup };
        return;
      }
      this.stage = { ...this.stage, progress };
      await changeOr(LOOKS_EVERY);
    }
  }
}

function nothing(): LookInto {
  return { files: [], lead_days: null, answers: [], payments: [], without_backup_is_meant: false };
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
