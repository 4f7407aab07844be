import type { Context } from "../../../context.ts";
import { flagWords, shellWord } from "../../../azure/shell-word.ts";
import type { Note, View } from "../../../output/view.ts";
import { parseResourceId } from "../../../resource-id.ts";
import { failureColumns } from "./columns.ts";
import { ruleNameFor } from "./rule-name.ts";
import { setupBicep, streamNameFor } from "./setup-plan.ts";
import { STDOUT, writeOut } from "../write-out.ts";

export interface SetupInput {
  out: string;
  force: boolean;
  /** A name or a resource id. */
  workspace: string;
  table: string;
  location: string | undefined;
  principal: string | undefined;
}

export interface SetupResult {
  input: SetupInput;
  bicep: string;
}

/** Asks no Azure: what is there is found out by the deployment. */
export async function runSetup(input: SetupInput, ctx: Context): Promise<SetupResult> {
  const workspace = parseResourceId(input.workspace)?.name ?? input.workspace;
  const { table, location, principal } = input;
  const wish = { workspace, table, rule: ruleNameFor(table), location, principal };
  const bicep = setupBicep(wish, failureColumns);
  if (input.out !== STDOUT) await writeOut(bicep, { file: input.out, cwd: ctx.cwd, force: input.force });
  return { input, bicep };
}

export function viewSetup({ input, bicep }: SetupResult): View {
  const { out, table, workspace } = input;
  const isText = out === STDOUT;
  const parts = [
    ["table", table],
    ["rule", ruleNameFor(table)],
    ["stream", streamNameFor(table)],
    ["role", "Monitoring Metrics Publisher"],
  ] as const;
  return {
    data: { file: isText ? null : out, workspace, bicep, ...Object.fromEntries(parts) },
    ...(isText ? { text: bicep.trimEnd().split("\n") } : {}),
    tables: isText
      ? []
      : [
          {
            columns: [{ header: "part" }, { header: "name" }],
            rows: [["file", out] as const, ...parts].map((cells) => ({ cells: [...cells] })),
          },
        ],
    notes: notesOf(input),
  };
}

function notesOf({ out, table, workspace, principal }: SetupInput): Note[] {
  const place = parseResourceId(workspace);
  const words = [
    ...(place ? flagWords("--subscription", place.subscriptionId) : []),
    ...flagWords("--resource-group", place?.resourceGroup ?? "RESOURCE_GROUP"),
    ...flagWords("--template-file", out === STDOUT ? "FILE" : out),
    ...(principal === undefined ? ["--parameters", "principalId=OBJECT_ID"] : []),
  ];
  const send = [
    ...flagWords("--rule", ruleNameFor(table)),
    ...(place ? flagWords("--subscription", place.subscriptionId) : []),
  ];
  const stream = flagWords("--stream", streamNameFor(table)).map(shellWord).join(" ");
  return [
    {
      level: "info",
      text: `To make it, in the resource group of the workspace: az deployment group create ${words.map(shellWord).join(" ")}`,
      isNext: true,
    },
    {
      level: "info",
      text: `Then, once the role works: azwise kql failures send -f events.ndjson ${send.map(shellWord).join(" ")}`,
      because: ["azure-wire/ingestion-needs-publisher"],
      isNext: true,
    },
    {
      level: "info",
      text: `An identity that may send and not read the rule names all that the deployment gives out: --rule IMMUTABLE_ID --endpoint ENDPOINT ${stream}`,
    },
    {
      level: "info",
      text: "The article's table lacks nine fields of its own example event, and that its Status; this one has them all. A table that is there already gets these columns, so add those of your own to the file first.",
      because: ["azure-wire/failure-event-has-no-status"],
    },
  ];
}
