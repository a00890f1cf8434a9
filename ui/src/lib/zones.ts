// Time zones and currencies, as this computer's browser engine knows them.

import { numberLocale } from './locale';

let zones: { zone: string; folded: string }[] | undefined;

/** Time zones whose name contains what was typed: `paris`, `new york`. */
export function zonesLike(typed: string, most = 8): { key: string; words: string; beside: string }[] {
  zones ??= ['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => ({ zone, folded: fold(zone) }));
  const wanted = fold(typed);
  const found = zones.filter(({ folded }) => folded.includes(wanted));
  const cityFirst = found.sort(
    (one, other) => Number(other.folded.includes(` ${wanted}`)) - Number(one.folded.includes(` ${wanted}`)),
  );
  return cityFirst
    .slice(0, most)
    .map(({ zone }) => ({ key: zone, words: zone.replaceAll('_', ' '), beside: offsetOf(zone) }));
}

/** Currencies in use, by their name in the owner's language. */
export function currencies(): { value: string; words: string }[] {
  const names = new Intl.DisplayNames(numberLocale(), { type: 'currency' });
  return Intl.supportedValuesOf('currency')
    .map((code) => ({ value: code, words: `${code} · ${names.of(code) ?? code}` }))
    .filter(({ words }) => !/\d{4}/.test(words));
}

/** `Europe/Paris` as ` europe paris`: a space stands before each word. */
function fold(zone: string): string {
  const words = zone.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return ` ${words}`.replace(/[\s/_-]+/g, ' ').trimEnd();
}

/** How far its clocks are from universal time now: `GMT+1`. */
function offsetOf(zone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts();
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** Languages and countries by whose customs numbers and dates can be written, each with how it writes them. */
export function locales(): { value: string; words: string }[] {
  const tags = [
    'en-GB',
    'en-US',
    'de-DE',
    'de-CH',
    'fr-FR',
    'es-ES',
    'it-IT',
    'nl-NL',
    'pt-PT',
    'pt-BR',
    'pl-PL',
    'sv-SE',
    'ja-JP',
  ];
  const names = new Intl.DisplayNames(numberLocale(), { type: 'language' });
  const shown = tags.map((tag) => {
    const number = new Intl.NumberFormat(tag, { minimumFractionDigits: 2 }).format(1240.5);
    const date = new Intl.DateTimeFormat(tag, { dateStyle: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 3, 3));
    return { value: tag, words: `${names.of(tag) ?? tag}: ${number}, ${date}` };
  });
  return [{ value: '', words: 'As the system' }, ...shown];
}
