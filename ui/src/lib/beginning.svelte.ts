import type { CustomerId } from './gen/CustomerId';
import { router } from './route.svelte';

/** A customer, by name. */
export interface Whom {
  id: CustomerId;
  name: string;
}

/** Where a promise begins: in the bar on Today, to the customer whose page it is begun from. */
class Beginning {
  /** The customer of the promise that is being typed, as long as its sentence names nobody else. */
  whom = $state.raw<Whom | null>(null);
  #pages = $state.raw<(() => Whom | null)[]>([]);

  /** Lets a screen say whose page it is, until the function that is given back is called. */
  from(page: () => Whom | null): () => void {
    this.#pages = [page, ...this.#pages];
    return () => {
      this.#pages = this.#pages.filter((other) => other !== page);
    };
  }

  begin(): void {
    this.whom = this.#pages[0]?.() ?? this.whom;
    router.go({ screen: 'today' }, 'quick-add');
  }

  forget(): void {
    this.whom = null;
  }
}

export const beginning = new Beginning();
