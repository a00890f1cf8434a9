import { ask, choosePlace, fetchPlace, type PlaceFor } from './ask';
import type { Done } from './gen/Done';
import { said } from './said.svelte';

/** Has something written where the owner says, and says what was written. False if she changes her mind, or it failed. */
export async function takeAlong(what: PlaceFor, name: string, write: (to: string) => Promise<Done>): Promise<boolean> {
  try {
    const place = await choosePlace(what, name);
    if (!place) return false;
    const done = await write(place.file);
    if (what !== 'tables' && what !== 'calendar_folder') await fetchPlace(place);
    said.done(done);
    return true;
  } catch (reason) {
    said.failed(reason);
    return false;
  }
}

/** Everything as one document. */
export function saveEverything(): Promise<boolean> {
  return takeAlong('everything', 'kept.json', (to) => ask('export_everything', { to }));
}

/** A file a kind for spreadsheets. */
export function saveTables(): Promise<boolean> {
  return takeAlong('tables', 'kept tables', (to) => ask('export_tables', { to }));
}

/** What is owed, as a calendar, and if wished what no longer is. */
export function saveCalendar(also_closed: boolean): Promise<boolean> {
  return takeAlong('calendar', 'kept.ics', (to) => ask('export_calendar', { to, also_closed }));
}
