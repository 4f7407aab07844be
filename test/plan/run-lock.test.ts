import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdRun, readRun, startJournal, type Journal } from "../../src/plan/journal.ts";
import { createTestHost, NOW, runCli, type TestHost } from "../harness.ts";
import { planOf, step } from "./fake-arm.ts";
import { attach, saveAttachPlan } from "./saved-plan.ts";

const SINCE = NOW.toISOString();
/** Higher than any system numbers its processes. */
const DEAD = 4_194_305;

interface Begun {
  journal: Journal;
  folder: string;
  file: string;
  lock: string;
}

async function begin(host: TestHost): Promise<Begun> {
  const folder = host.state;
  const journal = await startJournal(planOf(step("a")), { folder, now: () => NOW });
  const path = join(folder, "runs", journal.id);
  return { journal, folder, file: `${path}.jsonl`, lock: `${path}.lock` };
}

/** One whose process was killed, or is of another machine. */
async function leftBehind(host: TestHost, holder: object | string): Promise<Begun> {
  const begun = await begin(host);
  await begun.journal.close();
  await writeFile(begun.lock, typeof holder === "string" ? holder : JSON.stringify(holder), { mode: 0o600 });
  return begun;
}

test("a run that is still going on is not resumed, and is listed as running", async () => {
  const host = createTestHost();
  const { journal, lock } = await begin(host);

  const resumed = await runCli(host, "runs", "resume", journal.id, "--yes");
  const listed = await runCli(host, "runs", "list");
  const shown = await runCli(host, "runs", "show", journal.id);
  await journal.close();
  const after = await runCli(host, "runs", "list");

  expect(resumed).toEqual({
    exit: 1,
    stdout: "",
    stderr: [
      `error: run ${journal.id} is still running: process ${process.pid} since ${SINCE}`,
      `  next: see how far it is with: azwise runs show ${journal.id}; if that is no azwise, delete ${lock}`,
      "",
    ].join("\n"),
  });
  expect([listed.stdout.split("\t")[1], after.stdout.split("\t")[1]]).toEqual(["running", "interrupted"]);
  expect(shown.stderr).not.toContain("runs resume");
});

test("a lock whose process number something else has by now, as after a restart, is nobody's", async () => {
  const host = createTestHost();
  const birth = "00000000-0000-4000-8000-000000000000 1";
  const { journal } = await leftBehind(host, { pid: process.pid, host: hostname(), since: SINCE, birth });

  const listed = await runCli(host, "runs", "list");

  expect(listed.stdout).toContain(journal.id);
  expect(listed.stdout.split("\t")[1]).toBe("interrupted");
});

test.each([
  [
    "another machine",
    { pid: DEAD, host: "elsewhere", since: SINCE },
    `process ${DEAD} since ${SINCE} on elsewhere`,
  ],
  ["nobody that can be read", "", "a process that its lock does not tell"],
])("a run that is held by %s is not resumed, and how to free it is said", async (_, holder, who) => {
  const host = createTestHost();
  const { journal, lock } = await leftBehind(host, holder);

  const { exit, stderr } = await runCli(host, "runs", "resume", journal.id, "--yes");
  const listed = await runCli(host, "runs", "list");

  expect([exit, stderr.split("\n")]).toEqual([
    1,
    [
      `error: cannot tell whether run ${journal.id} still runs, because ${who} has it`,
      `  next: see how far it is with: azwise runs show ${journal.id}; if that is no azwise any more, delete ${lock}`,
      "",
    ],
  ]);
  expect(listed.stdout.split("\t")[1]).toBe("locked");
});

test("what a process held that is gone is taken over, by one alone", async () => {
  const { journal, folder } = await leftBehind(createTestHost(), {
    pid: DEAD,
    host: hostname(),
    since: SINCE,
  });
  let [working, most] = [0, 0];
  const hold = (): Promise<void> =>
    holdRun(journal.id, { folder, now: () => NOW }, async () => {
      most = Math.max(most, (working += 1));
      await new Promise((resolve) => setTimeout(resolve, 300));
      working -= 1;
    });

  const ended = await Promise.allSettled(Array.from({ length: 5 }, hold));

  expect([most, ended.filter(({ status }) => status === "fulfilled").length]).toEqual([1, 1]);
  expect(await readdir(join(folder, "runs"))).toEqual([`${journal.id}.jsonl`]);
});

test("a lock that somebody else has by now is left alone", async () => {
  const { journal, lock } = await begin(createTestHost());
  const other = JSON.stringify({ pid: DEAD, host: "elsewhere", since: SINCE });
  await writeFile(lock, other, { mode: 0o600 });

  await journal.close();

  expect(await readFile(lock, "utf8")).toBe(other);
});

test("a journal never writes over what another process added", async () => {
  const { journal, folder, file } = await begin(createTestHost());
  await appendFile(file, `${JSON.stringify({ type: "sent", at: SINCE, step: "a" })}\n`);

  await journal.append({ type: "ended", exit: 0 });
  await journal.close();

  const { entries } = await readRun(journal.id, folder);
  expect(entries.map(({ type }) => type)).toEqual(["plan", "sent", "ended"]);
});

test("nothing is left of the lock of a run that has ended, however it was begun", async () => {
  const { host, file } = await saveAttachPlan();

  await runCli(host, "apply", file, "--yes");
  await runCli(host, ...attach("shop-web-01"), "--apply", "--yes");

  const left = await readdir(join(host.state, "runs"));
  expect(left.map((each) => each.replace(/^.*\./, ""))).toEqual(["jsonl", "jsonl"]);
});
