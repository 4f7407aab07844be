import { EXIT } from "../../errors.ts";
import type { Cell, Note, Table, View } from "../../output/view.ts";
import { azwiseAcr } from "./az-command.ts";
import type { EndpointsResult } from "./endpoints.ts";
import { allowList, endpointsOf, untoldHosts, type Allowed, type Endpoint } from "./hosts.ts";
import { obstacles } from "./obstacles.ts";
import { isCreating } from "./replicas.ts";

export function viewEndpoints(result: EndpointsResult): View {
  const { registry, firewall, after } = result;
  const endpoints = endpointsOf(result, after);
  const allowed = allowList(result, endpoints);
  const untold = untoldHosts(result, after);
  return {
    data: {
      registry: { id: registry.id, name: registry.name, sku: registry.sku },
      after,
      endpoints: endpoints.map((each) => ({ ...each })),
      firewall: firewall
        ? allowed.map(({ client, neededBy, endpoint: { host, kind, expected } }) => ({
            client,
            host,
            kind,
            neededBy,
            expected,
          }))
        : null,
      untold,
    },
    tables: [firewall ? firewallTable(allowed) : hostTable(endpoints)],
    notes: notesOf(result, endpoints, untold),
    exit: untold.length === 0 ? EXIT.ok : EXIT.partial,
  };
}

function hostTable(endpoints: readonly Endpoint[]): Table {
  return {
    columns: [
      { header: "host", whole: true },
      { header: "region" },
      { header: "kind" },
      { header: "told" },
      { header: "serves" },
    ],
    rows: endpoints.map((endpoint) => ({
      cells: [endpoint.host, endpoint.region, endpoint.kind, toldCell(endpoint), endpoint.serves],
      because: endpoint.because,
    })),
  };
}

function firewallTable(allowed: readonly Allowed[]): Table {
  return {
    columns: [
      { header: "client in" },
      { header: "host", whole: true },
      { header: "kind" },
      { header: "told" },
      { header: "needed by clients of" },
    ],
    rows: allowed.map(({ client, endpoint, neededBy }) => ({
      cells: [client, endpoint.host, endpoint.kind, toldCell(endpoint), NEEDED_BY[neededBy]],
      because:
        endpoint.kind === "global" || endpoint.kind === "regional"
          ? ["acr-geo-operations/firewall-registry-hosts"]
          : ["acr-geo-operations/firewall-layer-hosts", "acr-geo-operations/no-global-data-endpoint"],
    })),
  };
}

const NEEDED_BY: Record<Allowed["neededBy"], string> = {
  global: "the global endpoint",
  pinned: "the regional host",
  "global and pinned": "both",
};

function toldCell({ expected, kind }: Endpoint): Cell {
  if (kind === "storage") return "in the article";
  return expected ? { text: "expected", tone: "warn" } : "by Azure";
}

function notesOf(result: EndpointsResult, endpoints: readonly Endpoint[], untold: string[]): Note[] {
  const { registry, firewall, after } = result;
  const notes: Note[] = [];
  if (endpoints.some(({ expected }) => expected)) {
    const text = `expected hosts follow the pattern of ${registry.loginServer}; only what Azure tells once they are enabled is certain`;
    notes.push({ level: "warning", text, because: ["azure-wire/acr-hosts-are-read"] });
  }
  const wanted = after.filter((each) =>
    endpoints.some((endpoint) => endpoint.expected && endpoint.kind === each),
  );
  for (const { text, because } of obstacles(registry, wanted))
    notes.push({ level: "warning", text, because });
  for (const each of after.filter((word) => !wanted.includes(word)))
    notes.push({ level: "info", text: `${each} endpoints are on already` });
  if (endpoints.some(({ kind }) => kind === "storage")) {
    const command = azwiseAcr("data-endpoints enable", registry);
    const text = `*.blob.core.windows.net lets clients reach every storage account; narrower on Premium: ${command}`;
    const because = [
      "acr-geo-operations/wildcard-opens-all-storage",
      "acr-geo-operations/data-endpoints-narrow-firewall",
    ];
    notes.push({ level: "warning", text, because });
  }
  if (firewall && registry.privateEndpoints.length > 0) {
    const text =
      "where a private endpoint is, the same names lead to its private addresses, which reach every region";
    notes.push({ level: "info", text, because: ["acr-geo-operations/private-endpoint-covers-all"] });
  }
  if (firewall) notes.push(...comingNotes(result, endpoints));
  return [...notes, ...untold.map((text): Note => ({ level: "warning", text: `cannot tell: ${text}` }))];
}

/** A firewall that is opened for today's list breaks layers on the day that a replica is ready. */
function comingNotes({ replicas }: EndpointsResult, endpoints: readonly Endpoint[]): Note[] {
  const layers = endpoints.filter(({ kind }) => kind === "data");
  if (layers.length === 0) return [];
  return replicas
    .filter((each) => isCreating(each) && !layers.some(({ region }) => region === each.region))
    .map(({ region }) => ({
      level: "warning",
      text: `${region} is still being created: its data host will join the list of every region`,
      because: ["acr-geo-operations/firewall-layer-hosts", "acr-geo-operations/no-global-data-endpoint"],
    }));
}
