/** The ids that are most likely meant, best first: those containing the given text, then by typing distance. */
export function nearestIds(given: string, ids: readonly string[], count = 3): string[] {
  const wanted = given.toLowerCase();
  return ids
    .map((id) => ({ id, far: distance(wanted, id) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ id }) => id);
}

/** Whether the id may be what was meant: it contains the given text, or one letter in three is wrong at most. */
export function isNear(given: string, id: string): boolean {
  return distance(given.toLowerCase(), id) <= given.length / 3;
}

/** Users often leave out the article, so the part behind the slash counts as well. */
function distance(wanted: string, named: string): number {
  const id = named.toLowerCase();
  if (wanted !== "" && id.includes(wanted)) return 0;
  return Math.min(edits(wanted, id), edits(wanted, id.slice(id.indexOf("/") + 1)));
}

function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (const [index, other] of [...to].entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
