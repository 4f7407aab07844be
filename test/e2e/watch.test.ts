import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { fault } from "../sandbox/azure.ts";
import { openDouble } from "./azure-double.ts";
import { runCli, startCli, type Finished } from "./cli.ts";

const WATCH = ["kql", "watch", "container-console-errors", "--workspace", "logs-shop", "--every", "5s"];

const linesOf = ({ stdout }: Finished): string[] => stdout.split("\n").filter((line) => line !== "");

test.concurrent.for([
  ["SIGINT", 130],
  ["SIGTERM", 130],
  ["SIGKILL", null],
] as const)(
  "a watch that %s ended goes on where it was, from the bundle",
  async ([signal, exit], { expect, onTestFinished }) => {
    const double = await openDouble({});
    onTestFinished(() => double.close());
    const running = startCli(double, WATCH);
    await running.said("rows since ");
    // The first answer is told, and its mark kept, before the second question.
    const isKept = (): boolean => {
      const folder = join(double.env["XDG_STATE_HOME"] ?? join(double.home, ".local", "state"), "azwise");
      return readdirSync(folder, { recursive: true })
        .filter((name) => /watch\/[\da-f]+\.json$/.test(String(name)))
        .some((name) => !readFileSync(join(folder, String(name)), "utf8").includes('"until":null'));
    };
    while (!isKept()) await new Promise((resolve) => setTimeout(resolve, 50));
    running.child.kill(signal);
    const stopped = await running.finished;
    const second = await runCli(double, [...WATCH, "--once", "-o", "ndjson"]);

    expect(stopped.exit).toBe(exit);
    expect(linesOf(stopped).length).toBeGreaterThan(5);
    expect(stopped.stderr.includes("interrupted; asked up to ")).toBe(signal !== "SIGKILL");
    expect(second.stderr).toContain(" again, asked up to ");
    expect({ exit: second.exit, lines: linesOf(second) }).toEqual({ exit: 0, lines: [] });
  },
);

test.concurrent("a gateway timeout is told and does not end it", async ({ expect, onTestFinished }) => {
  const double = await openDouble({ edit: (world) => void world.faults.push(fault("gateway-timeout")) });
  onTestFinished(() => double.close());
  const finished = await runCli(double, [...WATCH, "--flavour", "log-analytics", "--for", "6s"]);

  expect(finished.stderr).toContain("no answer, asking about this time again: ");
  expect(finished.exit).toBe(0);
  expect(linesOf(finished).length).toBeGreaterThan(5);
});
