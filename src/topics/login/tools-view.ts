import type { JsonObject } from "../../json.ts";
import type { Cell, Note, Table } from "../../output/view.ts";
import type { Agreement } from "./tools-compare.ts";
import type { ToolReading, ToolTarget } from "./tools-reading.ts";
import type { ComparedTool } from "./whoami.ts";

const COLUMNS: Table["columns"] = [
  { header: "tool" },
  { header: "cloud", wide: true },
  { header: "tenant" },
  { header: "subscription" },
  { header: "principal", wide: true },
  { header: "from", wide: true },
  { header: "agrees" },
];

export function toolsTable(tools: readonly ComparedTool[]): Table {
  const rows = tools.map(({ tool, agreement }) => {
    const { cloud = null, tenant = null, subscription = null, principal } = targetOf(tool);
    const named: Cell[] = [cloud, tenant, subscription, principal?.value ?? null];
    const cells = [tool.tool, ...named, tool.from, agreesCell(tool, agreement)];
    return { cells, ...(tool.because && tool.state !== "not in use" ? { because: tool.because } : {}) };
  });
  return { title: "Other tools", columns: COLUMNS, rows };
}

function targetOf(tool: ToolReading): ToolTarget {
  return tool.state === "in use" ? tool.target : {};
}

function agreesCell(tool: ToolReading, agreement: Agreement): Cell {
  if (tool.state === "not in use") return { text: `not in use: ${tool.reason}`, tone: "dim" };
  const { agrees, differs } = agreement;
  if (agrees === true) return { text: "yes", tone: "good" };
  if (agrees === false) return { text: `no: another ${listed(differs)}`, tone: "bad" };
  return { text: "cannot tell", tone: "warn" };
}

function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((each) => each !== "").join(" and ");
}

/** What a pipe would not show, since it gets the first table only; and what a yes or no leaves out. */
export function toolNotes(tools: readonly ComparedTool[]): Note[] {
  const warnings = tools
    .filter(({ agreement }) => agreement.agrees === false)
    .map(({ tool, agreement: { differs } }): Note => {
      const text = `${tool.tool} leads to another ${listed(differs)} (${tool.from})`;
      return { level: "warning", text };
    });
  const remarks = tools.flatMap(({ tool }): Note[] => {
    if (tool.state !== "in use" || tool.remark === undefined) return [];
    const text = `${tool.tool} takes ${tool.from}, ${tool.remark}`;
    return [{ level: "info", text, ...(tool.because ? { because: tool.because } : {}) }];
  });
  const unsure = tools
    .filter(({ tool, agreement }) => tool.state !== "not in use" && agreement.agrees === undefined)
    .map(({ tool: { tool }, agreement: { reason = "" } }): Note => {
      return { level: "info", text: `where ${tool} leads cannot be told, because ${reason}` };
    });
  return [...warnings, ...unsure, ...remarks];
}

export function toolJson({ tool, agreement }: ComparedTool): JsonObject {
  const { cloud = null, tenant = null, subscription = null, principal } = targetOf(tool);
  return {
    tool: tool.tool,
    from: tool.from,
    state: tool.state,
    cloud,
    tenant,
    subscription,
    principal: principal ? { by: principal.by, value: principal.value } : null,
    agrees: agreement.agrees ?? null,
    differs: agreement.differs,
    reason: agreement.reason ?? null,
    remark: (tool.state === "in use" ? tool.remark : undefined) ?? null,
  };
}
