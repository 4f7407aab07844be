import { join } from "node:path";
import * as z from "zod";
import { appendPrivate, readPrivate } from "../../azure/private-file.ts";
import { AppError } from "../../errors.ts";

/** How long an image took to one replica; never a name of what is in it. */
const Lag = z.object({
  formatVersion: z.literal(1),
  /** When it was found. */
  time: z.iso.datetime(),
  /** Null outside of Azure. */
  cloud: z.string().nullable(),
  /** The registry's name; outside of Azure its host. */
  registry: z.string(),
  /** Of a registry in Azure; lines of earlier versions have none. */
  loginServer: z.string().optional(),
  host: z.string(),
  region: z.string(),
  lagMs: z.number().min(0),
  /** It may have come so much earlier; as long as the lag itself when it was there at the first look. */
  withinMs: z.number().min(0),
  digest: z.string(),
});
export type Lag = Omit<z.infer<typeof Lag>, "formatVersion">;

export interface LagHistory {
  lags: Lag[];
  /** Lines that are none of ours, or only a part of one. */
  broken: number;
  file: string;
}

function fileIn(state: string): string {
  return join(state, "lag.ndjson");
}

/** Throws AppError "failed" when it cannot be written. */
export async function appendLag(state: string, lag: Lag): Promise<void> {
  await appendPrivate(fileIn(state), `${JSON.stringify({ formatVersion: 1, ...lag })}\n`);
}

/** Throws AppError "failed" for a file that cannot be trusted. */
export async function readLags(state: string): Promise<LagHistory> {
  const file = fileIn(state);
  const read = await readPrivate(file);
  if (read !== undefined && "refused" in read) {
    throw new AppError("failed", `the history of lags is not usable: ${read.refused}`, {
      hint: `make ${file} a file of yours alone, or delete it`,
    });
  }
  const lines = (read?.text ?? "").split("\n").filter((line) => line.trim() !== "");
  const lags = lines.flatMap((line) => parse(line) ?? []);
  return { lags, broken: lines.length - lags.length, file };
}

function parse(line: string): Lag | undefined {
  try {
    return Lag.parse(JSON.parse(line));
  } catch {
    // Counted by the caller: one line cut short must not hide the others.
    return undefined;
  }
}
