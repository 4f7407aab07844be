import type { JsonObject } from "../../json.ts";
import type { Cell, Note, Table, View } from "../../output/view.ts";
import {
  carriedOutData,
  carriedOutExit,
  carriedOutTables,
  endNotes,
  warningNotes,
} from "../../plan/carry-out-view.ts";
import { REPLICA_COLUMNS, replicaCells, routingWord } from "./replica-table.ts";
import type { RoutedReplica } from "./route-plan.ts";
import type { RouteResult } from "./route.ts";
import { homeNotes } from "./replica-notes.ts";

export function viewRoute(result: RouteResult): View {
  const { registry, replicas, unnamed, warnings } = result.route;
  return {
    data: {
      registry: registry.id,
      loginServer: registry.loginServer,
      replicas: replicas.map(routedData),
      unnamed,
      ...carriedOutData(result),
    },
    tables: carriedOutTables(result, [routingTable(replicas)]),
    notes: [
      ...warningNotes(warnings),
      ...homeNotes({ replicas: replicas.map(({ replica }) => replica) }),
      ...unnamedNotes(result),
      ...endNotes(result),
    ],
    exit: carriedOutExit(result),
  };
}

function routingTable(replicas: readonly RoutedReplica[]): Table {
  return {
    columns: REPLICA_COLUMNS,
    rows: replicas.map(({ replica, now, planned }) => ({
      cells: replicaCells(replica, routingCell(now, planned)),
    })),
  };
}

function routingCell(now: boolean | undefined, planned: boolean | undefined): Cell {
  if (now === planned) return routingWord(now);
  return { text: `${routingWord(now)} -> ${routingWord(planned)}`, tone: "warn" };
}

/** A file that names only some of the regions must not be taken for the whole state. */
function unnamedNotes({ file, route: { unnamed } }: RouteResult): Note[] {
  if (file === undefined || unnamed.length === 0) return [];
  return [{ level: "info", text: `not in ${file}, and left alone: ${unnamed.join(", ")}` }];
}

function routedData({ replica, now, planned }: RoutedReplica): JsonObject {
  const { region, isHome, id = null, provisioningState, status = null } = replica;
  return {
    region,
    home: isHome,
    replication: id,
    inRouting: { now: now ?? null, planned: planned ?? null },
    provisioningState: provisioningState || null,
    status,
  };
}
