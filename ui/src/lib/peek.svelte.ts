/** Whether the promise that the keys are at is looked at beside its list; `parts/PeekPanel.svelte` shows it. */
class Peek {
  shown = $state(false);

  toggle(): void {
    this.shown = !this.shown;
  }

  close(): void {
    this.shown = false;
  }
}

export const peek = new Peek();
