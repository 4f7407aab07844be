import type { LogsPort, WorkspacePort } from "../../azure/log-ports.ts";
import { tellRefusal } from "../../azure/known.ts";
import { nearestIds } from "../../docs/nearest.ts";
import { readQuery } from "../../kql/read-query.ts";
import { QueryError } from "../../kql/syntax.ts";
import type { Asked } from "./find-workspace.ts";
import { probeTable, type TableState } from "./probe-table.ts";
import { tablesIn } from "./tables-in.ts";
import type { Window } from "./window.ts";

interface Asking {
  logs: LogsPort;
  customerId: string;
  text: string;
  window: Window;
}

/** Why no row came: what each table of the text has. Undefined when the text does not tell its tables. */
export async function explainEmpty(asking: Asking): Promise<TableState[] | undefined> {
  const names = await namesIn(asking.text);
  if (names === undefined || names.length === 0) return undefined;
  return Promise.all(names.map((name) => probeTable(name, asking)));
}

/** Undefined when it is not known, and so nothing may be said: a text that is not read here, or a pattern of names. */
async function namesIn(text: string): Promise<string[] | undefined> {
  try {
    const names = tablesIn(await readQuery(text));
    return names.every((name) => /^\w+$/.test(name)) ? names : undefined;
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

/** Tables of a workspace that are called like one that it does not have: mostly the same logs in their other flavour. */
export async function similarTables(name: string, workspace: Asked, port: WorkspacePort): Promise<string[]> {
  const wanted = stem(name);
  const names = await tableNames(workspace, port);
  return names.filter((each) => stem(each) === wanted).sort();
}

/** Services send to these. */
const NOT_CUSTOM = /^(?:ContainerApp|AzureNetworkAnalytics_)/;

/** Tables that people made themselves, those first that are called most like this one. */
export async function customTables(name: string, workspace: Asked, port: WorkspacePort): Promise<string[]> {
  const names = await tableNames(workspace, port);
  return nearestIds(
    name,
    names.filter((each) => each.endsWith("_CL") && !NOT_CUSTOM.test(each)),
  );
}

/** None where they may not be read, and where only a GUID is known. */
async function tableNames({ id }: Asked, port: WorkspacePort): Promise<string[]> {
  if (id === undefined) return [];
  const listed = await tellRefusal("the tables", () => port.listTables(id));
  return "value" in listed ? listed.value.map((each) => each.name) : [];
}

function stem(name: string): string {
  return name
    .toLowerCase()
    .replace(/_cl$/, "")
    .replace(/^app(?=requests|traces|exceptions|dependencies)/, "");
}
