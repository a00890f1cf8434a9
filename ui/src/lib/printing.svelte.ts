import { tick } from 'svelte';
import { ask, printPage } from './ask';
import type { CommitmentId } from './gen/CommitmentId';
import type { Letter } from './gen/Letter';
import type { MenuPage } from './gen/MenuPage';
import type { PackingSlip } from './gen/PackingSlip';
import type { Period } from './gen/Period';
import type { Stamp } from './gen/Stamp';
import type { Statement } from './gen/Statement';
import type { TodayView } from './gen/TodayView';

/** What can be printed. */
export type Sheet =
  | { what: 'slip'; slip: PackingSlip }
  | { what: 'label'; slip: PackingSlip }
  | { what: 'day'; today: TodayView; business: string }
  | { what: 'menu'; menu: MenuPage }
  | { what: 'letter'; letter: Letter }
  | { what: 'statement'; statement: Statement };

/** Puts a sheet beside the screen, where only the printer sees it, and opens the system's print dialog. */
class Printing {
  sheet = $state.raw<Sheet | null>(null);
  #drawn: (() => void) | null = null;

  /** The packing slip of a handover; of the newest one if none is named. */
  async slip(promise: CommitmentId, at: Stamp | null = null): Promise<void> {
    await this.#print({ what: 'slip', slip: await ask('packing_slip', { promise, at }) });
  }

  /** The address of the customer, for the parcel. */
  async label(promise: CommitmentId): Promise<void> {
    await this.#print({ what: 'label', slip: await ask('packing_slip', { promise }) });
  }

  /** What must be done today, for the wall. */
  async day(): Promise<void> {
    const [today, { business }] = await Promise.all([ask('today', {}), ask('shell', {})]);
    await this.#print({ what: 'day', today, business });
  }

  /** The menu as one page. */
  async menu(): Promise<void> {
    await this.#print({ what: 'menu', menu: await ask('menu_page', {}) });
  }

  /** A message to a customer, as a letter. */
  async letter(promise: CommitmentId, subject: string, text: string): Promise<void> {
    await this.#print({ what: 'letter', letter: await ask('letter', { promise, subject, text }) });
  }

  /** The record of a period as one page. */
  async statement(period: Period | null): Promise<void> {
    await this.#print({ what: 'statement', statement: await ask('statement', { period }) });
  }

  /** The sheet is on the page. */
  isDrawn(): void {
    this.#drawn?.();
  }

  async #print(sheet: Sheet): Promise<void> {
    const drawn = new Promise<void>((then) => (this.#drawn = then));
    this.sheet = sheet;
    await drawn;
    await tick();
    // The dialog may still read the page after it was asked for: the sheet goes when the next one comes.
    await printPage();
  }
}

export const printing = new Printing();
