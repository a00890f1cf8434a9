import type { Component } from 'svelte';

export interface MenuItem {
  words: string;
  icon?: Component<{ size?: number | string; strokeWidth?: number | string }>;
  shortcut?: string | undefined;
  /** It takes something away. */
  grave?: boolean;
  /** A line stands above it. */
  apart?: boolean;
  run: () => void;
}

interface Open {
  /** What the menu is about. */
  label: string;
  items: MenuItem[];
  /** Where it hangs: a button, or a point of the window. */
  at: HTMLElement | { x: number; y: number };
}

/** Which menu is open; `parts/Menus.svelte` shows it. */
class Menus {
  now = $state.raw<Open | null>(null);

  open(label: string, items: MenuItem[], at: Open['at']): void {
    this.now = { label, items, at };
  }

  close(): void {
    this.now = null;
  }
}

export const menus = new Menus();
