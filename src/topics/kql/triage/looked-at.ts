import type { Row, Table } from "../../../output/view.ts";
import type { LogSource } from "../log-source-plan.ts";
import type { TriageResult } from "../triage.ts";
import type { LogsSent } from "./find-app.ts";

/** What is said of both kinds of logs, or of each. */
export function sourcesOf({ console, system }: LogsSent): LogSource[] {
  return console.text === system.text ? [console] : [console, system];
}

/** Of the kinds that have no row: those that do not come here, or of which that cannot be told. */
export function lackingOf({ logs, examined }: TriageResult): LogSource[] {
  if (!logs) return [];
  const { console, system } = logs;
  return sourcesOf(logs).filter((each) => {
    const isSilent =
      console.text === system.text
        ? examined.lines.length === 0 || examined.events.length === 0
        : (each === console ? examined.lines : examined.events).length === 0;
    return each.state === "untold" || (each.state !== "sent" && isSilent);
  });
}

export function partTable({ parts, examined, unknown, logs }: TriageResult): Table {
  const { resource, name, kind } = examined;
  const read = resource
    ? `${kind} ${resource.name} in ${resource.resourceGroup}, ${resource.location}`
    : `${name}: known from logs alone`;
  const row = (cells: Row["cells"], gap: string | undefined): Row => ({
    cells: [...cells, gap === undefined ? null : { text: `cannot tell: ${gap}`, tone: "warn" }],
  });
  return {
    title: "Looked at",
    columns: [
      { header: "part" },
      { header: "where" },
      { header: "rows", align: "right" },
      { header: "note" },
    ],
    rows: [
      row(["resource", read, null], unknown),
      ...(logs ? sourcesOf(logs) : []).map(({ text, state }): Row => ({
        cells: ["where its logs go", state === "sent" ? text : { text, tone: "warn" }, null, null],
      })),
      ...parts.map(({ what, table, rows, gap }) => row([what, table, rows], gap)),
    ],
  };
}
