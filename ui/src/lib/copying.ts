import { said } from './said.svelte';

/** Puts a text where it can be pasted from, and says so. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    said.say(`Copied ${what}`);
  } catch {
    said.say('This window may not copy. Select the text and copy it with Ctrl+C.');
  }
}

/** Rows as a spreadsheet takes them. */
export function asTable(rows: string[][]): string {
  return rows.map((row) => row.map((cell) => cell.replaceAll(/\s+/g, ' ')).join('\t')).join('\n');
}
