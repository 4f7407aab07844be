import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { FAULT_NAMES, type Fault, type FaultName } from "../../sandbox/world.ts";
import { loadWorld, saveWorld } from "../../sandbox/world-file.ts";
import { verb } from "../../verb.ts";
import { faultJson, faultTable } from "./fault-table.ts";
import { worldPath } from "./world-path.ts";

const count = (least: number, error: string) =>
  z
    .string()
    .regex(/^\d+$/, { error })
    .transform(Number)
    .refine((value) => value >= least, { error });

const FaultInput = z.object({
  name: z.string(),
  method: z.string().toUpperCase().optional(),
  path: z.string().optional(),
  times: count(1, "--times must be a number, 1 or more").default(1),
  skip: count(0, "--skip must be a number, 0 or more").default(0),
});
type FaultInput = z.infer<typeof FaultInput>;

interface FaultResult {
  faults: Fault[];
}

async function runFault(input: FaultInput, ctx: Context): Promise<FaultResult> {
  const path = worldPath(ctx);
  const added = input.name === "clear" ? undefined : readFault(input);
  const world = await loadWorld(path);
  world.faults = added ? [...world.faults, added] : [];
  await saveWorld(path, world);
  return { faults: world.faults };
}

function readFault({ name, method, path, times, skip }: FaultInput): Fault {
  if (!isFaultName(name)) {
    const hint = `there are ${FAULT_NAMES.join(", ")}; "clear" removes all`;
    throw new AppError("usage", `no such fault: ${name}`, { hint });
  }
  const match = { ...(method === undefined ? {} : { method }), ...(path === undefined ? {} : { path }) };
  return { name, match, times, skip };
}

function isFaultName(name: string): name is FaultName {
  return FAULT_NAMES.some((known) => known === name);
}

function viewFault({ faults }: FaultResult): View {
  return {
    data: { faults: faults.map(faultJson) },
    tables: [faultTable(faults)],
    notes: faults.length === 0 ? [{ level: "info", text: "no faults are active" }] : [],
  };
}

export const fault = verb({
  name: "fault",
  summary: "Let coming requests to the sandbox fail in a chosen way",
  details: `Faults: ${FAULT_NAMES.join(", ")}.\nmfa-required and wrong-tenant meet sign-ins; others meet sign-ins and the price list only when --path names them. mfa-required spares a sign-in with a person, claims-challenge a token that has what it asks for.\nThe name "clear" removes every fault. Faults wait in the world until requests meet them.`,
  args: ["<name>"],
  flags: [
    { flag: "--method <method>", summary: "only requests with this HTTP method" },
    { flag: "--path <text>", summary: "only requests whose path contains this text, in any case" },
    { flag: "--times <n>", summary: "how many requests it spoils (default 1)" },
    { flag: "--skip <n>", summary: "how many matching requests pass first (default 0)" },
  ],
  examples: [
    "sandbox fault allocation-failed --method PATCH",
    "sandbox fault throttle --times 3 --skip 2",
    "sandbox fault mfa-required",
    "sandbox fault clear",
  ],
  input: FaultInput,
  run: runFault,
  view: viewFault,
});
