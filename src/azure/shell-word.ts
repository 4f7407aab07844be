/** A word that a shell takes as it is, wherever it came from: a pin or a profile may hold anything. */
export function shellWord(word: string): string {
  return /^~?[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A flag and its value. A value that begins with a dash would be taken for a flag if it were a word of its own. */
export function flagWords(flag: string, value: string): string[] {
  return value.startsWith("-") ? [`${flag}=${value}`] : [flag, value];
}
