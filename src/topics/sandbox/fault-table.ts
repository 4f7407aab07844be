import type { JsonObject } from "../../json.ts";
import type { Table } from "../../output/view.ts";
import type { Fault } from "../../sandbox/world.ts";

export function faultJson({ name, match, times, skip }: Fault): JsonObject {
  return { name, method: match.method ?? null, path: match.path ?? null, times, skip };
}

export function faultTable(faults: readonly Fault[]): Table {
  return {
    title: "Faults",
    columns: [
      { header: "fault" },
      { header: "method" },
      { header: "path" },
      { header: "times", align: "right" },
      { header: "skip", align: "right" },
    ],
    rows: faults.map(({ name, match, times, skip }) => ({
      cells: [name, match.method ?? "any", match.path ?? "any", times, skip],
    })),
  };
}
