// Time zones and currencies, as this computer's browser engine knows them.

import { locale } from './locale';

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
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
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
