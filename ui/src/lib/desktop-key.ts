/** The key that was pressed as it is written in the settings: `Ctrl+Alt+K`; none while only Ctrl or the like is held. */
export function desktopKey({ code, ctrlKey, altKey, shiftKey, metaKey }: KeyboardEvent): string | null {
  // By where the key is and not by what it types: with Alt it types another letter on many keyboards.
  const key = /^(?:Key|Digit)?([A-Z0-9]|F\d{1,2})$/.exec(code)?.[1];
  if (key === undefined) return null;
  const held = [ctrlKey && 'Ctrl', altKey && 'Alt', shiftKey && 'Shift', metaKey && 'Super'];
  return [...held.filter((one) => one !== false), key].join('+');
}
