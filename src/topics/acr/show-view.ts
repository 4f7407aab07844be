import type { Replica } from "../../azure/registry-ports.ts";
import type { Row, Table, View } from "../../output/view.ts";
import type { RegistryRead } from "./read.ts";
import { isInRouting } from "./replicas.ts";

export function viewShow({ registry, replicas }: RegistryRead): View {
  return {
    data: { registry: { ...registry } as never, replicas: replicas.map((each) => ({ ...each })) as never },
    tables: [replicaTable({ registry, replicas })],
    notes: [],
  };
}

function replicaTable({ registry, replicas }: RegistryRead): Table {
  const row = (replica: Replica): Row => {
    const { region, isHome, provisioningState, status } = replica;
    const routed = isInRouting(replica);
    const regional = registry.regionalHosts.find((each) => each.region === region)?.host ?? null;
    return {
      cells: [
        region,
        isHome ? "home" : "",
        provisioningState || "not told",
        status ?? "not told",
        routed ?? "not told",
        regional,
      ],
    };
  };
  return {
    columns: [
      { header: "region" },
      { header: "home" },
      { header: "provisioning" },
      { header: "status" },
      { header: "in routing" },
      { header: "regional host" },
    ],
    rows: replicas.map(row),
  };
}
