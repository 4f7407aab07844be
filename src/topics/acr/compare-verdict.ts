import type { TagLocks } from "../../azure/registry-ports.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import type { Copy } from "./copies.ts";

/** What one replica has of a tag, or why it could not be asked. */
export type CompareLook = { copy: Copy; locks: TagLocks | undefined } | { unknown: string };

export interface Compared {
  /** The tag, or the digest that was asked for. */
  reference: string;
  /** By the replica's name, in the order in which replicas are shown. */
  looks: [name: string, look: CompareLook][];
}

export type Difference =
  | { kind: "differs" }
  | { kind: "missing"; replicas: string[] }
  | { kind: "scattered"; replicas: string[] }
  | { kind: "locks" };

/** All that differs, nothing when all replicas that could be asked agree. */
export function compareLooks({ looks }: Compared): Difference[] {
  const answered = looks.flatMap(([name, look]) => ("unknown" in look ? [] : [{ name, ...look }]));
  const there = answered.filter(({ copy }) => copy.digest !== undefined);
  const missing = answered.filter(({ copy }) => copy.digest === undefined).map(({ name }) => name);
  const scattered = there.filter(({ copy }) => copy.missing.length > 0).map(({ name }) => name);
  const locks = there.flatMap((each) => (each.locks === undefined ? [] : [textOf(each.locks)]));
  return [
    ...(hasSeveral(there.map(({ copy }) => copy.digest)) ? [{ kind: "differs" as const }] : []),
    ...(missing.length > 0 ? [{ kind: "missing" as const, replicas: missing }] : []),
    ...(scattered.length > 0 ? [{ kind: "scattered" as const, replicas: scattered }] : []),
    ...(hasSeveral(locks) ? [{ kind: "locks" as const }] : []),
  ];
}

/** Only of two can it be said that they are the same. */
export function isComparable({ looks }: Compared): boolean {
  return looks.filter(([, look]) => !("unknown" in look)).length > 1;
}

export function isNowhere({ looks }: Compared): boolean {
  return looks.every(([, look]) => !("unknown" in look) && look.copy.digest === undefined);
}

function hasSeveral(values: readonly unknown[]): boolean {
  return new Set(values).size > 1;
}

function textOf(locks: TagLocks): string {
  return JSON.stringify(Object.entries(locks).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** What is not allowed, such as "no delete, no write"; empty when all is, or nothing is told. */
export function lockText(locks: TagLocks | undefined): string {
  return Object.entries(locks ?? {})
    .filter(([, allowed]) => !allowed)
    .map(([what]) => `no ${what}`)
    .join(", ");
}

export function verdictText(compared: Compared): string {
  const differences = compareLooks(compared);
  if (differences.length === 0) return isComparable(compared) ? "same" : "cannot tell";
  return differences
    .map((each) => {
      if (each.kind === "locks") return "locks differ";
      return each.kind === "differs" ? "differs" : `${each.kind} in ${each.replicas.join(", ")}`;
    })
    .join("; ");
}

export function compareExit(compared: readonly Compared[]): ExitCode {
  if (compared.some((each) => compareLooks(each).length > 0)) return EXIT.changes;
  const isPartial = compared.some(({ looks }) => looks.some(([, look]) => "unknown" in look));
  return isPartial || compared.some((each) => !isComparable(each)) ? EXIT.partial : EXIT.ok;
}

/** Tags as several replicas list them, newest first where they tell times, otherwise by name. */
export function mergeTags(
  lists: readonly (readonly { name: string; updated: string | undefined }[])[],
  most: number,
): string[] {
  const updated = new Map<string, string>();
  for (const { name, updated: time = "" } of lists.flat()) {
    if (time >= (updated.get(name) ?? "")) updated.set(name, time);
  }
  return [...updated]
    .sort(([left, leftTime], [right, rightTime]) =>
      leftTime === rightTime ? (left < right ? -1 : 1) : leftTime > rightTime ? -1 : 1,
    )
    .map(([name]) => name)
    .slice(0, most);
}
