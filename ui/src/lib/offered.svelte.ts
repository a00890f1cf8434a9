import { on } from './ask';
import type { OfferedFile } from './gen/OfferedFile';
import { router } from './route.svelte';

/** A file that was dropped on the window or chosen, until the import screen or whoever else wants it has taken it. */
class Offered {
  file = $state.raw<OfferedFile | null>(null);
  /** A file is held over the window. */
  dropping = $state(false);
  #takers = $state.raw<((file: OfferedFile) => void)[]>([]);

  begin(): void {
    on('dropping', (dropping) => (this.dropping = dropping));
    on('file_offered', (file) => {
      this.dropping = false;
      const [taker] = this.#takers;
      if (taker) taker(file);
      else this.offer(file);
    });
  }

  /** Shows what a file would bring in. */
  offer(file: OfferedFile): void {
    this.file = file;
    router.go({ screen: 'import' });
  }

  /** Dropped files go to this until the function that is given back is called. */
  takeInstead(taker: (file: OfferedFile) => void): () => void {
    this.#takers = [taker, ...this.#takers];
    return () => {
      this.#takers = this.#takers.filter((other) => other !== taker);
    };
  }

  /** What letting go of the file would do. */
  get words(): string {
    return this.#takers.length > 0 ? 'Drop the file to attach it' : 'Drop the file to see what it would bring in';
  }
}

export const offered = new Offered();
