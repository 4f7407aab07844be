import type { JsonObject } from "../../json.ts";
import type { Note, Row, Table, Tone, View } from "../../output/view.ts";
import { EXIT } from "../../errors.ts";
import { ageOf } from "./age.ts";
import type { DiscoverResult, WalkResult } from "./discover.ts";
import { viewEstimate } from "./discover-estimate-view.ts";
import { countDuplicates } from "./discover-merge.ts";
import { counted } from "./counted.ts";
import type { SubscriptionRecord, TenantRecord, Walk } from "./discover-record.ts";

export function viewDiscover(result: DiscoverResult): View {
  return "estimate" in result ? viewEstimate(result.estimate, result.now) : viewWalk(result, result.now);
}

/** Ten thousand subscriptions are shown only when asked for; then first, as TSV prints one table. */
function viewWalk({ walk, cached, subscriptions: shown, listing }: WalkResult, now: Date): View {
  const { tenants } = walk;
  const notWalked = tenants.filter(({ state }) => state !== "walked");
  return {
    data: walkData(walk, cached),
    tables: [...(shown ? [subscriptionTable(walk)] : []), tenantTable(tenants)],
    notes: [
      ...(cached ? [ageNote(walk, now)] : []),
      ...failureNotes(tenants, notWalked),
      ...duplicateNotes(walk),
      ...(shown ? [] : [howToSee(walk, listing)]),
    ],
    // A tenant that refuses has answered; one that failed may hold anything.
    exit: tenants.some(({ state }) => state === "failed") ? EXIT.partial : EXIT.ok,
  };
}

const TONES: Record<TenantRecord["state"], Tone> = {
  walked: "good",
  "needs MFA": "warn",
  refused: "bad",
  failed: "bad",
};

function tenantTable(tenants: readonly TenantRecord[]): Table {
  return {
    title: "Tenants",
    columns: [
      { header: "tenant" },
      { header: "domain" },
      { header: "state" },
      { header: "subscriptions", align: "right" },
      { header: "reason", wide: true },
      { header: "next", wide: true },
    ],
    rows: tenants.map(({ tenantId, name, domain, state, subscriptions, code, reason, next }) => {
      // Where nothing was seen there may still be something.
      const count = state === "walked" || subscriptions > 0 ? subscriptions : null;
      const why = [code ?? reason ?? null, next ?? null];
      return {
        cells: [tenantId, domain ?? name ?? null, { text: state, tone: TONES[state] }, count, ...why],
      };
    }),
  };
}

function subscriptionTable({ subscriptions, tenants }: Walk): Table {
  const domains = new Map(tenants.map(({ tenantId, domain }) => [tenantId, domain ?? tenantId]));
  const label = (tenantId: string): string => domains.get(tenantId) ?? tenantId;
  return {
    title: "Subscriptions",
    columns: [
      { header: "subscription" },
      { header: "id" },
      { header: "state" },
      { header: "home tenant", wide: true },
      { header: "seen through" },
    ],
    rows: subscriptions.map((each): Row => {
      const { name, id, state, homeTenantId, seenThrough } = each;
      const tone = state === "Enabled" ? "good" : "warn";
      const through = seenThrough.map(label).join(", ");
      return {
        cells: [name, id, { text: state, tone }, label(homeTenantId), through],
        ...(isAway(each) ? { because: ["azure-wire/home-tenant-differs"] } : {}),
      };
    }),
  };
}

function isAway({ homeTenantId, seenThrough }: SubscriptionRecord): boolean {
  return seenThrough.some((tenantId) => tenantId !== homeTenantId);
}

function ageNote({ walkedAt }: Walk, now: Date): Note {
  return { level: "info", text: `walked ${ageOf(new Date(walkedAt), now)}, at ${walkedAt}` };
}

/** One line for each, because a command that a table wraps cannot be copied. */
function failureNotes(tenants: readonly TenantRecord[], notWalked: readonly TenantRecord[]): Note[] {
  if (notWalked.length === 0) return [];
  const text = `${notWalked.length} of ${counted(tenants.length, "tenant")} could not be walked to the end; what they hold is not known`;
  const needsMfa = notWalked.some(({ state }) => state === "needs MFA");
  const because = [
    "azure-wire/subscriptions-per-tenant",
    ...(needsMfa ? ["azure-wire/mfa-is-per-tenant"] : []),
  ];
  return [{ level: "warning", text, because }, ...notWalked.map(fixNote)];
}

function fixNote({ tenantId, domain, state, code, reason, next }: TenantRecord): Note {
  const why = code ?? reason;
  const detail = `${why === undefined ? "" : ` (${why})`}${next === undefined ? "" : `: ${next}`}`;
  return { level: "info", text: `${domain ?? tenantId} ${state}${detail}` };
}

function duplicateNotes({ subscriptions }: Walk): Note[] {
  const duplicates = countDuplicates(subscriptions);
  if (duplicates === 0) return [];
  const verb = duplicates === 1 ? "is" : "are";
  const text = `${counted(duplicates, "subscription")} ${verb} seen through more than one tenant; az login takes the first one`;
  return [{ level: "info", text, because: ["azure-wire/login-discovery-walk"] }];
}

function howToSee({ subscriptions }: Walk, listing: string): Note {
  const text = `${counted(subscriptions.length, "subscription")}; ${listing} lists them`;
  return { level: "info", text };
}

function walkData(walk: Walk, cached: boolean): JsonObject {
  const { cloud, auth, walkedAt, tenantPages, tenants, subscriptions } = walk;
  return {
    cloud,
    auth,
    walkedAt,
    cached,
    tenantPages,
    duplicates: countDuplicates(subscriptions),
    tenants: tenants.map((each) => ({
      ...each,
      name: each.name ?? null,
      domain: each.domain ?? null,
      code: each.code ?? null,
      reason: each.reason ?? null,
      next: each.next ?? null,
    })),
    subscriptions: subscriptions.map((each) => ({ ...each })),
  };
}
