import { readFileSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { redact } from "../../src/output/redact.ts";
import {
  listRuns,
  progressOf,
  readRun,
  reopenJournal,
  startJournal,
  type Journal,
  type JournalEntry,
} from "../../src/plan/journal.ts";
import { createTestHost, isChange, NOW, openDriver, runCli, type TestHost } from "../harness.ts";
import { applyAttach } from "../topics/odcr/attach-world.ts";
import { planOf, step } from "./fake-arm.ts";

const plan = planOf(step("a"), step("b"));

async function begin(host: TestHost): Promise<{ journal: Journal; file: string; folder: string }> {
  const folder = host.state;
  const journal = await startJournal(plan, { folder, now: () => NOW });
  return { journal, folder, file: join(folder, "runs", `${journal.id}.jsonl`) };
}

async function fileOfOnlyRun(host: TestHost): Promise<string> {
  const folder = join(host.state, "runs");
  const [file, ...others] = (await readdir(folder)).filter((each) => each.endsWith(".jsonl"));
  expect(others).toEqual([]);
  return join(folder, file ?? "");
}

test("of a step that was sent twice the version before the first time counts", () => {
  const sent = { type: "sent", at: "", step: "a" } as const;
  const entries = [
    { ...sent, version: "1" },
    { ...sent, version: "3" },
  ];

  expect(progressOf({ id: "", entries }).sent).toEqual(new Map([["a", "1"]]));
});

test("a journal tells the plan, what was sent and what was answered, each with its time", async () => {
  const { journal, folder } = await begin(createTestHost());
  await journal.append({ type: "sent", step: "a" });
  await journal.append({ type: "answered", step: "a", outcome: "done" });
  await journal.append({ type: "sent", step: "b" });
  await journal.append({ type: "answered", step: "b", outcome: "failed", code: "Busy", message: "later" });
  await journal.append({ type: "ended", exit: 6 });
  await journal.close();

  const run = await readRun(journal.id, folder);

  const at = NOW.toISOString();
  expect(journal.id).toMatch(/^20261121T080000-[0-9a-f]{8}$/);
  expect(run).toEqual({
    id: journal.id,
    entries: [
      { type: "plan", at, plan },
      { type: "sent", at, step: "a" },
      { type: "answered", at, step: "a", outcome: "done" },
      { type: "sent", at, step: "b" },
      { type: "answered", at, step: "b", outcome: "failed", code: "Busy", message: "later" },
      { type: "ended", at, exit: 6 },
    ],
  });
  expect(progressOf(run)).toEqual({
    plan,
    done: new Set(["a"]),
    sent: new Map([
      ["a", null],
      ["b", null],
    ]),
  });
});

test("only their owner can read journals", async () => {
  const { journal, file } = await begin(createTestHost());
  await journal.close();

  const modes = [(await stat(file)).mode, (await stat(dirname(file))).mode].map((mode) => mode & 0o777);
  expect(modes).toEqual([0o600, 0o700]);
});

test("a step's line is on disk before its request leaves, and its answer before the next step's", async () => {
  const { open, ctx, host } = await openDriver();
  const seen: string[] = [];
  const lines: string[] = [];
  open.intercept(async (request, pass) => {
    if (isChange(request)) {
      const { pathname } = new URL(request.url);
      const file = await fileOfOnlyRun(host);
      const written = readFileSync(file, "utf8").split("\n").slice(1, -1);
      seen.push(decodeURI(pathname));
      lines.push(
        written
          .map((line) => JSON.parse(line))
          .map(({ type, step: id }) => `${type} ${id}`)
          .join(),
      );
    }
    return pass(request);
  });

  await applyAttach(ctx);

  const run = await readRun(await onlyId(host), host.state);
  const steps = progressOf(run).plan?.steps ?? [];
  expect(seen).toHaveLength(steps.length);
  for (const [index, path] of seen.entries()) {
    const sending = steps.find(
      (each) => each.request.path === path && lines[index]?.split(",").includes(`sent ${each.id}`),
    );
    expect(sending?.dependsOn.filter((id) => !lines[index]?.includes(`answered ${id}`))).toEqual([]);
  }
});

async function onlyId(host: TestHost): Promise<string> {
  const [id] = await listRuns(host.state);
  return id ?? "";
}

test("there are no tokens and no signed URLs in a journal", async () => {
  const { ctx, host } = await openDriver((world) => {
    world.faults.push({ name: "foreign-poll", match: { method: "PATCH" }, times: 1, skip: 3 });
    world.faults.push({ name: "claims-challenge", match: { method: "PUT" }, times: 1, skip: 3 });
  });

  await applyAttach(ctx);

  const text = await readFile(await fileOfOnlyRun(host), "utf8");
  expect(text).toContain("attacker.example");
  expect(text).not.toMatch(/eyJ|bearer|authorization|[?&](t|c|s|h)=/i);
});

test("whatever a service says, its line can be read again, without secrets", async () => {
  const { journal, folder } = await begin(createTestHost());
  const piece = fc.constantFrom(
    "client_secret='abc",
    'access_token":"abc"',
    "Bearer abc.def",
    "eyJhbGciOi.x.y",
    "https://x.example/?s=1&h=2",
    '"',
    "\\",
    "\n",
    "’",
  );
  const messages = fc.array(fc.oneof(piece, fc.string()), { maxLength: 6 }).map((parts) => parts.join(""));
  const said: string[] = [];

  await fc.assert(
    fc.asyncProperty(messages, async (message) => {
      said.push(message);
      await journal.append({ type: "answered", step: "a", outcome: "failed", message });
    }),
  );
  await journal.close();

  const { entries } = await readRun(journal.id, folder);
  const read = entries.flatMap((entry) => (entry.type === "answered" ? [entry.message] : []));
  expect(read).toEqual(said.map(redact));
});

test("wherever a crash cuts the last line off, it is ignored and the run can be gone on with", async () => {
  const { journal, folder, file } = await begin(createTestHost());
  await journal.append({ type: "sent", step: "a" });
  const whole = (await stat(file)).size;
  await journal.append({ type: "answered", step: "a", outcome: "done" });
  await journal.close();
  const text = await readFile(file, "utf8");

  for (let length = whole; length < text.length; length += 1) {
    await writeFile(file, text.slice(0, length));
    expect(progressOf(await readRun(journal.id, folder)).done).toEqual(new Set());
    const again = await reopenJournal(journal.id, { folder, now: () => NOW });
    await again.append({ type: "answered", step: "a", outcome: "done" });
    await again.close();
    expect(await readFile(file, "utf8")).toBe(text);
  }
});

test("a journal whose plan was cut off tells nothing", async () => {
  const { journal, folder, file } = await begin(createTestHost());
  await journal.close();
  await truncate(file, 20);

  expect(await readRun(journal.id, folder)).toEqual({ id: journal.id, entries: [] });
});

test("a damaged line before the last one is refused, and so is resuming the run", async () => {
  const host = createTestHost();
  const { journal, file, folder } = await begin(host);
  await journal.close();
  await appendFile(file, '{"type":"sent"}\n{"type":"ended","at":"now","exit":0}\n');

  const message = `the journal of run ${journal.id} is damaged`;
  await expect(readRun(journal.id, folder)).rejects.toMatchObject({ kind: "failed", message });
  expect(await runCli(host, "runs", "resume", journal.id, "--yes")).toEqual({
    exit: 1,
    stdout: "",
    stderr: `error: ${message}\n  next: do not resume it: make a new plan, which starts from the state as it is\n`,
  });
});

test("without a place for the journal nothing is changed", async () => {
  const host = createTestHost();
  await mkdir(host.state, { recursive: true });
  await writeFile(join(host.state, "runs"), "in the way");

  const ended = await runCli(host, "odcr", "attach", "--vm", "shop-web-01", "--apply", "--yes");

  expect(ended.exit).toBe(1);
  expect(ended.stdout).toBe("");
  expect(ended.stderr.split("\n").slice(1)).toEqual([
    `error: cannot write the journal in ${join(host.state, "runs")}; nothing was changed`,
    "  next: set XDG_STATE_HOME to a writable folder",
    "",
  ]);
  const status = await runCli(host, "odcr", "attach", "--vm", "shop-web-01", "--query", "length(steps)");
  expect(status).toMatchObject({ exit: 3, stdout: "4\n" });
});

test("runs are listed newest first, and other files beside them are left alone", async () => {
  const host = createTestHost();
  const { journal, folder } = await begin(host);
  const later = await startJournal(plan, { folder, now: () => new Date("2026-11-22T08:00:00Z") });
  await Promise.all([journal.close(), later.close()]);
  await writeFile(join(folder, "runs", "notes.jsonl"), "mine");

  expect(await listRuns(folder)).toEqual([later.id, journal.id]);
});

test("where no plan was ever applied there are no runs", async () => {
  expect(await listRuns(createTestHost().state)).toEqual([]);
});

test.each(["../../x", "20261121T080000-00000000/../x", "", "..", "20261121T080000-0000000G"])(
  "%j is not the id of a run, whatever is there",
  async (id) => {
    const host = createTestHost();
    const { journal, folder, file } = await begin(host);
    await journal.close();
    await writeFile(join(folder, "..", "x.jsonl"), await readFile(file, "utf8"));

    await expect(readRun(id, folder)).rejects.toMatchObject({
      kind: "usage",
      message: `there is no run "${id}"`,
    });
  },
);

test("what has no answer stays so until a try of it ends, also when that was a timeout", () => {
  const at = "";
  const begun = { type: "pursuit", at, started: at, until: at } as const;
  const sent = { type: "sent", at, step: "a" } as const;
  const failed = { type: "answered", at, step: "a", outcome: "failed" } as const;
  const open = (...entries: JournalEntry[]): string[] => [
    ...(progressOf({ id: "", entries: [begun, ...entries] }).pursuit?.unanswered ?? []),
  ];

  expect(open(sent)).toEqual(["a"]);
  expect(open(sent, failed)).toEqual([]);
  expect(open(sent, { ...failed, trouble: "passing" })).toEqual([]);
  expect(open(sent, { ...failed, trouble: "unsure" })).toEqual(["a"]);
  expect(open(sent, { ...failed, trouble: "stop" })).toEqual(["a"]);
  expect(open(sent, { type: "tried", at, choice: "a", result: "unsure" })).toEqual([]);
});
