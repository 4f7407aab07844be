/** A word that a shell takes as it is, wherever it came from: a pin or a profile may hold anything. */
export function shellWord(word: string): string {
  return /^~?[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
