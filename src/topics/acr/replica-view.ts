import type { Registry } from "../../azure/registry-ports.ts";
import type { JsonObject } from "../../json.ts";
import type { Note, Row, Table, View } from "../../output/view.ts";
import {
  carriedOutData,
  carriedOutExit,
  carriedOutTables,
  endNotes,
  warningNotes,
} from "../../plan/carry-out-view.ts";
import { nameOf } from "../../resource-id.ts";
import { shortText } from "./address-plan.ts";
import { azwiseAcr } from "./az-command.ts";
import type { ReplicaPlan } from "./replica-plan.ts";
import { REPLICA_COLUMNS, replicaCells, routingWord } from "./replica-table.ts";
import type { ReplicaResult } from "./replica.ts";
import { isInRouting } from "./replicas.ts";
import { homeNotes, stuckRemedy } from "./replica-notes.ts";

export function viewReplica(result: ReplicaResult): View {
  const { registry, replicas, way, region, warnings } = result.change;
  return {
    data: {
      registry: registry.id,
      loginServer: registry.loginServer,
      change: { way, region },
      replicas: replicas.map(
        ({ region: at, isHome, id = null, provisioningState, inRouting = null }): JsonObject => ({
          region: at,
          home: isHome,
          replication: id,
          provisioningState: provisioningState || null,
          inRouting,
        }),
      ),
      ...carriedOutData(result),
    },
    tables: carriedOutTables(withoutHint(result), [replicaTable(result.change)]),
    notes: [
      ...warningNotes(warnings),
      ...homeNotes({ replicas }),
      ...aftermathNotes(result),
      // What is still under way is looked at, and neither resumed nor begun again.
      ...(result.aftermath?.kind === "creating" ? [] : endNotes(result)),
    ],
    exit: carriedOutExit(result),
  };
}

function replicaTable({ replicas, way, region }: ReplicaPlan): Table {
  const rows = replicas.map((replica): Row => {
    const isRemoved = way === "remove" && replica.region === region;
    const change = isRemoved ? { text: "remove", tone: "warn" as const } : null;
    return { cells: [...replicaCells(replica, routingWord(isInRouting(replica))), change] };
  });
  const added: Row[] =
    way === "add" ? [{ cells: [region, null, null, null, null, { text: "add", tone: "warn" }] }] : [];
  return { columns: [...REPLICA_COLUMNS, { header: "change" }], rows: [...rows, ...added] };
}

/** More time for the same command is one way too many when what it began goes on by itself. */
function withoutHint(result: ReplicaResult): ReplicaResult {
  const { report, aftermath } = result;
  if (!report || aftermath?.kind !== "creating") return result;
  const outcomes = report.outcomes.map(({ failure, ...rest }) =>
    failure ? { ...rest, failure: { ...failure, hint: undefined } } : rest,
  );
  return { ...result, report: { ...report, outcomes } };
}

function creatingNote(minutes: number | undefined, region: string, registry: Registry): Note {
  const after = minutes === undefined ? "" : ` after ${minutes} min`;
  if (minutes !== undefined && minutes >= 60) {
    return stuckRemedy(`${region} is still Creating${after} and may be stuck`, region, registry);
  }
  const look = `Azure goes on with it, so look with: ${azwiseAcr("show", registry)}`;
  const stuck = `${region} is still Creating${after}; ${look}; when it still is after an hour, it may be stuck`;
  return stuckRemedy(stuck, region, registry);
}

/** The service names neither the permission nor the subnet that was lacking. */
function aftermathNotes({ change, aftermath }: ReplicaResult): Note[] {
  if (!aftermath) return [];
  const { registry, region } = change;
  if (aftermath.kind === "creating") return [creatingNote(aftermath.minutes, region, registry)];
  if (aftermath.kind === "unread") {
    const text = `whether there is a replica in ${region} now could not be read: ${aftermath.reason}`;
    return [{ level: "warning", text }];
  }
  const because = ["acr-geo-operations/full-subnet-rolls-back", "acr-geo-operations/full-subnet-unnamed"];
  const { subnets, endpoints } = aftermath.addresses;
  const short = subnets.flatMap((each) => shortText(each) ?? []);
  const text = `there is no replica in ${region}: ${short.join("; ")}; the service does not name it`;
  if (short.length > 0) return [{ level: "warning", text, because }];
  const unknown = endpoints.filter(({ verdict }) => verdict === "cannot tell");
  if (unknown.length === 0) {
    const why = "no private endpoint's subnet is known to lack addresses, so why cannot be told";
    return [{ level: "warning", text: `there is no replica in ${region}; ${why}` }];
  }
  return unknown.map(({ id, reason }) => ({
    level: "warning",
    text: `there is no replica in ${region}; cannot tell whether the subnet of ${nameOf(id)} lacked addresses: ${reason ?? ""}`,
    because,
  }));
}
