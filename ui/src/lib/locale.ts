import { shell } from './shell.svelte';

/** What is said of the customs of numbers, be it known to the formatters or not. */
export function numberTag(): string {
  return shell.view?.number_format ?? navigator.language;
}

/** By whose customs numbers and amounts are written: the owner's choice, or the system's. */
export function numberLocale(): string {
  return spoken(shell.view?.number_format ?? null) ?? system();
}

/** By whose customs a typed date is read: whether the day or the month comes first. */
export function dateLocale(): string {
  return spoken(shell.view?.date_format ?? null) ?? system();
}

/** The system's language and country. */
function system(): string {
  return spoken(navigator.language) ?? 'en-US';
}

/** A tag that the formatters know; a system that is set to no language says so by a word that is none (“C”). */
function spoken(tag: string | null): string | null {
  try {
    return tag === null ? null : (Intl.NumberFormat.supportedLocalesOf(tag)[0] ?? null);
  } catch {
    return null;
  }
}
