import { ask, Refused } from './ask';
import { otherProblem, problemWith } from './failures';
import type { Done } from './gen/Done';
import type { Requests } from './gen/Requests';
import { said } from './said.svelte';

/** The requests that change something. */
type Deeds = { [N in keyof Requests]: Requests[N]['gives'] extends Done ? N : never }[keyof Requests];

/** The requests that save a record, and say which one it is now. */
type Saves = { [N in keyof Requests]: Requests[N]['gives'] extends { done: Done } ? N : never }[keyof Requests];

/** A form on its way: sent once at a time; what is wrong stays at its fields until it is sent again. */
export class Form {
  busy = $state(false);
  failure = $state.raw<Refused | null>(null);
  readonly #fields: string[] = [];

  /** Sends it. Gives what was done, having said it; or nothing, having kept why. */
  async send<N extends Deeds>(name: N, takes: Requests[N]['takes']): Promise<Done | null> {
    return this.#try(async () => {
      const done = await ask(name, takes);
      said.done(done);
      return done;
    });
  }

  /** Saves a record with it. Gives which one it is now, having said what was done; or nothing, having kept why. */
  async save<N extends Saves>(name: N, takes: Requests[N]['takes']): Promise<Requests[N]['gives'] | null> {
    return this.#try(async () => {
      const saved: Requests[N]['gives'] & { done: Done } = await ask(name, takes);
      said.done(saved.done);
      return saved;
    });
  }

  async #try<T>(does: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    try {
      const given = await does();
      this.failure = null;
      return given;
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      this.failure = reason;
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Forgets what was wrong. */
  forgive(): void {
    this.failure = null;
  }

  /** What is wrong with a field of this form. */
  problem(field: string): string | null {
    if (!this.#fields.includes(field)) this.#fields.push(field);
    return problemWith(this.failure, field);
  }

  /** What is wrong besides the fields that were asked for. */
  get other(): string | null {
    return otherProblem(this.failure, this.#fields);
  }

  /** It was changed by somebody else: the dialog has to look at it again. */
  get outdated(): boolean {
    return this.failure?.code === 'conflict';
  }
}
