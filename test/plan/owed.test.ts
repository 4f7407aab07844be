import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openOwing, readNote } from "../../src/plan/owed.ts";
import { attach } from "../../src/topics/odcr/attach.ts";
import {
  createTestHost,
  openDriver,
  runCli,
  SUBSCRIPTION,
  TENANT,
  type Driver,
  type TestHost,
} from "../harness.ts";
import { cutRun, killAt, type Moment } from "../topics/killing.ts";
import { end } from "../topics/odcr/attach-world.ts";
import { step } from "./fake-arm.ts";

const RUN = "20261121T080000-0000000a";
const TARGET = { cloud: "sandbox", tenantId: TENANT, subscriptionIds: [SUBSCRIPTION] };
const TYPED = `--cloud sandbox --tenant ${TENANT} --subscription ${SUBSCRIPTION}`;

function notesOf({ state }: TestHost): string[] {
  try {
    return readdirSync(join(state, "owed"));
  } catch {
    return [];
  }
}

function leave(host: TestHost, text: string, name = `${RUN}.json`): string {
  const path = join(host.state, "owed", name);
  mkdirSync(join(host.state, "owed"), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function told(stderr: string): string[] {
  const lines = stderr.split("\n").filter((line) => /^warning: (run |cannot tell whether a run)/.test(line));
  return lines.map((line) => line.slice("warning: ".length));
}

async function say(host: TestHost, ...argv: string[]): Promise<string[]> {
  return told((await runCli(host, ...argv)).stderr);
}

test("a note holds what is owed until all of it is settled, and nobody else can read it", async () => {
  const { state } = createTestHost();
  const owing = openOwing(RUN, state);
  const path = join(state, "owed", `${RUN}.json`);

  await Promise.all([
    owing.owe("stop a", [step("start a", { byHand: "az vm start --ids a" })], TARGET),
    owing.owe("stop b", [step("start b")], TARGET),
    owing.owe("stop b", [step("start b")], TARGET),
  ]);
  expect(await readNote(path)).toEqual({
    note: {
      ...TARGET,
      debts: [
        {
          after: "stop a",
          title: "Set start a",
          resource: "/subscriptions/s/start a",
          byHand: "az vm start --ids a",
        },
        { after: "stop b", title: "Set start b", resource: "/subscriptions/s/start b" },
      ],
    },
  });
  expect([statSync(path).mode & 0o777, statSync(join(state, "owed")).mode & 0o777]).toEqual([0o600, 0o700]);

  await owing.settle("stop a");
  expect(readFileSync(path, "utf8")).not.toContain("start a");
  await owing.settle("stop b");
  expect(readdirSync(join(state, "owed"))).toEqual([]);
});

test("what cannot be noted is an error of one line", async () => {
  const { state, folder } = createTestHost();
  writeFileSync(join(folder, "state"), "");

  await expect(openOwing(RUN, state).owe("stop", [step("start")], TARGET)).rejects.toThrow(
    `cannot note what is owed in ${join(state, "owed")}`,
  );
});

const RESTART = { vm: ["shop-legacy-01"], allowRestart: true, apply: true };

async function killed(place: [number, Moment]): Promise<Driver> {
  const driver = await openDriver();
  const killing = killAt(driver, place, ({ url }) => url.includes("/deallocate"));
  const cut = end(attach, RESTART, driver.ctx);
  await killing.killed;
  onTestFinished(async () => {
    killing.bury();
    await cut.catch(() => {});
  });
  return driver;
}

const VM =
  "/subscriptions/5a000000-0000-4000-8000-000000000001/resourceGroups/rg-shop-prod/providers/Microsoft.Compute/virtualMachines/shop-legacy-01";

test.each(["before", "after"] as const)(
  "a VM whose start is owed by a run that was killed just %s its stop is told by every command until it is started",
  async (moment) => {
    const { host, open } = await killed([1, moment]);
    const [note = ""] = notesOf(host);
    const run = note.replace(".json", "");

    const owes = `run ${run} owes in cloud sandbox: Start shop-legacy-01 (${VM});`;
    expect(await say(host, "runs", "list")).toEqual([
      expect.stringMatching(/; process \d+ since \S+ is at it and does that itself$/),
    ]);
    expect(await cutRun(host)).toBe(run);
    const path = join(host.state, "owed", note);
    const line = `${owes} azwise runs resume ${TYPED} ${run}; should that not be possible, delete ${path} once all is right`;
    for (const argv of [
      ["runs", "list"],
      ["odcr", "status", "-o", "json"],
      ["docs", "show", "no/such"],
    ]) {
      expect(await say(host, ...argv)).toEqual([line]);
    }
    for (const argv of [
      ["runs", "show"],
      ["runs", "list", "--query", "]"],
      ["runs", "list", "--timeout", "soon"],
      ["runs", "lst"],
      ["acr"],
      ["odcr", "attach", "--vm"],
    ]) {
      const { exit, stderr } = await runCli(host, ...argv);
      expect([exit, told(stderr), stderr.indexOf("warning: ")]).toEqual([2, [line], 0]);
    }
    expect(await say(host, "--help")).toEqual([]);
    expect(await say(host, "help", "odcr")).toEqual([]);
    expect(await say(host, "--version")).toEqual([]);
    expect(await say(host, "odcr", "status", "--help")).toEqual([]);
    expect(await say(host, "runs", "resume", run)).toEqual([]);
    expect(await say(host, "runs", "resume", RUN)).toEqual([line]);

    const again = await openDriver(undefined, { host, world: open.world });
    const { resume } = await import("../../src/topics/runs/resume.ts");
    expect((await end(resume, { id: run }, again.ctx)).exit).toBe(0);
    expect(notesOf(host)).toEqual([]);
    expect(await say(host, "runs", "list")).toEqual([]);
  },
);

test("a run without an accident leaves no note, and one whose start failed leaves it", async () => {
  const fine = await openDriver();
  await end(attach, RESTART, fine.ctx);
  expect(notesOf(fine.host)).toEqual([]);

  const stuck = await openDriver((world) => {
    const match = { method: "POST", path: "shop-legacy-01/start" };
    world.faults.push({ name: "allocation-failed", match, times: 99, skip: 0 });
  });
  const { exit } = await end(attach, RESTART, stuck.ctx);
  expect(exit).not.toBe(0);
  expect(notesOf(stuck.host)).toEqual([expect.stringMatching(/\.json$/)]);
});

test("without a journal the command by hand is told, and the note to delete", async () => {
  const { host } = await killed([1, "after"]);
  const [note = ""] = notesOf(host);
  const run = note.replace(".json", "");
  await cutRun(host);
  const journal = join(host.state, "runs", `${run}.jsonl`);
  const byHand = `so do it by hand: az vm start --ids ${VM}; then delete ${join(host.state, "owed", note)}`;
  const owes = `run ${run} owes in cloud sandbox: Start shop-legacy-01 (${VM}); its journal`;

  writeFileSync(journal, "{}\n");
  expect(await say(host, "runs", "list")).toEqual([`${owes} cannot be read, ${byHand}`]);
  rmSync(journal);
  expect(await say(host, "runs", "list")).toEqual([`${owes} is gone, ${byHand}`]);
});

test("a run that is suspended is told, and how it goes on", async () => {
  const { host } = await killed([1, "after"]);
  const run = (await cutRun(host)) ?? "";
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lock = join(host.state, "runs", `${run}.lock`);
  const holder = { pid: child.pid, host: hostname(), since: "2026-11-21T08:00:00.000Z" };
  writeFileSync(lock, JSON.stringify(holder), { mode: 0o600 });

  expect((await say(host, "runs", "list"))[0]).toContain("is at it and does that itself");
  child.kill("SIGSTOP");
  await vi.waitFor(async () => {
    const [line] = await say(host, "runs", "list");
    expect(line).toContain(
      `process ${child.pid} since 2026-11-21T08:00:00.000Z is to do that and is suspended: let it go on with kill -CONT ${child.pid}, or end it with kill -KILL ${child.pid} and type azwise runs resume ${TYPED} ${run}`,
    );
  });
});

test("the command by hand names cloud and tenant, too", async () => {
  const host = createTestHost();
  const byHand = "azwise acr route in shop --subscription s --region westeurope --apply";
  await openOwing(RUN, host.state).owe("out", [step("back", { byHand })], TARGET);

  expect((await say(host, "runs", "list"))[0]).toContain(
    `do it by hand: azwise acr route --cloud sandbox --tenant ${TENANT} in shop --subscription s --region westeurope --apply; then delete`,
  );
});

test("a process that cannot be asked about is told with what may be owed", async () => {
  const { host } = await killed([1, "after"]);
  const run = await cutRun(host);
  const lock = join(host.state, "runs", `${run}.lock`);
  writeFileSync(lock, readFileSync(lock, "utf8").replace(hostname(), "elsewhere"), { mode: 0o600 });

  const [line] = await say(host, "runs", "list");

  expect(line).toContain(`cannot tell whether run ${run} still runs, because process `);
  expect(line).toContain(`on elsewhere has it; azwise runs resume ${TYPED} ${run}`);
});

test.each([
  ["no JSON", "{", "it is damaged"],
  ["something else", "[]", "it is damaged"],
  ["empty", JSON.stringify({ ...TARGET, debts: [] }), "it is damaged"],
])("a note that is %s is told with its path", async (_, text, why) => {
  const host = createTestHost();
  const path = leave(host, text);

  expect(await say(host, "runs", "list")).toEqual([
    `run ${RUN} may owe something, but ${path} cannot be used: ${why}; see azwise runs show ${RUN}, and delete the file once all is right`,
  ]);
});

test("a note that others can write is not believed, and a folder that is none is told", async () => {
  const host = createTestHost();
  chmodSync(leave(host, '{"cloud":"public","debts":[]}'), 0o666);
  expect((await say(host, "runs", "list"))[0]).toContain("cannot be used: others may use it (mode 666)");

  rmSync(join(host.state, "owed"), { recursive: true });
  writeFileSync(join(host.state, "owed"), "");
  expect(await say(host, "runs", "list")).toEqual([
    "cannot tell whether a run owes something: its notes cannot be read (ENOTDIR)",
  ]);
});

test("a damaged note goes with the resume that ends its run", async () => {
  const { host, open } = await killed([1, "after"]);
  const run = (await cutRun(host)) ?? "";
  leave(host, "{", `${run}.json`);
  const next = await openDriver(undefined, { host, world: open.world });
  const { resume } = await import("../../src/topics/runs/resume.ts");

  expect((await end(resume, { id: run }, next.ctx)).exit).toBe(0);
  expect(notesOf(host)).toEqual([]);
});

test("what cannot be put in its place leaves nothing half-written", async () => {
  const { state } = createTestHost();
  const path = join(state, "owed", `${RUN}.json`);
  mkdirSync(join(path, "full"), { recursive: true, mode: 0o700 });

  await expect(openOwing(RUN, state).owe("stop", [step("start")], TARGET)).rejects.toThrow(
    "cannot note what is owed",
  );

  expect(readdirSync(join(state, "owed"))).toEqual([`${RUN}.json`]);
});
