import { ask } from './ask';
import type { OfferId } from './gen/OfferId';
import type { OfferRow } from './gen/OfferRow';
import type { PickedOffer } from './gen/PickedOffer';
import type { PromiseDraft } from './gen/PromiseDraft';

/** As many offers are suggested as one sees at a glance. */
const MOST = 6;

/** What of the menu a promise could be, and what it is: an offer that was picked fills what was left open. */
export class FromMenu {
  /** Offers that the words could mean. */
  found = $state.raw<OfferRow[]>([]);
  picked = $state.raw<{ id: OfferId; name: string } | null>(null);
  /** What the picked offer made of the draft that was filled last. */
  filled = $state.raw<PickedOffer | null>(null);
  #asked = '';

  /** Looks for offers whose name or why has these words. Without an answer there are only no suggestions. */
  async look(words: string): Promise<void> {
    const search = words.trim();
    if (search === this.#asked) return;
    this.#asked = search;
    if (search === '') this.found = [];
    else {
      const { offers } = await ask('offers', { search }).catch(() => ({ offers: [] }));
      if (search === this.#asked) this.found = offers.slice(0, MOST);
    }
  }

  pick(id: OfferId): void {
    const name = this.found.find((offer) => offer.id === id)?.name ?? '';
    this.picked = { id, name };
    this.filled = null;
  }

  forget(): void {
    this.picked = null;
    this.filled = null;
  }

  /** The draft with all that the picked offer brings; as it is if none was picked. */
  async fill(draft: PromiseDraft): Promise<PromiseDraft> {
    const offer = this.picked;
    const [part] = draft.parts;
    if (!offer || !part || part.quantity < 1) return draft;
    const filled = await ask('pick_offer', {
      draft: { ...draft, parts: [] },
      offer: offer.id,
      quantity: part.quantity,
    });
    if (this.picked === offer) this.filled = filled;
    return filled.draft;
  }
}
