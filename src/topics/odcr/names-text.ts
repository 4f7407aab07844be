/** How many names fit on a line that is still read. */
const NAMES_SHOWN = 10;

/** "a, b", and how many more there are when they are too many for one line. */
export function namesText(names: readonly string[]): string {
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
  return names.slice(0, NAMES_SHOWN).join(", ") + more;
}
