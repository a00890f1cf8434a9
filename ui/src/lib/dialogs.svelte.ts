import type { CommitmentId } from './gen/CommitmentId';
import type { Done } from './gen/Done';

/** The dialogs about one promise. */
export type DialogName = 'hand_over' | 'move_date' | 'cancel' | 'payment' | 'parts' | 'wait_for';

interface Open {
  name: DialogName;
  promise: CommitmentId;
  answer: (done: Done | null) => void;
}

/** Which dialog is open; `parts/Dialogs.svelte` shows it. */
class Dialogs {
  now = $state.raw<Open | null>(null);
  keysShown = $state(false);

  /** Opens a dialog; resolves with what was done, or with nothing if it was left. */
  open(name: DialogName, promise: CommitmentId): Promise<Done | null> {
    this.now?.answer(null);
    return new Promise((answer) => {
      this.now = { name, promise, answer };
    });
  }

  close(done: Done | null): void {
    this.now?.answer(done);
    this.now = null;
  }
}

export const dialogs = new Dialogs();
