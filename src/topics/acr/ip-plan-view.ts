import { EXIT, type ExitCode } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import type { Cell, Row, Table, View } from "../../output/view.ts";
import { nameOf } from "../../resource-id.ts";
import { subnetName, type AddressPlan, type EndpointPlan, type SubnetPlan } from "./address-plan.ts";
import { addressesOf, subnetSizes, type Served, type SubnetSize } from "./addresses.ts";
import { ipPlanNotes, sizeNotes } from "./ip-plan-notes.ts";
import type { IpPlanResult } from "./ip-plan.ts";

export function viewIpPlan(result: IpPlanResult): View {
  return result.kind === "numbers" ? viewNumbers(result.served) : viewLive(result);
}

function viewNumbers(served: Served): View {
  const addresses = addressesOf(served);
  const sizes = subnetSizes(addresses);
  const { replicas, regional } = served;
  const { global, data, total } = addresses;
  return {
    data: {
      replicas,
      regionalEndpoints: regional,
      addresses: { ...addresses },
      subnets: sizes.map((each) => ({ ...each, advice: each.advice || null })),
    },
    tables: [
      {
        columns: [
          { header: "replicas", align: "right" },
          { header: "regional endpoints" },
          { header: "global", align: "right" },
          { header: "data", align: "right" },
          { header: "regional", align: "right" },
          { header: "addresses", align: "right" },
        ],
        rows: [
          {
            cells: [replicas, regional ? "yes" : "no", global, data, addresses.regional, total],
            because: ["azure-wire/acr-addresses-formula", "acr-geo-operations/addresses-example"],
          },
        ],
      },
      sizeTable(sizes),
    ],
    notes: sizeNotes(),
  };
}

const TONES: Partial<Record<SubnetSize["advice"], "bad" | "warn" | "good">> = {
  "too small": "bad",
  "smaller than advised": "warn",
  "at least": "good",
  "where possible": "good",
};

function sizeTable(sizes: readonly SubnetSize[]): Table {
  return {
    title: "Subnets with nothing else in them",
    columns: [
      { header: "subnet" },
      { header: "usable", align: "right" },
      { header: "private endpoints", align: "right" },
      { header: "advice" },
    ],
    rows: sizes.map(({ prefixLength, usable, holds, advice }) => {
      const tone = TONES[advice];
      return {
        cells: [`/${prefixLength}`, usable, holds, tone === undefined ? advice : { text: advice, tone }],
        because: ["azure-wire/subnet-keeps-five", "acr-geo-operations/subnet-size"],
      };
    }),
  };
}

function viewLive({ live, plan }: Extract<IpPlanResult, { kind: "live" }>): View {
  const { registry, before, after } = live;
  return {
    data: {
      registry: registry.id,
      replicas: { before: before.replicas, after: after.replicas },
      regionalEndpoints: { before: before.regional, after: after.regional },
      addresses: { before: { ...plan.before }, after: { ...plan.after } },
      privateEndpoints: plan.endpoints.map(endpointData),
      subnets: plan.subnets.map(subnetData),
    },
    tables: [endpointTable(plan), ...(plan.subnets.length === 0 ? [] : [subnetTable(plan)])],
    notes: ipPlanNotes(live, plan),
    exit: exitOf(plan),
  };
}

function exitOf({ endpoints }: AddressPlan): ExitCode {
  const has = (...wanted: EndpointPlan["verdict"][]): boolean =>
    endpoints.some(({ verdict }) => wanted.includes(verdict));
  if (has("short", "static")) return EXIT.changes;
  return has("cannot tell") ? EXIT.partial : EXIT.ok;
}

function endpointTable({ endpoints }: AddressPlan): Table {
  return {
    columns: [
      { header: "private endpoint" },
      { header: "connection" },
      { header: "subnet" },
      { header: "now", align: "right" },
      { header: "after", align: "right" },
      { header: "free there", align: "right" },
      { header: "verdict" },
    ],
    rows: endpoints.map(endpointRow),
  };
}

function endpointRow(endpoint: EndpointPlan): Row {
  const { id, status, verdict, subnetId, now = null, after = null, free = null, isStatic = false } = endpoint;
  return {
    cells: [
      nameOf(id),
      status,
      subnetId === undefined ? null : subnetName(subnetId),
      now,
      after,
      free,
      verdictCell(endpoint),
    ],
    because: [
      verdict === "gone" ? "azure-wire/acr-connection-states" : "azure-wire/acr-addresses-formula",
      ...(isStatic ? ["azure-wire/acr-static-addresses"] : []),
    ],
  };
}

function verdictCell({ verdict, short, isStatic = false, reason }: EndpointPlan): Cell {
  switch (verdict) {
    case "enough":
      return { text: "enough", tone: "good" };
    case "short":
      return { text: `short by ${short}${isStatic ? ", static" : ""}`, tone: "bad" };
    case "static":
      return { text: reason === undefined ? "static" : `static; cannot tell: ${reason}`, tone: "bad" };
    case "gone":
      return { text: "gone", tone: "dim" };
    case "cannot tell":
      return { text: `cannot tell: ${reason}`, tone: "warn" };
  }
}

function subnetTable({ subnets }: AddressPlan): Table {
  return {
    title: "Subnets",
    columns: [
      { header: "subnet" },
      { header: "prefix" },
      { header: "usable", align: "right" },
      { header: "listed", align: "right" },
      { header: "free", align: "right" },
      { header: "needed", align: "right" },
      { header: "private endpoints", align: "right" },
    ],
    rows: subnets.map(({ id, prefixes, usable = null, listed, free = null, further, endpoints }) => ({
      cells: [subnetName(id), prefixes.join(", "), usable, listed, free, further, endpoints],
      because: ["azure-wire/subnet-keeps-five", "acr-geo-operations/addresses-in-use"],
    })),
  };
}

function endpointData(endpoint: EndpointPlan): JsonObject {
  const { id, status, verdict, short } = endpoint;
  const { subnetId, now, after, isStatic, free, reason } = endpoint;
  return {
    id,
    connection: status,
    subnet: subnetId ?? null,
    now: now ?? null,
    after: after ?? null,
    free: free ?? null,
    static: isStatic ?? null,
    verdict,
    short,
    reason: reason ?? null,
  };
}

function subnetData({
  id,
  prefixes,
  usable,
  listed,
  free,
  reason,
  further,
  endpoints,
}: SubnetPlan): JsonObject {
  return {
    id,
    prefixes,
    usable: usable ?? null,
    listed,
    free: free ?? null,
    reason: reason ?? null,
    needed: further,
    privateEndpoints: endpoints,
  };
}
