/** The lower one of the two in the middle; undefined of no numbers. */
export function medianOf(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((left, right) => left - right)[Math.floor((numbers.length - 1) / 2)];
}

/** Milliseconds as a table shows them: seconds with one place. */
export function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms / 100) / 10;
}
