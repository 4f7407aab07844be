import * as z from "zod";
import type { Context } from "../../context.ts";
import type { View } from "../../output/view.ts";
import { APPLYING, carryOut, type CarriedOut } from "../../plan/carry-out.ts";
import { oneSubscription } from "../../plan/one-subscription.ts";
import { verb } from "../../verb.ts";
import { Region, RegistryWord } from "./flags.ts";
import { readRegistry } from "./read.ts";
import { requireNotOwed } from "./require-not-owed.ts";
import { readRouting } from "./route-file.ts";
import { planRoute, type RoutePlan, type Way } from "./route-plan.ts";
import { viewRoute } from "./route-view.ts";

const RouteInput = z
  .object({
    way: z.enum(["out", "in", "plan"], {
      error: ({ input }) => `"${String(input)}" is neither out, in nor plan`,
    }),
    registry: RegistryWord,
    region: Region.optional(),
    file: z.string().min(1, "a file has a name").optional(),
    canary: z.array(Region).default([]),
    apply: z.boolean().default(false),
    out: z.string().min(1).optional(),
  })
  .superRefine(({ way, region, file }, check) => {
    const say = (flag: "region" | "file", message: string): void =>
      check.addIssue({ code: "custom", path: [flag], message });
    if (way === "plan") {
      if (region !== undefined) say("region", "acr route plan takes its regions from --file");
      if (file === undefined) say("file", "say which file: --file <routing.yaml>");
      return;
    }
    if (file !== undefined)
      say("file", `acr route ${way} is about one --region; acr route plan reads a file`);
    if (region === undefined) say("region", "say which replica: --region <region>");
  });
type RouteInput = z.infer<typeof RouteInput>;

export interface RouteResult extends CarriedOut {
  route: RoutePlan;
  /** Where the wish was read from; undefined when it was typed. */
  file: string | undefined;
}

async function runRoute(input: RouteInput, ctx: Context): Promise<RouteResult> {
  const { file, canary, apply, out } = input;
  const regions = await regionsOf(input, ctx);
  oneSubscription((await ctx.azure()).target);
  const read = await readRegistry(input.registry, ctx);
  const leaving = Object.keys(regions).filter((region) => regions[region] === "out");
  await requireNotOwed(read.replicas, leaving, ctx);
  const route = planRoute(read, { regions, canaries: canary });
  const show = (shown: CarriedOut): View => viewRoute({ route, file, ...shown });
  return { route, file, ...(await carryOut(route, { apply, out, show }, ctx)) };
}

async function regionsOf(
  { way, region = "", file = "" }: RouteInput,
  ctx: Context,
): Promise<Record<string, Way>> {
  return way === "plan" ? readRouting(file, ctx.cwd) : { [region]: way };
}

export const route = verb({
  name: "route",
  summary: "Take replicas out of global routing, and put them back",
  args: ["<way>", "<registry>"],
  examples: [
    "acr route out shopregistry --region westeurope",
    "acr route in shopregistry --region westeurope --apply",
    "acr route plan shopregistry --file routing.yaml",
  ],
  flags: [
    { flag: "--region <region>", summary: "the replica that goes out or in", once: true },
    { flag: "--file <routing.yaml>", summary: "regions: {westeurope: in, northeurope: out}", once: true },
    { flag: "--canary <region>", summary: "a canary, beside those ending in euap; repeatable", repeat: true },
    ...APPLYING,
  ],
  details: `
<way> is out or in for one --region, or plan for a --file of regions.
Shows its plan and changes nothing, unless --apply is given. A plan with a step exits 3, an empty one 0.
The last replica that is ready and in routing is never taken out; the one that stays is looked at again right
before the change. With plan, replicas go in before others go out, and regions not in the file are left alone.`,
  input: RouteInput,
  asks: (input) => input.apply,
  run: runRoute,
  view: viewRoute,
});
