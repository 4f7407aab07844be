import { flagWords, shellWord } from "../../../azure/shell-word.ts";
import { parseResourceId } from "../../../resource-id.ts";
import { tellCondition, type AlertRule } from "./rule-plan.ts";
import {
  bicepFile,
  bicepOutput,
  bicepParameter,
  bicepResource,
  code,
  toBicepComment,
  type BicepObject,
} from "../bicep.ts";

const TYPE = "Microsoft.Insights/scheduledQueryRules@2023-12-01";

/** Where a rule is deployed; both may be left to whoever deploys it. */
export interface AlertTarget {
  workspaceId: string | undefined;
  actionGroupIds: readonly string[];
}

/** The file of a rule: the same for the same rule and target, to the byte. */
export function alertFile(rule: AlertRule, target: AlertTarget): string {
  return bicepFile([
    header(rule, target),
    bicepParameter({
      name: "workspaceId",
      type: "string",
      description: "Resource id of the Log Analytics workspace whose logs are looked at",
      ...(target.workspaceId === undefined ? {} : { default: target.workspaceId }),
    }),
    bicepParameter({
      name: "actionGroupIds",
      type: "array",
      description: "Resource ids of the action groups that are told",
      default: target.actionGroupIds,
    }),
    bicepParameter({
      name: "ruleName",
      type: "string",
      description: "Name of the rule; a second rule on this query in a resource group needs one of its own",
      default: rule.query.name,
    }),
    bicepParameter({
      name: "location",
      type: "string",
      description: "Region of the rule",
      default: code("resourceGroup().location"),
    }),
    bicepResource({ symbol: "rule", type: TYPE, body: ruleBody(rule) }),
    bicepOutput("ruleId", "string", code("rule.id")),
  ]);
}

function ruleBody(rule: AlertRule): BicepObject {
  return {
    name: code("ruleName"),
    location: code("location"),
    kind: "LogAlert",
    properties: {
      displayName: code("ruleName"),
      description: rule.description,
      enabled: true,
      severity: rule.severity,
      scopes: [code("workspaceId")],
      evaluationFrequency: rule.frequency.iso,
      windowSize: rule.window.iso,
      autoMitigate: rule.resolves,
      criteria: { allOf: [conditionOf(rule)] },
      actions: { actionGroups: code("actionGroupIds") },
    },
  };
}

function conditionOf({ text, measure, dimensions, threshold }: AlertRule): BicepObject {
  return {
    query: text,
    timeAggregation: measure?.how ?? "Count",
    metricMeasureColumn: measure?.column,
    dimensions: dimensions.map((name) => ({ name, operator: "Include", values: ["*"] })),
    operator: "GreaterThan",
    threshold,
    failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
  };
}

function header(rule: AlertRule, target: AlertTarget): string {
  const sources = [...rule.because, ...rule.query.because].filter((id, at, all) => all.indexOf(id) === at);
  const lines = [
    `Fires when ${tellCondition(rule)}; looked at every ${rule.frequency.short}.`,
    "Made by, and to be changed by, this command:",
    `  ${alertCommand(rule, target)}`,
    "The text has no filter by time: the rule looks at its window. What only ordered or bounded the query is left out.",
    ...rule.cautions.map(
      ({ text, because }) => `Note: ${[text, ...because.map((id) => `[${id}]`)].join(" ")}`,
    ),
    "Note: the rule reads with the permissions of whoever deployed it last [azure-wire/alert-permissions]",
    `Sources (azwise docs show ID tells what each says): ${sources.join(", ")}`,
  ];
  return toBicepComment(lines.join("\n"));
}

/** The command line that makes this file again. */
function alertCommand({ query, flavour, given, ...rule }: AlertRule, target: AlertTarget): string {
  const flags = [
    ...(target.workspaceId === undefined ? [] : flagWords("--workspace", target.workspaceId)),
    ...(query.flavours.length === 1 ? [] : flagWords("--flavour", flavour.name)),
    ...paramWords(given),
    ...(rule.measure === undefined || query.alert?.measure === rule.measure.column
      ? []
      : flagWords("--measure", rule.measure.column)),
    ...(rule.because.length > 0
      ? []
      : [
          ...flagWords("--threshold", String(rule.threshold)),
          ...flagWords("--severity", String(rule.severity)),
          ...flagWords("--window", rule.window.short),
        ]),
    ...flagWords("--frequency", rule.frequency.short),
    ...target.actionGroupIds.flatMap((id) => flagWords("--action-group", id)),
  ];
  return ["azwise", "kql", "alert", query.name, ...flags].map(shellWord).join(" ");
}

function paramWords(given: AlertRule["given"]): string[] {
  return [...given].flatMap(([name, value]) => flagWords("--param", `${name}=${value}`));
}

/** What to type to see what the rule would have counted in its last window. */
export function tryCommand({ query, flavour, given, window }: AlertRule, workspace: string): string {
  const words = [
    "azwise",
    "kql",
    "run",
    query.name,
    ...flagWords("--workspace", workspace),
    ...(query.flavours.length === 1 ? [] : flagWords("--flavour", flavour.name)),
    ...paramWords(given),
    ...flagWords("--since", window.short),
  ];
  return words.map(shellWord).join(" ");
}

/** What to type to deploy the file, into the workspace's own resource group where that is known. */
export function deployCommand(file: string, { workspaceId }: AlertTarget): string {
  const parts = workspaceId === undefined ? undefined : parseResourceId(workspaceId);
  const words = [
    "az",
    "deployment",
    "group",
    "create",
    ...(parts === undefined ? [] : ["--subscription", parts.subscriptionId]),
    "--resource-group",
    parts?.resourceGroup ?? "GROUP",
    "--template-file",
    file,
    ...(workspaceId === undefined ? ["--parameters", "workspaceId=WORKSPACE-ID"] : []),
  ];
  return words.map(shellWord).join(" ");
}
