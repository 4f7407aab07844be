import type { JsonObject } from "../../json.ts";
import type { Cell, Note, Table, View } from "../../output/view.ts";
import {
  carriedOutData,
  carriedOutExit,
  carriedOutTables,
  endNotes,
  warningNotes,
} from "../../plan/carry-out-view.ts";
import { azwiseAcr } from "./az-command.ts";
import type { SwitchResult } from "./switch.ts";

interface HostRow {
  region: string;
  /** Undefined until the service tells it. */
  host: string | undefined;
}

export function viewSwitch(result: SwitchResult): View {
  const { registry, feature, now, on, warnings } = result.change;
  const rows = rowsOf(result);
  return {
    data: {
      registry: registry.id,
      loginServer: registry.loginServer,
      endpoints: feature,
      enabled: { now, planned: on },
      hosts: rows.map(({ region, host = null }): JsonObject => ({ region, host })),
      ...carriedOutData(result),
    },
    tables: carriedOutTables(result, hostTables(rows, result)),
    notes: [...warningNotes(warnings), ...unreadNotes(result), ...endNotes(result)],
    exit: carriedOutExit(result),
  };
}

/** Hosts as the service names them, and regions whose host it has not named yet. */
function rowsOf({ change, hosts }: SwitchResult): HostRow[] {
  const { registry, feature, on } = change;
  const regions = on ? change.regions : [];
  const told = hosts ?? (feature === "regional" ? registry.regionalHosts : registry.dataHosts);
  const untold = regions.filter((region) => !told.some((each) => each.region === region));
  return [...told, ...untold.map((region) => ({ region, host: undefined }))];
}

/** The switch is shown as long as it is only planned. */
function hostTables(rows: readonly HostRow[], { change, report }: SwitchResult): Table[] {
  if (rows.length === 0) return [];
  const enabled = report === undefined ? [switchCell(change)] : [];
  return [
    {
      columns: [
        { header: "region" },
        { header: "host", whole: true },
        ...enabled.map(() => ({ header: "enabled" })),
      ],
      rows: rows.map(({ region, host }) => ({ cells: [region, host ?? "not told", ...enabled] })),
    },
  ];
}

function switchCell({ now, on }: SwitchResult["change"]): Cell {
  if (now === on) return on ? "yes" : "no";
  return { text: on ? "no -> yes" : "yes -> no", tone: "warn" };
}

function unreadNotes({ change: { registry }, report, hosts }: SwitchResult): Note[] {
  if (report === undefined || hosts !== undefined || report.exit !== 0) return [];
  const text = `the hosts could not be read afterwards; they are listed by: ${azwiseAcr("endpoints", registry)}`;
  return [{ level: "info", text }];
}
