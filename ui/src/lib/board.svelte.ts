import { ask, on, Refused } from './ask';
import { action, act } from './actions';
import type { BoardColumn } from './gen/BoardColumn';
import type { CommitmentId } from './gen/CommitmentId';
import type { Done } from './gen/Done';
import type { FulfilmentStatus } from './gen/FulfilmentStatus';
import type { PromiseList } from './gen/PromiseList';
import type { PromiseRow } from './gen/PromiseRow';
import type { Stage } from './gen/Stage';
import { said } from './said.svelte';

/** A column begins with so many rows; so many more are added at once. */
const PAGE = 30;
/** No request gives more rows. */
const ASKED_MOST = 200;

/**
 * The columns of the board, each with as many rows as were asked for. A row that is moved stands in its new column at
 * once, and goes back if that is refused.
 */
export class Columns {
  failure = $state.raw<Refused | null>(null);

  #columns = $state.raw<BoardColumn[] | null>(null);
  #moved = $state.raw<{ row: PromiseRow; to: FulfilmentStatus } | null>(null);
  #list: PromiseList | null = null;
  #wanted: Partial<Record<FulfilmentStatus, number>> = {};
  #turn = 0;

  /** To be made while a component is set up. */
  constructor(list: () => PromiseList) {
    $effect(() => {
      this.#list = list();
      this.#wanted = {};
      void this.again();
    });
    $effect(() => on('changed', () => void this.again()));
  }

  /** The columns as they are to be drawn. */
  get all(): BoardColumn[] | null {
    const moved = this.#moved;
    if (!moved || !this.#columns) return this.#columns;
    return this.#columns.map((column) => {
      const rows = column.rows.filter(({ id }) => id !== moved.row.id);
      const left = rows.length < column.rows.length;
      if (column.status === moved.to) {
        return { ...column, count: column.count + (left ? 0 : 1), rows: [{ ...moved.row, status: moved.to }, ...rows] };
      }
      return left ? { ...column, count: column.count - 1, rows } : column;
    });
  }

  /** Asks anew; what is drawn stays until the answer is there. */
  async again(): Promise<void> {
    const list = this.#list;
    if (list === null) return;
    const turn = ++this.#turn;
    try {
      const { columns } = await ask('board', { list, limit: PAGE });
      const whole = await Promise.all(columns.map((column) => this.#withMore(list, column)));
      if (turn !== this.#turn) return;
      this.#columns = whole;
      this.failure = null;
    } catch (reason) {
      if (turn === this.#turn && reason instanceof Refused) this.failure = reason;
    }
  }

  /** Shows more of a column. */
  async more(status: FulfilmentStatus): Promise<void> {
    this.#wanted[status] = (this.#wanted[status] ?? PAGE) + PAGE;
    await this.again();
  }

  /** Moves a promise to another column. Gives what was done. */
  async move(row: PromiseRow, to: FulfilmentStatus): Promise<Done | null> {
    const refused = whyNot(row.status, to);
    if (refused !== null) {
      said.say(refused);
      return null;
    }
    // Where a question is asked first, it stays where it is until that is answered.
    const asks = to === 'waiting' || to === 'partly_delivered';
    if (!asks) this.#moved = { row, to };
    const done = await moves(row, to, () => void this.again());
    if (done) await this.again();
    this.#moved = null;
    return done;
  }

  async #withMore(list: PromiseList, column: BoardColumn): Promise<BoardColumn> {
    const wanted = Math.min(this.#wanted[column.status] ?? 0, column.count);
    const rows = [...column.rows];
    while (rows.length < wanted) {
      const limit = Math.min(ASKED_MOST, wanted - rows.length);
      const page = await ask('promises', { ...list, statuses: [column.status], offset: rows.length, limit });
      if (page.rows.length === 0) break;
      rows.push(...page.rows);
    }
    return { ...column, rows };
  }
}

/** Why a promise cannot go from one column to another by being moved there; nothing if it can. */
export function whyNot(from: FulfilmentStatus, to: FulfilmentStatus): string | null {
  if (from === to) return 'It stands there already.';
  if (from === 'delivered' || from === 'cancelled')
    return 'Nothing is owed for it any more. Undo takes a handover back.';
  if (from === 'partly_delivered' && to in STAGES) {
    return 'Some of it is handed over: it stays here until the rest is, too.';
  }
  return null;
}

/** What is done by moving a promise to a column, in words. */
export const MOVES: Partial<Record<FulfilmentStatus, string>> = {
  open: 'Not begun after all',
  in_progress: 'In progress',
  waiting: 'Waits for somebody…',
  ready: 'Ready',
  partly_delivered: 'Hand over some of it…',
  delivered: 'Handed over',
};

const STAGES: Partial<Record<FulfilmentStatus, Stage>> = { open: 'open', in_progress: 'in_progress', ready: 'ready' };

async function moves(row: PromiseRow, to: FulfilmentStatus, again: () => void): Promise<Done | null> {
  const stage = STAGES[to];
  if (stage) return setStage(row.id, stage, again);
  if (to === 'waiting') return act(action('wait_for'), [row], again);
  return act(action(to === 'delivered' ? 'hand_over' : 'hand_over_some'), [row], again);
}

async function setStage(promise: CommitmentId, stage: Stage, again: () => void): Promise<Done | null> {
  try {
    const done = await ask('set_stage', { promise, stage });
    said.done(done);
    return done;
  } catch (reason) {
    said.failed(reason, again);
    return null;
  }
}
