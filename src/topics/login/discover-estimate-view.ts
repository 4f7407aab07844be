import type { Note, Row, View } from "../../output/view.ts";
import { ageOf } from "./age.ts";
import { PINNED, type Estimate } from "./discover-estimate.ts";
import { counted } from "./counted.ts";

/** What a plain `az login` sends here, beside what the pinned sign-in sends. */
export function viewEstimate(estimate: Estimate, now: Date): View {
  const { walkedAt, ...counts } = estimate;
  return {
    data: { ...counts, walkedAt: walkedAt ?? null, pinned: { ...PINNED } },
    tables: [
      {
        title: "Requests",
        columns: [
          { header: "sign-in" },
          { header: "tokens", align: "right" },
          { header: "tenant lists", align: "right" },
          { header: "subscription lists", align: "right" },
          { header: "single reads", align: "right" },
          { header: "requests", align: "right" },
        ],
        rows: [plainRow(estimate), pinnedRow()],
      },
    ],
    notes: [basisNote(estimate, now)],
  };
}

function plainRow({ tokens, tenantPages, subscriptionPages, total, atLeast }: Estimate): Row {
  const name = atLeast ? "az login (at least)" : "az login";
  return {
    cells: [name, tokens, tenantPages, subscriptionPages, 0, total],
    because: [
      "az-login-discovery/login-enumerates",
      "az-login-discovery/cost-is-a-product",
      "azure-wire/login-discovery-walk",
    ],
  };
}

function pinnedRow(): Row {
  const { tokens, subscriptionReads, total } = PINNED;
  return {
    cells: ["azwise login --tenant T --subscription S", tokens, 0, 0, subscriptionReads, total],
    because: ["az-login-discovery/fast-and-pinned"],
  };
}

function basisNote({ walkedAt, tenants, atLeast }: Estimate, now: Date): Note {
  if (walkedAt === undefined) {
    const text =
      `a lower bound: ${counted(tenants, "tenant")} with at least one page of subscriptions each, if none refuses; ` +
      "nobody has counted the pages, azwise login discover does";
    return { level: "info", text };
  }
  const more = atLeast ? "; a lower bound, as not every tenant could be walked to the end" : "";
  return { level: "info", text: `counted in the walk made ${ageOf(new Date(walkedAt), now)}${more}` };
}
