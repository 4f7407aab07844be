import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import type { Context } from "../../../src/context.ts";
import type { View } from "../../../src/output/view.ts";
import { alert } from "../../../src/topics/kql/alert.ts";
import { readGiven } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { findQuery } from "../../../src/topics/kql/catalogue/find-query.ts";
import { probeTable } from "../../../src/topics/kql/probe-table.ts";
import { failures } from "../../../src/topics/kql/failures.ts";
import { askNamed } from "../../../src/topics/kql/run/named.ts";
import { runQuery } from "../../../src/topics/kql/run.ts";
import { triage } from "../../../src/topics/kql/triage.ts";
import { openLogs } from "../../azure/logs-rig.ts";
import { reply, START } from "../../azure/wire.ts";
import { openDriver } from "../../harness.ts";

/** A verb in contoso, where no question what a table has is answered. */
async function blind<Input, Result>(verb: Asked<Input, Result>, words: object): Promise<View> {
  const driver = await openDriver(() => {});
  driver.open.intercept(async (request, pass) => {
    if (!String(request.body).includes("summarize Rows = countif")) return pass(request);
    return { request, status: 200, headers: createHttpHeaders(), bodyAsText: "" };
  });
  return verb.view(await verb.run(verb.input.parse(words), driver.ctx));
}

interface Asked<Input, Result> {
  input: { parse(words: object): Input };
  run(input: Input, ctx: Context): Promise<Result>;
  view(result: Result): View;
}

const RULE = { threshold: "5", severity: "2", window: "15m", frequency: "5m" };

test.each([
  ["run", () => blind(runQuery, { name: "container-image-pulls", workspace: ["logs-shop"], since: "1s" }), 6],
  ["alert", () => blind(alert, { name: "container-restarts", workspace: "logs-shop", ...RULE }), 0],
  ["triage", () => blind(triage, { what: "containerapp", name: "shop-web", workspace: "logs-shop" }), 6],
  ["failures", () => blind(failures, { action: "report", workspace: "logs-shop" }), 6],
] as const)(
  "kql %s says that it cannot tell what a table has where it is not answered",
  async (_, ask, exit) => {
    const view = await ask();

    expect(JSON.stringify(view.notes)).toMatch(/cannot tell|could not be asked/);
    expect(view.exit ?? 0).toBe(exit);
  },
);

const COUNTED = reply(200, {
  tables: [
    {
      name: "PrimaryResult",
      columns: [
        { name: "Rows", type: "long" },
        { name: "Last", type: "datetime" },
      ],
      rows: [[5, "2026-11-21T07:00:00Z"]],
    },
  ],
});

test.each([
  ["2026-11-21T07:00:00.000Z", "2026-08-23T08:00:00.000Z"],
  ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"],
])("a window from %s is looked at from %s on", async (from, back) => {
  const { logs, requests } = openLogs([COUNTED]);
  await probeTable("T", { logs, customerId: "w", window: { from: new Date(from), until: START } });

  expect(JSON.parse(String(requests[0]?.body))).toMatchObject({
    query: expect.stringContaining(`countif(TimeGenerated >= datetime(${from}))`),
    timespan: `${back}/${START.toISOString()}`,
  });
});

test("a flavour without a place for what was given is not counted: more would match", async () => {
  const none = reply(200, { tables: [{ name: "T", columns: [{ name: "a", type: "string" }], rows: [] }] });
  const { logs, requests } = openLogs([none, COUNTED, COUNTED, none]);
  const question = {
    query: findQuery("pipeline-failures-by-error"),
    given: readGiven(["environment=prod"]),
    flavour: "custom",
  };
  const workspace = { name: "w", customerId: "w", id: undefined };
  const window = { from: new Date("2026-11-21T07:00:00Z"), until: START };
  const { others } = await askNamed({ ...question, logs, workspace, window }, {} as Context);

  expect(others).toMatchObject([{ flavour: "data-factory", matching: undefined }]);
  expect(requests.map(({ body }) => String(body)).join()).not.toContain("ADFActivityRun\\n| where Status");
});
