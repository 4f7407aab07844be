import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import type { Schema } from "../../../kql/official.ts";
import { isGuid } from "../../../resource-id.ts";
import { findWorkspace } from "../find-workspace.ts";
import { schemas as shipped } from "../schemas/all.ts";

export interface KnownTable extends Schema {
  /** Whether it has no other columns than these. */
  isWhole?: boolean;
}

/** The tables that are known. */
export interface Known {
  schemas: readonly KnownTable[];
  /** The workspace that they are from; undefined for those that azwise ships, which are not all that there are. */
  workspace: string | undefined;
}

/** Columns of every table; lists of columns leave some of them out. */
const STANDARD = Object.entries({
  TenantId: "string",
  TimeGenerated: "datetime",
  Type: "string",
  SourceSystem: "string",
  _BilledSize: "real",
  _IsBillable: "string",
  _ItemId: "string",
  _ResourceId: "string",
  _SubscriptionId: "string",
  _TimeReceived: "datetime",
}).map(([name, type]) => ({ name, type }));

/** The tables that azwise ships, or those of a workspace, by its name or id; throws AppError "usage" for a GUID. */
export async function readKnown(word: string | undefined, ctx: Context): Promise<Known> {
  if (word === undefined) return { schemas: shipped.map(withStandard), workspace: undefined };
  if (isGuid(word)) {
    throw new AppError(
      "usage",
      "a GUID leads to no list of tables: Azure lists them by the workspace's name",
      {
        hint: "give --schema-from the workspace's name or its resource id",
      },
    );
  }
  const workspace = await findWorkspace(word, ctx);
  const { workspaces } = await ctx.azure();
  const tables = workspace.id === undefined ? [] : await workspaces.listTables(workspace.id);
  return { schemas: tables.map(withStandard), workspace: workspace.name };
}

function withStandard({ columns, ...table }: KnownTable): KnownTable {
  const own = new Set(columns.map((each) => each.name));
  // What Application Insights itself shows has its time under another name.
  if (own.has("timestamp")) own.add("TimeGenerated");
  return { ...table, columns: [...columns, ...STANDARD.filter((each) => !own.has(each.name))] };
}
