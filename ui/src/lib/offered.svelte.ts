import { on } from './ask';
import type { OfferedFile } from './gen/OfferedFile';
import { router } from './route.svelte';

/** Files that were dropped on the window, until the import screen or whoever else wants them has taken them. */
class Offered {
  files = $state.raw<OfferedFile[]>([]);
  /** A backup that was dropped, until the screen of backups has taken it. */
  backup = $state.raw<OfferedFile | null>(null);
  /** A file is held over the window. */
  dropping = $state(false);
  #takers = $state.raw<((file: OfferedFile) => void)[]>([]);

  begin(): void {
    on('dropping', (dropping) => (this.dropping = dropping));
    on('files_offered', (files) => {
      this.dropping = false;
      const [taker] = this.#takers;
      if (taker) files.forEach(taker);
      else if (files.length > 0) this.offer(files);
    });
  }

  /** Shows what files would bring in, or what restoring a backup would change. */
  offer(files: OfferedFile[]): void {
    const backup = files.find(({ name }) => name.endsWith('.kept-backup'));
    if (backup) {
      this.backup = backup;
      router.go({ screen: 'backups' });
      return;
    }
    this.files = files;
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
