/** The owner's language and country, for amounts and for the order of day and month. */
export const locale = spoken(navigator.language);

/** A system that is set to no language says so by a word that is none (“C”), at which the formatters would throw. */
function spoken(tag: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag)[0] ?? 'en-US';
  } catch {
    return 'en-US';
  }
}
