import type { Note, Row, View } from "../../../output/view.ts";
import { deployCommand, tryCommand } from "./bicep.ts";
import { tellCondition, type AlertRule } from "./rule-plan.ts";
import type { AlertResult } from "../alert.ts";

export function viewAlert(result: AlertResult): View {
  const { rule, target, file, bicep } = result;
  return {
    data: {
      rule: ruleJson(rule),
      workspaceId: target.workspaceId ?? null,
      actionGroupIds: [...target.actionGroupIds],
      file: file ?? null,
      bicep,
    },
    ...(file === undefined ? { text: bicep.trimEnd().split("\n") } : {}),
    tables: [{ columns: [{ header: "field" }, { header: "value" }], rows: rowsOf(result) }],
    notes: notesOf(result),
  };
}

function ruleJson(rule: AlertRule): View["data"] {
  const { query, flavour, text, measure, dimensions, threshold, severity, window, frequency } = rule;
  return {
    query: query.name,
    flavour: flavour.name,
    tables: [...rule.tables],
    condition: tellCondition(rule),
    measure: measure?.column ?? null,
    aggregation: measure?.how ?? "Count",
    dimensions: [...dimensions],
    threshold,
    severity,
    window: window.iso,
    frequency: frequency.iso,
    resolves: rule.resolves,
    because: [...rule.because],
    text,
  };
}

/** No text of the catalogue has what such a rule may not have. */
const EVERY_MINUTE = ["azure-wire/alert-every-minute"];
const SEVERITIES = ["critical", "error", "warning", "informational", "verbose"];

function rowsOf({ rule, target, workspace, file }: AlertResult): Row[] {
  const groups = target.actionGroupIds.join(", ");
  return [
    { cells: ["query", `${rule.query.name}, flavour ${rule.flavour.name}`] },
    {
      cells: ["fires when", tellCondition(rule)],
      because: [...rule.because, "azure-wire/alert-dimensions", "azure-wire/alert-counts-itself"],
    },
    { cells: ["severity", `${rule.severity} (${SEVERITIES[rule.severity] ?? ""})`], because: rule.because },
    {
      cells: ["looked at", `every ${rule.frequency.short}`],
      because: ["azure-wire/alert-lengths", ...(rule.frequency.short === "1m" ? EVERY_MINUTE : [])],
    },
    {
      cells: ["ends", rule.resolves ? "by itself" : "by hand: it is looked at too seldom to end by itself"],
      because: ["azure-wire/alert-resolves"],
    },
    { cells: ["tables", rule.tables.join(", ")], because: ["azure-wire/alert-starts-with-table"] },
    { cells: ["workspace", workspace ?? "parameter workspaceId"] },
    { cells: ["told", groups === "" ? "nobody: parameter actionGroupIds is empty" : groups] },
    { cells: ["file", file ?? "standard output"] },
  ];
}

function notesOf({ rule, target, workspace, probed, file }: AlertResult): Note[] {
  const state = probed.find(({ flavour }) => flavour === rule.flavour.name)?.table.state;
  const nothing = {
    missing: "is not there, so the rule cannot be deployed",
    silent: "got no row in the last 90 days, so the rule cannot fire",
    older: "got no row in the last day",
    untold: "could not be asked for its rows",
    quiet: undefined,
  }[state ?? "quiet"];
  const texts = [
    ...(nothing === undefined
      ? []
      : [
          {
            text: `table ${rule.tables.join(", ")} ${nothing}`,
            because: state === "missing" ? ["azure-wire/alert-missing-table"] : [],
          },
        ]),
    ...(target.actionGroupIds.length > 0
      ? []
      : [
          {
            text: "nobody is told when it fires: give --action-group ID, or the file's parameter actionGroupIds",
            because: [],
          },
        ]),
  ];
  return [
    ...texts.map((each): Note => ({ level: "warning", ...each })),
    ...rule.cautions.map((each): Note => ({ level: "info", ...each })),
    ...others(rule, probed.length > 0),
    next(`try it first: ${tryCommand(rule, workspace ?? "WORKSPACE")}`),
    next(
      file === undefined
        ? `to deploy it, write it to a file with --out ${rule.query.name}.bicep, then: ${deployCommand(`${rule.query.name}.bicep`, target)}`
        : `to deploy it: ${deployCommand(file, target)}`,
    ),
  ];
}

function others({ query, flavour }: AlertRule, isSeen: boolean): Note[] {
  const names = query.flavours.map(({ name }) => name).filter((name) => name !== flavour.name);
  if (names.length === 0 || isSeen) return [];
  const text = `this is flavour ${flavour.name}, for where ${flavour.when}; otherwise use --flavour ${names.join("|")}`;
  return [{ level: "info", text }];
}

function next(text: string): Note {
  return { level: "info", text, isNext: true };
}
