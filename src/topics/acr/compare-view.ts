import type { JsonObject } from "../../json.ts";
import type { Cell, Note, Row, View } from "../../output/view.ts";
import {
  compareExit,
  compareLooks,
  isComparable,
  lockText,
  verdictText,
  type Compared,
  type CompareLook,
  type Difference,
} from "./compare-verdict.ts";
import type { CompareResult } from "./compare.ts";
import { missingText, shortDigest } from "./copies.ts";

const BECAUSE: Record<Difference["kind"], string[]> = {
  differs: ["acr-geo-operations/tag-overwrite-race"],
  missing: ["acr-geo-operations/pull-outruns-replication", "acr-geo-operations/delete-propagation"],
  scattered: ["acr-geo-operations/scattered-push"],
  locks: ["azure-wire/acr-locks-race"],
};

export function viewCompare(result: CompareResult): View {
  const { sources, compared } = result;
  const { azure, repository, all } = sources;
  return {
    data: {
      registry: azure ? { id: azure.registry.id, name: azure.registry.name } : null,
      repository,
      replicas: all.map(({ name, at }) => ({ name, host: at?.host ?? null })),
      compared: compared.map(toJson),
    },
    tables: [
      {
        columns: [{ header: "tag" }, { header: "verdict" }, ...all.map(({ name }) => ({ header: name }))],
        rows: compared.map((each) => rowOf(each, azure !== undefined)),
      },
      ...lackTable(compared),
    ],
    notes: notesOf(result),
    exit: compareExit(compared),
  };
}

function toJson(compared: Compared): JsonObject {
  return {
    reference: compared.reference,
    verdict: verdictText(compared),
    differences: compareLooks(compared).map((each) => ({ ...each })),
    looks: compared.looks.map(([replica, look]) =>
      "unknown" in look
        ? { replica, unknown: look.unknown }
        : {
            replica,
            unknown: null,
            digest: look.copy.digest ?? null,
            missing: look.copy.missing.map((each) => ({ ...each })),
            locks: look.locks ? { ...look.locks } : null,
          },
    ),
  };
}

function rowOf(compared: Compared, isAzure: boolean): Row {
  const { reference, looks } = compared;
  const differences = compareLooks(compared);
  const tone = differences.length > 0 ? "bad" : isComparable(compared) ? "good" : "warn";
  const shown = reference.includes(":") ? shortDigest(reference) : reference;
  return {
    cells: [shown, { text: verdictText(compared), tone }, ...looks.map(([, look]) => cellOf(look))],
    because: isAzure ? differences.flatMap(({ kind }) => BECAUSE[kind]) : [],
  };
}

function cellOf(look: CompareLook): Cell {
  if ("unknown" in look) return { text: "cannot tell", tone: "warn" };
  const { copy, locks } = look;
  if (copy.digest === undefined) return { text: "not there", tone: "bad" };
  const locked = lockText(locks);
  const lacks = copy.missing.length === 0 ? "" : ` lacks ${copy.missing.length}`;
  return `${shortDigest(copy.digest)}${lacks}${locked === "" ? "" : ` (${locked})`}`;
}

function lackTable(compared: readonly Compared[]): View["tables"] {
  const rows = compared.flatMap(({ reference, looks }) =>
    looks.flatMap(([name, look]) =>
      "unknown" in look || look.copy.missing.length === 0
        ? []
        : [{ cells: [reference, name, missingText(look.copy.missing)] }],
    ),
  );
  if (rows.length === 0) return [];
  return [{ title: "Not there", columns: [{ header: "of" }, { header: "in" }, { header: "lacks" }], rows }];
}

function notesOf({ sources, compared, isCut }: CompareResult): Note[] {
  const notes = [...sources.notes, ...sources.all.flatMap(({ name }) => unknownNotes(name, compared))];
  if (isCut)
    notes.push({ level: "info", text: `there are more tags than these ${compared.length}; see --top` });
  if (compared.some((each) => compareLooks(each).length > 0)) {
    const text =
      "this is one look at each replica: what is being copied differs for minutes, so look again before you act";
    const because = sources.azure ? ["acr-geo-operations/pull-outruns-replication"] : [];
    notes.push({ level: "info", text, because });
  }
  return notes;
}

/** Of which tags a replica cannot be asked, where it is not all of them. */
function unknownNotes(replica: string, compared: readonly Compared[]): Note[] {
  const unknown = compared.flatMap(({ reference, looks }) =>
    looks.flatMap(([name, look]) =>
      name === replica && "unknown" in look ? [{ reference, why: look.unknown }] : [],
    ),
  );
  const [any] = unknown;
  if (any === undefined) return [];
  const tags = unknown.map(({ reference }) => reference).join(", ");
  const what = unknown.length === compared.length ? "" : ` for ${tags}`;
  return [{ level: "warning", text: `${replica} cannot be asked${what}: ${any.why}` }];
}
