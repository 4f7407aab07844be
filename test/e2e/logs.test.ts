import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import { fault } from "../sandbox/azure.ts";
import { LOGS, openDouble, type Double, type DoubleOptions } from "./azure-double.ts";
import { runCli, type Finished } from "./cli.ts";

const QUERY = "/v1/workspaces/7c000000-0000-4000-8000-000000000001/query";

async function ask(
  { onTestFinished }: TestContext,
  flags: readonly string[],
  options: DoubleOptions = {},
): Promise<{ double: Double; finished: Finished }> {
  const double = await openDouble(options);
  onTestFinished(() => double.close());
  const file = join(double.home, "query.kql");
  writeFileSync(file, "AppRequests\n\n| project Name, Success\n");
  const words = ["kql", "run", "-f", file, "--workspace", "logs-shop", ...flags];
  return { double, finished: await runCli(double, words) };
}

test.concurrent.for(["plain", "chunked-close"] as const)(
  "rows come over a %s connection, to a token of their own audience",
  async (wire, context) => {
    const { expect } = context;
    const { double, finished } = await ask(context, ["-o", "ndjson"], { wire });

    expect(finished.stderr).toContain("Asked about");
    expect(finished.exit).toBe(0);
    expect(finished.stdout.trimEnd().split("\n")).toHaveLength(30);
    const asked = double.seen.filter(({ host }) => host === LOGS);
    expect(asked.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      `POST ${QUERY} 200`,
    ]);
  },
);

test.concurrent("a gateway timeout without a body exits 7, an empty 200 exits 1", async (context) => {
  const { expect } = context;
  const faulty = (name: Parameters<typeof fault>[0]): DoubleOptions => ({
    edit: (world) => void world.faults.push(fault(name)),
  });

  const late = await ask(context, [], faulty("gateway-timeout"));
  const empty = await ask(context, [], faulty("empty-answer"));

  expect([late.finished.exit, empty.finished.exit]).toEqual([7, 1]);
  expect(late.finished.stderr).toContain("took too long");
});

test.concurrent(
  "a triage reads the resource, its environment and its logs, and has its texts in the bundle",
  async (context) => {
    const { expect, onTestFinished } = context;
    const double = await openDouble();
    onTestFinished(() => double.close());

    const words = ["kql", "triage", "containerapp", "shop-api", "--workspace", "logs-shop", "-o", "json"];
    const { exit, stdout } = await runCli(double, words);

    expect(JSON.parse(stdout)).toMatchObject({
      kind: "app",
      causes: [{ id: "unresolved-service", count: 10 }],
    });
    expect(exit).toBe(3);
    expect(double.seen.filter(({ method }) => !["GET", "POST"].includes(method))).toEqual([]);
  },
);
