import { ask } from './ask';
import type { Asked } from './asked.svelte';
import type { BlockId } from './gen/BlockId';
import type { CommitmentId } from './gen/CommitmentId';
import type { Done } from './gen/Done';
import type { WeekBlock } from './gen/WeekBlock';
import type { WeekDay } from './gen/WeekDay';
import type { WeekPlan } from './gen/WeekPlan';
import { said } from './said.svelte';
import { takesOf, type Span } from './week';

/**
 * The hours of a week that are set aside, moved and given free. A block that is being moved is drawn where it goes at
 * once; it comes back if that is refused.
 */
export class Planning {
  /** Where a block is drawn instead of where it stands. */
  moving = $state.raw<({ block: BlockId } & Span) | null>(null);

  readonly #asked: Asked<'week'>;
  /** Changes go one after the other, each with the version that the one before left. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(asked: Asked<'week'>) {
    this.#asked = asked;
  }

  get plan(): WeekPlan | null {
    return this.#asked.view;
  }

  block(id: BlockId | null): WeekBlock | null {
    return this.#days.flatMap(({ blocks }) => blocks).find((block) => block.id === id) ?? null;
  }

  /** Where a block stands, or is just being moved to. */
  spanOf(id: BlockId): Span | null {
    if (this.moving?.block === id) return this.moving;
    const day = this.#days.find(({ blocks }) => blocks.some((block) => block.id === id));
    const block = this.block(id);
    return day && block ? { day: day.day, from: block.from, to: block.to } : null;
  }

  /** The days as they are to be drawn. */
  get days(): WeekDay[] {
    const { moving } = this;
    const block = moving && this.block(moving.block);
    if (!moving || !block) return this.#days;
    const moved = { ...block, from: moving.from, to: moving.to };
    return this.#days.map((day) => {
      const blocks = day.blocks.filter(({ id }) => id !== block.id);
      // Alone over the others while it moves: where it stands among them is said by the answer.
      return { ...day, blocks: day.day === moving.day ? [...blocks, { ...moved, lane: 0, lanes: 1 }] : blocks };
    });
  }

  setAside(promise: CommitmentId, span: Span): Promise<Done | null> {
    return this.#change(() => ask('block_time', { promise, ...takesOf(span) }));
  }

  /** Moves a block to where it is drawn by now. */
  async settle(): Promise<void> {
    const { moving } = this;
    if (!moving) return;
    const stands = this.block(moving.block);
    const day = this.#days.find(({ blocks }) => blocks.some(({ id }) => id === moving.block))?.day;
    if (stands && (stands.from !== moving.from || stands.to !== moving.to || day !== moving.day)) {
      await this.move(moving.block, moving);
    }
    if (this.moving === moving) this.moving = null;
  }

  move(id: BlockId, span: Span): Promise<Done | null> {
    return this.#change(() => {
      const block = this.block(id);
      if (!block) return Promise.resolve(null);
      return ask('move_block', { promise: block.promise, version: block.version, block: id, ...takesOf(span) });
    });
  }

  free(id: BlockId): Promise<Done | null> {
    return this.#change(() => {
      const block = this.block(id);
      if (!block) return Promise.resolve(null);
      return ask('remove_block', { promise: block.promise, version: block.version, block: id });
    });
  }

  get #days(): WeekDay[] {
    return this.plan?.days ?? [];
  }

  #change(does: () => Promise<Done | null>): Promise<Done | null> {
    const done = this.#before.then(async () => {
      try {
        const done = await does();
        if (done) said.done(done);
        await this.#asked.again();
        return done;
      } catch (reason) {
        said.failed(reason, () => void this.#asked.again());
        return null;
      }
    });
    this.#before = done;
    return done;
  }
}
