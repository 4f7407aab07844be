import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadWorld } from "../../../src/sandbox/world-file.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { runSend } from "../../../src/topics/kql/failures/send.ts";
import { createTestHost, openDriver, OTHER_SUBSCRIPTION, runCli } from "../../harness.ts";
import { changeWorld } from "../../plan/saved-plan.ts";
import { fault } from "../../sandbox/azure.ts";
import { golden } from "../golden.ts";
import { AT_STREAM, line, lines, RULE, runs, runsIn, send } from "./failures-sending.ts";

const GOLDEN = "../../../fixtures/golden/kql";

test("every event arrives once, over several requests", async () => {
  const { exit, world } = await send(lines(40), RULE);

  expect(exit).toBe(0);
  expect(world.ingested.length).toBeGreaterThan(4);
  expect(runsIn(world).sort()).toEqual(runs(1, 40).sort());
});

test("a request that is too large goes in halves", async () => {
  const change = (world: World): void => void world.faults.push(fault("too-large", AT_STREAM));
  const { exit, stdout, world } = await send(lines(5), [...RULE, "--concurrency", "1"], { change });

  expect([exit, stdout.split("\t").slice(0, 3)]).toEqual([0, ["accepted", "5", "1-5"]]);
  expect(world.ingested.map(({ rows }) => rows.length)).toEqual([3, 2]);
});

test("what could not be sent is told with the command that sends it, and that one sends just it", async () => {
  const change = (world: World): void =>
    void world.faults.push(fault("too-large", { ...AT_STREAM, skip: 1, times: 9 }));
  const first = await send(lines(30), [...RULE, "--concurrency", "1"], { change });
  const command = /to send the rest: azwise (.*)$/m.exec(first.stderr)?.[1] ?? "";
  await changeWorld(first.host, (world) => void (world.faults = []));
  const second = await runCli(first.host, ...command.replace(/ \[\d+\].*$/, "").split(" "));
  const world = await loadWorld(join(first.host.state, "sandbox", "world.json"));

  expect([first.exit, second.exit]).toEqual([6, 0]);
  expect(first.stdout.split("\n").map((row) => row.split("\t").slice(0, 3))).toEqual([
    ["accepted", "9", "1-9"],
    ["refused", "1", "10"],
    ["not sent", "20", "11-30"],
    [""],
  ]);
  expect(runsIn(world)).toEqual(runs(1, 30));
});

test("a lost answer is told as possibly twice, and nothing else is", async () => {
  const change = (world: World): void => void world.faults.push(fault("lost-after", AT_STREAM));
  const { exit, stderr, world } = await send(line({}), RULE, { change });

  expect([exit, world.ingested.length]).toEqual([0, 2]);
  expect(stderr).toContain("events 1 are possibly there twice");
});

test("without any answer events may have arrived: exit 6, never accepted and never refused", async () => {
  const change = (world: World): void =>
    void world.faults.push(fault("server-error", { ...AT_STREAM, times: 9 }));
  const {
    host: _,
    world: _world,
    ...result
  } = await send(line({}), [...RULE, "--no-color"], { change, tty: true });

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/failures-unsure.tty.txt`);
});

test("a source is cited for what is possibly there twice, and not for what a file is called", async () => {
  const change = (world: World): void =>
    void world.faults.push(fault("too-large", { ...AT_STREAM, skip: 1, times: 9 }));
  const { stderr } = await send(lines(30), [...RULE, "--concurrency", "1"], { change, name: "twice.json" });

  expect(stderr).toContain("to send the rest: azwise kql failures send");
  expect(stderr).not.toContain("ingestion-does-not-tell-apart");
});

test("the first Ctrl-C waits for what is under way and sends no more", async () => {
  const host = createTestHost();
  writeFileSync(join(host.folder, "events.json"), lines(40));
  const { ctx, open } = await openDriver(() => {}, { host });
  const { ingestion } = open.azure;
  open.azure.target.subscriptionIds = [OTHER_SUBSCRIPTION];
  open.azure.ingestion = {
    ...ingestion!,
    async send(place, body) {
      host.interrupt();
      return ingestion!.send(place, body);
    },
  };

  const input = {
    file: "events.json",
    rule: "dcr-pipeline-failures",
    endpoint: undefined,
    stream: undefined,
  };
  const { deliveries, interrupted } = await runSend(
    { ...input, events: undefined, allowUnknown: false, dryRun: false },
    ctx,
  );

  const byFate = (fate: string): number =>
    (deliveries ?? []).filter((each) => each.fate === fate).flatMap(({ events }) => events).length;
  expect(interrupted).toBe(true);
  expect([byFate("accepted"), byFate("unsure"), byFate("untried")]).toEqual([9, 0, 31]);
  expect(runsIn(open.world)).toEqual(runs(1, 9));
});
