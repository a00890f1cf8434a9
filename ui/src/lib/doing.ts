import { ask } from './ask';
import type { Done } from './gen/Done';
import type { Requests } from './gen/Requests';
import { said } from './said.svelte';

/** The requests that change something and say what was done. */
type Deeds = {
  [N in keyof Requests]: Requests[N]['gives'] extends Done | { done: Done } ? N : never;
}[keyof Requests];

/** Does something, and says what was done or why not. Gives whether it was done. */
export async function doing<N extends Deeds>(
  name: N,
  takes: Requests[N]['takes'],
  again?: () => void,
): Promise<boolean> {
  try {
    const given = (await ask(name, takes)) as Done | { done: Done };
    said.done('done' in given ? given.done : given);
    return true;
  } catch (reason) {
    said.failed(reason, again);
    return false;
  }
}
