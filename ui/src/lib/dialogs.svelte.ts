import type { Channel } from './gen/Channel';
import type { CommitmentId } from './gen/CommitmentId';
import type { Day } from './gen/Day';
import type { Done } from './gen/Done';
import type { PromiseRow } from './gen/PromiseRow';
import type { TellKind } from './gen/TellKind';

/** The dialogs about one promise. */
export type DialogName =
  | 'hand_over'
  | 'move_date'
  | 'cancel'
  | 'payment'
  | 'parts'
  | 'wait_for'
  | 'steps'
  | 'checklist'
  | 'inputs'
  | 'time_block'
  | 'blocker'
  | 'await_event'
  | 'worthless'
  | 'reminder'
  | 'put_off_again'
  | 'repeat'
  | 'tell';

/** The dialogs about several promises at once. */
export type ManyDialogName = 'move_date' | 'wait_for' | 'cancel';

/** A message that is meant, and by which way. */
export interface Telling {
  kind: TellKind;
  channel: Channel;
}

type About =
  | { name: DialogName; promise: CommitmentId; day: Day | null; telling: Telling | null }
  | { name: ManyDialogName; rows: PromiseRow[] };

type Open = About & { answer: (done: Done | null) => void };

/** Which dialog is open; `parts/Dialogs.svelte` shows it. */
class Dialogs {
  now = $state.raw<Open | null>(null);
  keysShown = $state(false);
  paletteShown = $state(false);
  /** What is typed into the palette, also before it is there. */
  paletteText = $state('');

  /** Opens a dialog, about a day if one is named; resolves with what was done, or with nothing if it was left. */
  open(name: DialogName, promise: CommitmentId, day: Day | null = null): Promise<Done | null> {
    return this.#show({ name, promise, day, telling: null });
  }

  /** Opens the dialog in which a customer is told something, with the message that is meant. */
  tell(promise: CommitmentId, telling: Telling): Promise<Done | null> {
    return this.#show({ name: 'tell', promise, day: null, telling });
  }

  /** Opens a dialog about several promises. */
  openMany(name: ManyDialogName, rows: PromiseRow[]): Promise<Done | null> {
    return this.#show({ name, rows });
  }

  openPalette(): void {
    this.paletteText = '';
    this.paletteShown = true;
  }

  close(done: Done | null): void {
    this.now?.answer(done);
    this.now = null;
  }

  #show(about: About): Promise<Done | null> {
    this.now?.answer(null);
    return new Promise((answer) => {
      this.now = { ...about, answer };
    });
  }
}

export const dialogs = new Dialogs();
