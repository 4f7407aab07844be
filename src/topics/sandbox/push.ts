import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { list, REGISTRY, type Registry } from "../../sandbox/bodies.ts";
import { keyOf } from "../../sandbox/ids.ts";
import { manifestsOf } from "../../sandbox/registry/content.ts";
import { regionsOf } from "../../sandbox/registry/registry-body.ts";
import type { World } from "../../sandbox/world.ts";
import { loadWorld, saveWorld } from "../../sandbox/world-file.ts";
import { verb } from "../../verb.ts";
import { worldPath } from "./world-path.ts";

const PushInput = z.object({
  image: z.string().regex(/^[a-z0-9]+\/[a-z0-9._/-]+:\w[\w.-]*$/i, "write REGISTRY/REPO:TAG"),
  region: z.string().optional(),
  layer: z.string().optional(),
});
type PushInput = z.infer<typeof PushInput>;

interface PushResult {
  registry: string;
  repository: string;
  tag: string;
  region: string;
  digest: string;
}

async function runPush({ image, region, layer }: PushInput, ctx: Context): Promise<PushResult> {
  const path = worldPath(ctx);
  const world = await loadWorld(path);
  const [, name = "", repository = "", tag = ""] = /^([^/]+)\/(.+):([^:]+)$/.exec(image) ?? [];
  const registry = registryNamed(name, world);
  const at = regionIn(region, registry, world);
  const time = new Date(ctx.now().getTime() + world.clockOffsetMs).toISOString();
  const layers = [{ text: layer ?? `${repository} ${tag} of ${time}` }];
  const content = (world.images[keyOf(registry.id)] ??= { delays: {}, changes: [] });
  content.changes.push({ kind: "push", time, region: at, repository, tag, layers });
  await saveWorld(path, world);
  const { digest } = manifestsOf({ layers }).top;
  return { registry: registry.name, repository, tag, region: at, digest };
}

function registryNamed(name: string, world: World): Registry {
  const all = list(world, REGISTRY);
  const found = all.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  throw new AppError("usage", `the sandbox has no registry ${name}`, {
    hint: `there are ${all.map((each) => each.name).join(", ")}`,
  });
}

function regionIn(region: string | undefined, registry: Registry, world: World): string {
  if (region === undefined) return registry.location;
  const regions = regionsOf(world, registry);
  if (regions.includes(region)) return region;
  throw new AppError("usage", `registry ${registry.name} has no replica in ${region}`, {
    hint: `there are ${regions.join(", ")}`,
  });
}

function viewPush({ registry, repository, tag, region, digest }: PushResult): View {
  return {
    data: { registry, repository, tag, region, digest },
    tables: [
      {
        columns: [{ header: "image" }, { header: "pushed in" }, { header: "digest" }],
        rows: [{ cells: [`${registry}/${repository}:${tag}`, region, digest] }],
      },
    ],
    notes: [
      {
        level: "info",
        text: `the other replicas hear of it later: azwise acr wait ${registry}/${repository}@${digest}`,
      },
    ],
  };
}

export const push = verb({
  name: "push",
  summary: "Push an image to a replica of a sandbox registry; the others get it later",
  args: ["<image>"],
  flags: [
    {
      flag: "--region <region>",
      summary: "the replica that takes it (default: the home region's)",
      once: true,
    },
    { flag: "--layer <text>", summary: "what is in it (default: something new)", once: true },
  ],
  examples: [
    "sandbox push platformimages/base/python:3.15",
    "sandbox push shopregistry/shop/web:1.5.0 --region westeurope",
  ],
  input: PushInput,
  run: runPush,
  view: viewPush,
});
