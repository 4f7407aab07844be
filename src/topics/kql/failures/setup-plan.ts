import {
  bicepFile,
  bicepOutput,
  bicepParameter,
  bicepResource,
  code,
  toBicepComment,
  type BicepObject,
  type BicepResource,
} from "../bicep.ts";
import { RULE_NAME } from "./rule-name.ts";
import type { TableSchema } from "../schemas/table-schema.ts";

export interface SetupWish {
  /** Name of the workspace. */
  workspace: string;
  /** Name of the table, which ends in _CL. */
  table: string;
  /** Name of the data collection rule. */
  rule: string;
  /** Undefined for that of the resource group. */
  location: string | undefined;
  /** Object id of the identity that sends; undefined when it is to be given at deployment. */
  principal: string | undefined;
}

/** Role Monitoring Metrics Publisher, everywhere the same. */
const PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb";
const TABLE_TYPE = "Microsoft.OperationalInsights/workspaces/tables@2022-10-01";
const RULE_TYPE = "Microsoft.Insights/dataCollectionRules@2023-03-11";

const HEAD = `Where pipelines send their failures to: a table, the data collection rule that takes events for it, and the
role to send them. Deploy it into the resource group of the workspace; what is there already is updated.`;
const ABOUT_TABLE = `Every field that an event may have; what is not here is left out without an error
(azure-wire/ingestion-drops-unknown-columns). A table that is there already gets these columns: add your own first.`;
const ABOUT_RULE =
  "Only kind Direct has an ingestion address of its own, and no rule becomes one later (azure-wire/ingestion-direct-rule).";
const ABOUT_ROLE =
  "May take 30 minutes to work; until then sending is refused with 403 (azure-wire/ingestion-needs-publisher).";

/** The table with the columns of the schema, the rule and the role, as Bicep; the same wish gives the same bytes. */
export function setupBicep(wish: SetupWish, schema: TableSchema): string {
  const facts = `Facts, by azwise docs show ID: ${factIds(schema).join(", ")}`;
  const stream = streamNameFor(wish.table);
  return bicepFile([
    toBicepComment(`${HEAD}\n${facts}`),
    ...parameters(wish),
    bicepResource({
      symbol: "workspace",
      type: "Microsoft.OperationalInsights/workspaces@2023-09-01",
      existing: true,
      body: { name: code("workspaceName") },
    }),
    commented(ABOUT_TABLE, tableResource(schema)),
    commented(ABOUT_RULE, ruleResource(schema, stream)),
    commented(ABOUT_ROLE, roleAssignment()),
    [
      bicepOutput("ruleName", "string", code("rule.name")),
      bicepOutput("immutableId", "string", code("rule.properties.immutableId")),
      bicepOutput("endpoint", "string", code("rule.properties.endpoints.logsIngestion")),
      bicepOutput("stream", "string", stream),
    ].join("\n"),
  ]);
}

function commented(comment: string, resource: BicepResource): string {
  return `${toBicepComment(comment)}\n${bicepResource(resource)}`;
}

/** A stream is called as its table is. */
export function streamNameFor(table: string): string {
  return `Custom-${table}`;
}

function factIds(schema: TableSchema): string[] {
  return [
    ...new Set([
      ...schema.because,
      "azure-wire/ingestion-drops-unknown-columns",
      "azure-wire/ingestion-direct-rule",
      "azure-wire/ingestion-direct-rule-name",
      "azure-wire/ingestion-rule-region",
      "azure-wire/ingestion-needs-publisher",
    ]),
  ];
}

function parameters({ workspace, table, rule, location, principal }: SetupWish): string[] {
  return [
    bicepParameter({
      name: "workspaceName",
      type: "string",
      description: "The Log Analytics workspace, in this resource group.",
      default: workspace,
    }),
    bicepParameter({
      name: "tableName",
      type: "string",
      description: "The table of failures; its name ends in _CL.",
      default: table,
    }),
    bicepParameter({
      name: "location",
      type: "string",
      description:
        "The region of the workspace; the rule has to be there, too (azure-wire/ingestion-rule-region).",
      default: location ?? code("resourceGroup().location"),
    }),
    bicepParameter({
      name: "ruleName",
      type: "string",
      description:
        "The data collection rule; one of kind Direct has a short name (azure-wire/ingestion-direct-rule-name).",
      default: rule,
      lengths: RULE_NAME,
    }),
    bicepParameter({
      name: "principalId",
      type: "string",
      description:
        "Object id of the identity that sends, such as the managed identity of the Synapse workspace.",
      ...(principal === undefined ? {} : { default: principal }),
    }),
    bicepParameter({
      name: "principalType",
      type: "string",
      description: "What the identity is; a managed identity is a ServicePrincipal.",
      default: "ServicePrincipal",
      allowed: ["ServicePrincipal", "User", "Group"],
    }),
  ];
}

/** Tables say dateTime and boolean. */
const TABLE_TYPES: Record<string, string> = { datetime: "dateTime", bool: "boolean" };

function tableResource({ columns }: TableSchema): BicepResource {
  return {
    symbol: "table",
    type: TABLE_TYPE,
    body: {
      parent: code("workspace"),
      name: code("tableName"),
      properties: {
        schema: {
          name: code("tableName"),
          columns: columns.map(({ name, type }) => ({ name, type: TABLE_TYPES[type] ?? type })),
        },
      },
    },
  };
}

function ruleResource({ columns }: TableSchema, stream: string): BicepResource {
  const declared = columns.map(({ name, type }): BicepObject => ({
    name,
    type: type === "bool" ? "boolean" : type,
  }));
  return {
    symbol: "rule",
    type: RULE_TYPE,
    body: {
      name: code("ruleName"),
      location: code("location"),
      kind: "Direct",
      // The rule is refused where its table is not there yet.
      dependsOn: [code("table")],
      properties: {
        streamDeclarations: { [stream]: { columns: declared } },
        destinations: {
          logAnalytics: [{ name: "workspace", workspaceResourceId: code("workspace.id") }],
        },
        dataFlows: [
          {
            streams: [stream],
            destinations: ["workspace"],
            transformKql: "source",
            outputStream: code("format('Custom-{0}', tableName)"),
          },
        ],
      },
    },
  };
}

function roleAssignment(): BicepResource {
  const role = `subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${PUBLISHER}')`;
  return {
    symbol: "publisher",
    type: "Microsoft.Authorization/roleAssignments@2022-04-01",
    body: {
      name: code(`guid(rule.id, principalId, '${PUBLISHER}')`),
      scope: code("rule"),
      properties: {
        roleDefinitionId: code(role),
        principalId: code("principalId"),
        principalType: code("principalType"),
      },
    },
  };
}
