import { tellRefusal } from "../../azure/known.ts";
import * as z from "zod";
import { timeZoneOf } from "../../azure/region-time-zones.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { APPLYING } from "../../plan/carry-out.ts";
import { isTimeZone, type OffHours } from "../../plan/off-hours.ts";
import { oneSubscription } from "../../plan/one-subscription.ts";
import { parseResourceId } from "../../resource-id.ts";
import { verb } from "../../verb.ts";
import { planAcquire, type AcquirePlan, type AcquireState } from "./acquire-plan.ts";
import { viewAcquire } from "./acquire-view.ts";
import { carryOut, type CarriedOut } from "./carry-out.ts";
import { requireOurs } from "./find-group.ts";
import { Alternative, Duration, fullSize, Group, Hours, Location, Quantity, Size, Zone } from "./flags.ts";
import type { GroupWish } from "./plan-groups.ts";
import { findSharedId, readNamedGroups } from "./read.ts";
import { slotKey, slotText, type Slot } from "./slots.ts";

const HOUR_MS = 3_600_000;
const NIGHT = { fromHour: 18, toHour: 7 };

const AcquireInput = z
  .object({
    size: z.string({ error: "say which size: --size <size>" }).pipe(Size),
    location: z.string({ error: "say where: --location <name>" }).pipe(Location),
    zone: Zone.default("regional"),
    quantity: z.string({ error: "say how many units: --quantity <n>" }).pipe(Quantity),
    group: Group.optional(),
    resourceGroup: z.string().min(1).optional(),
    or: z.array(Alternative).default([]),
    every: Duration.refine((ms) => ms <= 24 * HOUR_MS, "24h at most").default(HOUR_MS / 6),
    for: Duration.default(24 * HOUR_MS),
    offHours: z.union([z.literal(true).transform(() => NIGHT), Hours], "hours are such as 18-7").optional(),
    timeZone: z.string().refine(isTimeZone, "a time zone is such as Europe/Zurich").optional(),
    apply: z.boolean().default(false),
    out: z.string().min(1).optional(),
  })
  .refine(({ offHours, timeZone }) => timeZone === undefined || offHours !== undefined, {
    error: "it goes with --off-hours",
    path: ["timeZone"],
  });
type AcquireInput = z.infer<typeof AcquireInput>;

export interface AcquireResult extends CarriedOut {
  acquire: AcquirePlan;
  quantity: number;
}

async function runAcquire(input: AcquireInput, ctx: Context): Promise<AcquireResult> {
  const { group, resourceGroup, quantity, every: everyMs, for: forMs, apply, out } = input;
  const slots = slotsOf(input);
  const offHours = hoursOf(slots, input);
  const { target } = await ctx.azure();
  const subscriptionId = oneSubscription(target);
  const state = await readAcquireState(slots, { group, resourceGroup, subscriptionId }, ctx);
  const acquire = planAcquire(state, { quantity, everyMs, forMs, offHours });
  const groupIds = acquire.choices.map((choice) => choice.group.id);
  const show = (shown: CarriedOut): View => viewAcquire({ acquire, quantity, ...shown });
  return { acquire, quantity, ...(await carryOut(acquire, { apply, out, groupIds, show }, ctx)) };
}

/** The first choice, then the alternatives, which replace what they name. */
function slotsOf({ size, location, zone, or }: AcquireInput): Slot[] {
  const slots = [{}, ...or].map((change): Slot => {
    const each = { size, location, zone, ...change };
    return { ...each, size: fullSize(each.size), zone: each.zone === "regional" ? undefined : each.zone };
  });
  const twice = slots.find((slot, index) =>
    slots.slice(0, index).some((each) => slotKey(each) === slotKey(slot)),
  );
  if (!twice) return slots;
  throw new AppError("usage", `${slotText(twice)} is there twice`, { hint: "leave out one --or" });
}

/** Throws AppError "usage" for a location whose time zone is not known. */
function hoursOf(slots: readonly Slot[], { offHours, timeZone }: AcquireInput): Map<string, OffHours> {
  if (!offHours) return new Map();
  return new Map(
    slots.map(({ location }) => {
      const zone = timeZone ?? timeZoneOf(location);
      if (zone !== undefined) return [location, { timeZone: zone, ...offHours }];
      throw new AppError("usage", `the time zone of ${location} is not known`, {
        hint: "give it: --time-zone Area/City",
        because: ["odcr/off-hours"],
      });
    }),
  );
}

async function readAcquireState(
  slots: readonly Slot[],
  wish: GroupWish,
  ctx: Context,
): Promise<AcquireState> {
  const { compute } = await ctx.azure();
  const { subscriptionId } = wish;
  const locations = [...new Set(slots.map(({ location }) => location))];
  ctx.progress("reading sizes, usages and groups");
  const listed = await compute.listGroups(subscriptionId);
  const owned = parseResourceId(findSharedId(wish.group, listed) ?? wish.group ?? "");
  if (owned) requireOurs(owned, subscriptionId);
  const [offers, usages, existing] = await Promise.all([
    Promise.all(locations.map((at) => tellRefusal("the sizes", () => compute.listSizes(subscriptionId, at)))),
    Promise.all(
      locations.map((at) => tellRefusal("the usages", () => compute.listUsages(subscriptionId, at))),
    ),
    readNamedGroups(slots, wish, { listed, ctx }),
  ]);
  ctx.progress(undefined);
  const byLocation = <T>(values: readonly T[]): Map<string, T> =>
    new Map(locations.map((at, index) => [at, values[index] as T]));
  return { slots, wish, existing, offers: byLocation(offers), usages: byLocation(usages) };
}

export const acquire = verb({
  name: "acquire",
  summary: "Keep asking for capacity until Azure has it",
  examples: [
    "odcr acquire --size D4s_v5 --location eastus2 --zone 1 --quantity 4 --resource-group rg-capacity",
    "odcr acquire --size D4s_v5 --location eastus2 --zone 1 --quantity 4 --group crg-shop --or zone=3 --for 7d --apply",
    "odcr acquire --size E8s_v5 --location eastus2 --quantity 2 --resource-group rg-capacity --off-hours 18-7 --out plan.json",
  ],
  flags: [
    { flag: "--size <size>", summary: "the size to hold", once: true },
    { flag: "--location <name>", summary: "where", once: true },
    { flag: "--zone <n|regional>", summary: "in which zone (default regional)", once: true },
    { flag: "--quantity <n>", summary: "units that the reservation holds afterwards", once: true },
    {
      flag: "--or <key=value>",
      summary: "an alternative: zone=, size= and location= that differ; repeatable, in order",
      repeat: true,
    },
    {
      flag: "--group <name|id>",
      summary: "the capacity reservation group (default: derived from the location)",
      once: true,
    },
    { flag: "--resource-group <name>", summary: "where a group is made that is not there", once: true },
    {
      flag: "--every <duration>",
      summary: "pause between rounds, a fifth more or less (default 10m)",
      once: true,
    },
    { flag: "--for <duration>", summary: "how long to go on, such as 12h or 7d (default 24h)", once: true },
    {
      flag: "--off-hours [hours]",
      summary: "only from 18 to 7 o'clock there, or the hours given, and at weekends",
    },
    { flag: "--time-zone <zone>", summary: "instead of the time zones of the locations", once: true },
    ...APPLYING,
  ],
  details: `
Shows its plan and changes nothing, unless --apply is given. Acquired exits 0, time up 7, nothing left to try 6.
For slots in which nothing runs yet: VMs that run are better covered with attach.`,
  input: AcquireInput,
  asks: (input) => input.apply,
  run: runAcquire,
  view: viewAcquire,
});
