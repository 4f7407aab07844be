import { createHash } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { readPrivate, writePrivate } from "../../../azure/private-file.ts";
import { AppError } from "../../../errors.ts";
import { takeLock } from "../../../plan/run-lock.ts";
import type { WatchMark } from "./rows-plan.ts";

/** What is watched: another one of these is another watch. */
export interface Watched {
  /** The workspace's GUID. */
  customerId: string;
  query: string;
  /** As typed. */
  params: readonly (readonly [name: string, value: string])[];
  /** As typed. */
  flavour: string | undefined;
}

/** What is kept of a watch; no row, only the hash of each. */
export interface WatchState {
  mark: WatchMark;
  /** The flavour that has rows; undefined while none had any. */
  flavour: string | undefined;
}

/** Another version of azwise may keep more, or otherwise. */
const FORMAT = 1;
const Kept = z.object({
  format: z.literal(FORMAT),
  query: z.string(),
  workspace: z.string(),
  flavour: z.string().nullable(),
  from: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  /** When a row was generated, in milliseconds, and how often there was one, by the row's hash. */
  told: z.record(z.string(), z.tuple([z.int(), z.int().min(1)])),
});

/** The file of a watch: named by a hash, so that nothing that was typed is in a name. */
export function watchFile(state: string, { customerId, query, params, flavour }: Watched): string {
  const sorted = [...params].sort(([one], [other]) => (one < other ? -1 : 1));
  const identity = JSON.stringify([customerId, query, sorted, flavour ?? null]);
  return join(state, "watch", `${createHash("sha256").update(identity).digest("hex").slice(0, 32)}.json`);
}

/** Undefined when there is none yet. Throws AppError "failed" for one that cannot be used; it stays where it is. */
export async function readWatch(file: string): Promise<WatchState | undefined> {
  const found = await readPrivate(file);
  if (found === undefined) return undefined;
  if ("refused" in found) throw unusable(file, found.refused);
  const read = parse(found.text);
  const kept = Kept.safeParse(read).data;
  if (!kept) throw unusable(file, isOfOther(read) ? "it is of another version of azwise" : "it is damaged");
  const told = Object.entries(kept.told).map(([key, [atMs, count]]) => [key, { atMs, count }] as const);
  return {
    mark: {
      fromMs: Date.parse(kept.from),
      untilMs: kept.until === null ? undefined : Date.parse(kept.until),
      told: new Map(told),
    },
    flavour: kept.flavour ?? undefined,
  };
}

function isOfOther(read: unknown): boolean {
  const { format } = z.object({ format: z.int() }).safeParse(read).data ?? {};
  return format !== undefined && format !== FORMAT;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(file: string, why: string): AppError {
  return new AppError("failed", `how far was watched cannot be told: ${file}: ${why}`, {
    hint: "look at it; --restart replaces it, and begins at --since",
  });
}

export async function writeWatch(
  file: string,
  { customerId, query }: Watched,
  { mark, flavour }: WatchState,
): Promise<void> {
  const kept: z.infer<typeof Kept> = {
    format: FORMAT,
    query,
    workspace: customerId,
    flavour: flavour ?? null,
    from: new Date(mark.fromMs).toISOString(),
    until: mark.untilMs === undefined ? null : new Date(mark.untilMs).toISOString(),
    told: Object.fromEntries([...mark.told].map(([key, { atMs, count }]) => [key, [atMs, count]])),
  };
  await writePrivate(file, `${JSON.stringify(kept)}\n`);
}

/** Keeps other watchers off a mark until the returned function is called. Throws AppError "failed" while one has it. */
export async function lockWatch(file: string, now: Date): Promise<() => Promise<void>> {
  const lock = file.replace(/\.json$/, ".lock");
  return takeLock(lock, now, ({ state, who }) => {
    const isHere = state === "running";
    const text = isHere
      ? `this is being watched already: ${who}`
      : `cannot tell whether this is being watched, because ${who} has it`;
    return new AppError("failed", text, {
      hint: `two would each tell a part of the rows; if that is no azwise${isHere ? "" : " any more"}, delete ${lock}`,
    });
  });
}
