import type { Table } from "../../output/view.ts";
import { findMember } from "../../sandbox/directory.ts";
import type { World } from "../../sandbox/world.ts";

export type TenantSummary = {
  name: string;
  id: string;
  subscriptions: number;
  /** Who rehearses there; null when nobody can. */
  signsIn: string | null;
  /** What refuses that sign-in, e.g. "AADSTS50076". */
  refusal: string | null;
};

export function summarizeTenants(world: World): TenantSummary[] {
  return world.tenants.map(({ tenantId: id, displayName: name, applications }) => {
    const member = findMember(world, id);
    const refusal = member?.membership.refusal;
    return {
      name,
      id,
      subscriptions: world.subscriptions.filter((each) => each.tenantId === id).length,
      signsIn: member?.user.signInName ?? applications[0]?.displayName ?? null,
      refusal: refusal === undefined ? null : `AADSTS${refusal}`,
    };
  });
}

export function tenantTable(tenants: readonly TenantSummary[]): Table {
  return {
    title: "Tenants",
    columns: [
      { header: "tenant" },
      { header: "id" },
      { header: "subscriptions", align: "right" },
      { header: "signs in" },
      { header: "refused with" },
    ],
    rows: tenants.map(({ name, id, subscriptions, signsIn, refusal }) => ({
      cells: [name, id, subscriptions, signsIn ?? "nobody", { text: refusal ?? "", tone: "warn" }],
    })),
  };
}
