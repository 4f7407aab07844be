import type { Registry, Replica } from "../../azure/registry-ports.ts";
import { nameOf } from "../../resource-id.ts";
import { hostIn } from "./hosts.ts";
import type { RegistryRead } from "./read.ts";
import { isInRouting } from "./replicas.ts";

interface Branch {
  text: string;
  branches: Branch[];
}

/** A registry as a tree of text: the global endpoint, its replicas with their hosts, and its private endpoints. */
export function topologyLines({ registry, replicas }: RegistryRead): string[] {
  const { loginServer, sku, privateEndpoints } = registry;
  const endpoints: Branch = {
    text: "private endpoints",
    branches: privateEndpoints.map(({ endpointId, status }) => leaf(`${nameOf(endpointId)}: ${status}`)),
  };
  const branches = [
    ...replicas.map((replica) => replicaBranch(replica, registry)),
    ...(privateEndpoints.length === 0 ? [] : [endpoints]),
  ];
  return [`${loginServer} (global endpoint, ${sku})`, ...linesOf(branches, "")];
}

function replicaBranch(replica: Replica, { regionalHosts, dataHosts }: Registry): Branch {
  const hosts = [
    ...branchOf("regional", hostIn(replica.region, regionalHosts)),
    ...branchOf("data", hostIn(replica.region, dataHosts)),
  ];
  return { text: `${replica.region}: ${stateText(replica)}`, branches: hosts };
}

function branchOf(kind: string, host: string | undefined): Branch[] {
  return host === undefined ? [] : [leaf(`${kind} ${host}`)];
}

function stateText(replica: Replica): string {
  const { isHome, provisioningState, status } = replica;
  const routed = isInRouting(replica);
  const routing = routed === undefined ? "routing not told" : routed ? "in routing" : "out of routing";
  const state = provisioningState === "" ? "state not told" : provisioningState;
  return [...(isHome ? ["home"] : []), state, ...(status === undefined ? [] : [status]), routing].join(", ");
}

function leaf(text: string): Branch {
  return { text, branches: [] };
}

function linesOf(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap(({ text, branches: below }, index) => {
    const isLast = index === branches.length - 1;
    return [
      `${indent}${isLast ? "└── " : "├── "}${text}`,
      ...linesOf(below, `${indent}${isLast ? "    " : "│   "}`),
    ];
  });
}
