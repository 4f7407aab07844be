const UNITS: readonly [name: string, ms: number][] = [
  ["d", 24 * 3_600_000],
  ["h", 3_600_000],
  ["min", 60_000],
];

/** "12 min ago", "3 h ago", "2 d ago"; "just now" within a minute, and for what a wrong clock put in the future. */
export function ageOf(then: Date, now: Date): string {
  const ms = now.getTime() - then.getTime();
  const [unit, length] = UNITS.find((each) => ms >= each[1]) ?? [];
  return unit === undefined || length === undefined ? "just now" : `${Math.floor(ms / length)} ${unit} ago`;
}
