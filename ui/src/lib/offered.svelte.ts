import { on } from './ask';
import type { OfferedFile } from './gen/OfferedFile';
import { router } from './route.svelte';

/** A file that was dropped on the window or chosen, until the import screen has taken it. */
class Offered {
  file = $state.raw<OfferedFile | null>(null);
  /** A file is held over the window. */
  dropping = $state(false);

  begin(): void {
    on('dropping', (dropping) => (this.dropping = dropping));
    on('file_offered', (file) => {
      this.dropping = false;
      this.offer(file);
    });
  }

  /** Shows what a file would bring in. */
  offer(file: OfferedFile): void {
    this.file = file;
    router.go({ screen: 'import' });
  }
}

export const offered = new Offered();
