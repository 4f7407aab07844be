import { AppError } from "../errors.ts";
import { isGuid, sameId } from "../resource-id.ts";
import type { LoginPort } from "./login-ports.ts";
import type { Settings } from "./settings.ts";
import { checkTenant, isOutsideRehearsal, type Given, type SourceKind, type Wanted } from "./target.ts";
import { pinName } from "./target-lookup.ts";

/** What a run was asked for that the pin of its folder forbids; values are as given. */
export interface PinMismatch {
  what: "cloud" | "tenant" | "subscription";
  pinned: string;
  actual: string;
  /** The pin file. */
  pinnedBy: string;
  /** The flag or variable. */
  actualBy: string;
  actualKind: SourceKind;
}

/** What a run, or a saved plan, is aimed at. */
export interface Aim extends Pick<Wanted, "cloudFrom" | "cloudBy" | "tenant" | "subscriptions"> {
  cloud: { name: string };
}

export interface PinnedRun extends Pick<LoginPort, "findTenantId"> {
  wanted: Aim;
  settings: Pick<Settings, "pin" | "pinFile">;
}

/**
 * Where a run would leave what its folder is pinned to; empty when it keeps to it. A domain counts as another
 * tenant than a GUID: `findPinMismatches` asks Entra. The name of a subscription is compared once its id is known.
 */
export function pinMismatches(wanted: Aim, settings: PinnedRun["settings"]): PinMismatch[] {
  const { pin } = settings;
  const isRehearsal = isOutsideRehearsal(pin, wanted.cloud.name);
  if (isRehearsal && pin.cloud !== undefined) return [];
  const compare = (
    what: PinMismatch["what"],
    pinned: string | undefined,
    { value, from, by }: Given,
  ): PinMismatch[] => {
    // A pin that names no cloud is of no world: there it refuses what was typed, and does not choose.
    if (pinned === undefined || (isRehearsal && !isExplicit(by))) return [];
    if (value.toLowerCase() === pinned.toLowerCase()) return [];
    return [{ what, pinned, actual: value, pinnedBy: pinName(settings), actualBy: from, actualKind: by }];
  };
  return [
    ...compare("cloud", pin.cloud, { value: wanted.cloud.name, from: wanted.cloudFrom, by: wanted.cloudBy }),
    ...(wanted.tenant ? compare("tenant", pin.tenant, wanted.tenant) : []),
    ...wanted.subscriptions
      .filter(({ value }) => isGuid(value))
      .flatMap((each) => compare("subscription", pin.subscription, each)),
  ];
}

function isExplicit(by: SourceKind): boolean {
  return by === "flag" || by === "variable";
}

/** The same, where Entra is asked for the owner of a domain: at most one request for each of two domains. */
export async function findPinMismatches(run: PinnedRun): Promise<PinMismatch[]> {
  const mismatches = pinMismatches(run.wanted, run.settings);
  // Domains of two clouds cannot be compared.
  if (mismatches.some(({ what }) => what === "cloud")) return mismatches;
  const tenant = mismatches.find(({ what }) => what === "tenant");
  if (tenant === undefined || !(await isSameTenant(tenant, run))) return mismatches;
  return mismatches.filter((each) => each !== tenant);
}

async function isSameTenant({ pinned, actual }: PinMismatch, run: PinnedRun): Promise<boolean> {
  if (isGuid(pinned) && isGuid(actual)) return sameId(pinned, actual);
  const [one, other] = [checkTenant(pinned), checkTenant(actual)];
  return (await run.findTenantId(one)) === (await run.findTenantId(other));
}

/** Throws AppError "auth" when the run would leave what its folder is pinned to. */
export async function requirePin(run: PinnedRun): Promise<void> {
  const mismatches = await findPinMismatches(run);
  const [first] = mismatches;
  if (first === undefined) return;
  const pinned = mismatches.map((each) => `${each.what} ${each.pinned}`);
  const actual = mismatches.map((each) => `${each.actualBy} says ${each.actual || '""'}`);
  throw new AppError(
    "auth",
    `this folder is pinned to ${join(pinned)} (${first.pinnedBy}), but ${join(actual)}`,
    { hint: `${join(mismatches.map(wayOut))}, or azwise login unpin` },
  );
}

function wayOut({ actualBy, actualKind }: PinMismatch): string {
  if (actualKind === "flag") return `drop ${actualBy}`;
  if (actualKind === "variable") return `unset ${actualBy}`;
  return actualKind === "plan" ? `run ${actualBy} where it was made` : "choose another context";
}

function join(parts: readonly string[]): string {
  return [...new Set(parts)].join(" and ");
}
