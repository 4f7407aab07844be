import pLimit from "p-limit";
import * as z from "zod";
import type { CapacityReservationGroup } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import type { View } from "../../output/view.ts";
import { APPLYING } from "../../plan/carry-out.ts";
import { oneSubscription } from "../../plan/one-subscription.ts";
import { isGuid } from "../../resource-id.ts";
import { verb } from "../../verb.ts";
import { carryOut, type CarriedOut } from "./carry-out.ts";
import { findGroup, requireOurs } from "./find-group.ts";
import { Group } from "./flags.ts";
import {
  plannedFor,
  planShare,
  sharedWith,
  usersOf,
  type SharePlan,
  type ShareState,
  type ShareWish,
} from "./share-plan.ts";
import { viewShare } from "./share-view.ts";
import { readZoneMap, type ZoneMap } from "./zone-map.ts";

const SubscriptionId = z
  .string()
  .refine(isGuid, { error: "a subscription is given by its id, a GUID" })
  .transform((id) => id.toLowerCase());

const NOTHING_ASKED = "goes with --with or --without; without them share only shows";

const ShareInput = z
  .object({
    group: Group,
    with: z.array(SubscriptionId).default([]),
    without: z.array(SubscriptionId).default([]),
    release: z.boolean().default(false),
    apply: z.boolean().default(false),
    out: z.string().min(1).optional(),
  })
  .superRefine(({ with: add, without, release, apply, out }, check) => {
    const wrong = (key: string, message: string): void =>
      check.addIssue({ code: "custom", path: [key], message });
    const changes = add.length + without.length > 0;
    if (apply && !changes) wrong("apply", NOTHING_ASKED);
    if (out !== undefined && !changes) wrong("out", NOTHING_ASKED);
    if (release && without.length === 0) wrong("release", "goes with --without");
  });
type ShareInput = z.infer<typeof ShareInput>;

export interface ShareResult extends CarriedOut {
  share: SharePlan;
  state: ShareState;
  /** Nothing was to be changed. */
  onlyShown: boolean;
}

async function runShare(input: ShareInput, ctx: Context): Promise<ShareResult> {
  const { with: add, without: remove, release, apply, out } = input;
  const onlyShown = add.length + remove.length === 0;
  const { target } = await ctx.azure();
  const ours = onlyShown ? target.subscriptionIds[0] : oneSubscription(target);
  const group = await findGroup(input.group, ctx);
  if (!onlyShown) requireOurs(group, ours);
  const wish: ShareWish = { add, remove, release };
  const state = { group, zones: await readZones(group, wish, ctx) };
  const share = planShare(state, wish);
  const show = (shown: CarriedOut): View => viewShare({ share, state, onlyShown, ...shown });
  const carried = await carryOut(share, { apply, out, groupIds: [group.id], show }, ctx);
  return { share, state, onlyShown, ...carried };
}

/** By every other subscription that may use the group, is to, or has VMs in it. */
async function readZones(
  group: CapacityReservationGroup,
  wish: ShareWish,
  ctx: Context,
): Promise<Map<string, ZoneMap>> {
  if (group.zones.length === 0) return new Map();
  const ids = new Set([...sharedWith(group), ...plannedFor(group, wish), ...usersOf(group).keys()]);
  const others = [...ids].filter((id) => id !== group.subscriptionId);
  const limit = pLimit(ctx.concurrency);
  ctx.progress("comparing zones");
  const maps = await Promise.all(
    others.map((id) => limit(async () => [id, await compareZones(group, id, ctx)] as const)),
  );
  ctx.progress(undefined);
  return new Map(maps);
}

/** Our own subscription is asked where it is one of the two: in the other one this identity may have no rights. */
async function compareZones(
  { subscriptionId: owner, location }: CapacityReservationGroup,
  other: string,
  ctx: Context,
): Promise<ZoneMap> {
  const { access, target } = await ctx.azure();
  if (other !== target.subscriptionIds[0]) {
    return readZoneMap({ subscriptionId: owner, peerId: other, location }, access);
  }
  const map = await readZoneMap({ subscriptionId: other, peerId: owner, location }, access);
  return "unknown" in map ? map : { value: new Map([...map.value].map(([here, there]) => [there, here])) };
}

export const share = verb({
  name: "share",
  summary: "Which subscriptions may use a group",
  args: ["<group>"],
  examples: [
    "odcr share crg-shop",
    "odcr share crg-shop --with <subscription> --apply",
    "odcr share crg-shop --without <subscription> --release --out plan.json",
  ],
  flags: [
    { flag: "--with <subscription>", summary: "share it with this subscription; repeatable", repeat: true },
    { flag: "--without <subscription>", summary: "stop sharing it with this one; repeatable", repeat: true },
    { flag: "--release", summary: "stop sharing although VMs of that subscription use it" },
    ...APPLYING,
  ],
  details: `
Without --with and --without it only shows. A plan with a step exits 3, an empty one 0.
Zone numbers are per subscription: the table tells where a zone of the group has another number.`,
  input: ShareInput,
  asks: (input) => input.apply,
  run: runShare,
  view: viewShare,
});
