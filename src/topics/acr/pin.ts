import { join } from "node:path";
import * as z from "zod";
import { withLock } from "../../azure/private-file.ts";
import type { Registry } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { findRegistry } from "./find-registry.ts";
import { Region, RegistryWord } from "./flags.ts";
import { readPlaces, requireSameBut } from "./image-places.ts";
import { planPin, splice, type PinPlan } from "./pin-plan.ts";
import { extend, readRecord, writeRecord } from "./pin-record.ts";
import { MapWord, regionalHosts, regionFor } from "./pin-regions.ts";
import { undoPins, type UndoResult } from "./pin-undo.ts";
import { viewPin, viewUndo } from "./pin-view.ts";
import { readTextFiles, replaceTextFiles, type TextFile } from "./text-files.ts";

const PinInput = z
  .object({
    files: z.array(z.string().min(1, "a file has a name")).min(1),
    registry: RegistryWord.optional(),
    region: Region.optional(),
    map: z.array(MapWord).default([]),
    check: z.boolean().default(false),
    undo: z.boolean().default(false),
    apply: z.boolean().default(false),
  })
  .superRefine(({ registry, region, map, check, undo, apply }, issues) => {
    const say = (flag: string, message: string): void =>
      issues.addIssue({ code: "custom", path: [flag], message });
    if (check && apply) say("check", "changes nothing, so it does not go with --apply");
    if (undo) {
      const given = Object.entries({ registry, region, map: map[0], check: check || undefined });
      for (const [flag, value] of given) if (value !== undefined) say(flag, "does not go with --undo");
      return;
    }
    if (registry === undefined) say("registry", "say which one: --registry <name>");
    if (region === undefined && map.length === 0) say("region", "say which one, or give --map NAME=REGION");
    if (region !== undefined && map.length > 0) say("map", "does not go with --region");
  });
type PinInput = z.infer<typeof PinInput>;

export interface PinResult {
  registry: Registry;
  plan: PinPlan;
  /** Only asked whether everything is pinned. */
  isCheck: boolean;
  applied: boolean;
}

async function runPin(input: PinInput, ctx: Context): Promise<PinResult | UndoResult> {
  const { registry: wanted = "", check, apply } = input;
  if (input.undo) return undoPins(input.files, { apply, show: viewUndo }, ctx);
  const { region, map } = input;
  const files = await readTextFiles(input.files, ctx.cwd);
  const read = await Promise.all(
    files.map(async (file) => ({
      ...file,
      places: await readPlaces(file),
      region: regionFor(file.name, { region, map }),
    })),
  );
  const registry = await findRegistry(wanted, ctx);
  const hosts = regionalHosts(
    registry,
    read.map((each) => each.region),
  );
  const plan = planPin(
    read.flatMap((each) => {
      const host = hosts.get(each.region);
      return host ? [{ ...each, wanted: host }] : [];
    }),
    registry,
  );
  const result = { registry, plan, isCheck: check, applied: false };
  await requireSafe(files, plan);
  if (!apply || plan.changes.length === 0) return result;
  await ctx.confirmOrStop(questionOf(plan), viewPin(result));
  await write(files, plan, ctx.folders.state);
  return { ...result, applied: true };
}

/** Every changed file is read again before anything is written. */
async function requireSafe(files: readonly TextFile[], plan: PinPlan): Promise<void> {
  for (const file of files) await requireSameBut(file, changesOf(file, plan));
}

function changesOf({ name }: TextFile, { changes }: PinPlan): PinPlan["changes"] {
  return changes.filter(({ file }) => file === name);
}

function questionOf({ changes }: PinPlan): string {
  const files = new Set(changes.map(({ file }) => file)).size;
  const references = changes.length === 1 ? "1 reference" : `${changes.length} references`;
  return `Change ${references} in ${files === 1 ? "1 file" : `${files} files`}?`;
}

async function write(files: readonly TextFile[], plan: PinPlan, state: string): Promise<void> {
  const changed = files.flatMap((file) => {
    const edits = changesOf(file, plan).map(({ edit }) => edit);
    return edits.length === 0 ? [] : [{ file, edits, text: splice(file.text, edits) }];
  });
  await withLock(join(state, "pins"), () =>
    // The way back is on disk before the first file is another one.
    replaceTextFiles(changed, async () => {
      for (const { file, edits } of changed) {
        await writeRecord(extend(await readRecord(file.path, state), file, edits), state);
      }
    }),
  );
}

export const pin = verb({
  name: "pin",
  summary: "Pin the images of Kubernetes, Helm, Kustomize and Compose files to a regional host",
  args: ["<files...>"],
  examples: [
    "acr pin deploy.yaml --registry platformimages --region westeurope",
    "acr pin overlays/*/*.yaml --registry platformimages --map prod-eu=westeurope --map prod-us=eastus2 --apply",
    "acr pin deploy.yaml --registry platformimages --region westeurope --check",
    "acr pin deploy.yaml --undo --apply",
  ],
  flags: [
    { flag: "--registry <registry>", summary: "name, id or host of the registry", once: true },
    { flag: "--region <region>", summary: "the region that all files are pinned to", once: true },
    {
      flag: "--map <name=region>",
      summary: "for files in a folder of that name, or called so; repeatable",
      repeat: true,
    },
    { flag: "--check", summary: "exit 3 when an image is not pinned" },
    { flag: "--undo", summary: "take back what azwise pinned" },
    { flag: "--apply", summary: "write the files after a confirmation" },
  ],
  details: `
Shows its plan and changes nothing, unless --apply is given. Only the host of a reference is replaced: comments, layout
and other registries stay as they are. Helm templates are read line by line, and what holds {{ }} is told, not changed.`,
  input: PinInput,
  asks: ({ apply }) => apply,
  run: runPin,
  view: (result) => ("undone" in result ? viewUndo(result) : viewPin(result)),
});
