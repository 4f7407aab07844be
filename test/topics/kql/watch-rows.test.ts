import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AzureError } from "../../../src/azure/azure-error.ts";
import type { Json } from "../../../src/json.ts";
import { watch } from "../../../src/topics/kql/watch.ts";
import { createTestHost, type TestHost } from "../../harness.ts";
import { answerOf, openScene, type Line } from "./watch-scene.ts";

const NOW = Date.parse("2026-11-21T08:00:00Z");
const MINUTE = 60_000;

function marksIn(host: TestHost): string[] {
  return readdirSync(join(host.state, "watch")).map((name) => join(host.state, "watch", name));
}

const LATE: Line[] = [
  { at: NOW - 5 * MINUTE, text: "before" },
  { at: NOW + 1 * MINUTE, text: "one" },
  { at: NOW + 0.5 * MINUTE, seen: NOW + 20 * MINUTE, text: "late" },
  { at: NOW + 25 * MINUTE, text: "two" },
  { at: NOW + 25 * MINUTE, text: "two" },
];

test("late rows are told, equal ones as often as they are, none twice", async () => {
  const scene = await openScene({ lines: LATE });

  expect(await scene.watch({ for: "40m", every: "1m" })).toBe("all");
  expect(scene.told).toEqual(["before", "one", "late", "two", "two"]);
  expect(scene.asked.length).toBe(41);
});

test("a row that is later than --late is not told, with a longer one it is", async () => {
  const lines = [{ at: NOW + MINUTE, seen: NOW + 90 * MINUTE, text: "late" }];
  const short = await openScene({ lines });
  const long = await openScene({ lines });
  await short.watch({ for: "2h" });
  await long.watch({ for: "2h", late: "2h" });

  expect([short.told, long.told]).toEqual([[], ["late"]]);
});

test("a later start goes on from the mark, and asks about all the time between", async () => {
  const host = createTestHost();
  const first = await openScene({ lines: LATE, host });
  await first.watch({ for: "2m" });
  const second = await openScene({ lines: LATE, host });
  await second.open.sandbox.sleep(60 * MINUTE);
  await second.watch({ once: true });

  expect(first.told).toEqual(["before", "one"]);
  expect(second.told).toEqual(["late", "two", "two"]);
  expect(second.asked).toEqual([{ from: NOW - 28 * MINUTE, until: NOW + 60 * MINUTE }]);
});

test("rows that nobody took are told again the next time", async () => {
  const host = createTestHost();
  const closed = await openScene({ lines: LATE, host, follow: async () => false });
  const look = await closed.watch({ for: "5m" });
  const next = await openScene({ lines: LATE, host });
  await next.watch({ once: true });

  expect(look).toBe("unread");
  expect(closed.asked).toHaveLength(1);
  expect(next.told).toEqual(["before"]);
});

test("a run that dies while it writes loses nothing", async () => {
  const host = createTestHost();
  const dying = await openScene({ lines: LATE, host, follow: () => Promise.reject(new Error("killed")) });
  await expect(dying.watch({ for: "5m" })).rejects.toThrow("killed");
  const next = await openScene({ lines: LATE, host });
  await next.watch({ once: true });

  expect(next.told).toEqual(["before"]);
});

const PARTIAL = { error: { code: "PartialError", message: "some shards", details: [] } };

test.each([
  [
    "a partial answer",
    (rows: Json[][]) => answerOf(rows.slice(0, 1), PARTIAL),
    "the answer is not all: some shards",
    ["before"],
  ],
  ["a 204", () => ({ status: 204 }), "this workspace never had any data", []],
  ["an empty 200", () => ({ status: 200 }), "the service answered without a body", []],
])("%s tells what came and is asked for again", async (_, reply, message, told) => {
  const scene = await openScene({
    lines: LATE.slice(0, 2),
    replies: (question, rows) => (question <= 2 ? reply(rows) : undefined),
  });
  const look = await scene.watch({ for: "5m" });

  expect(scene.said.filter((text) => text.includes(message))).toHaveLength(2);
  expect(scene.asked.slice(0, 3).map(({ from }) => from)).toEqual(Array(3).fill(NOW - 60 * MINUTE));
  expect(scene.told).toEqual(["before", "one"]);
  expect(scene.told.slice(0, told.length)).toEqual(told);
  expect(look).toBe("all");
});

test("the last answer decides: not in full is exit 6, and the mark did not move", async () => {
  const host = createTestHost();
  const scene = await openScene({ lines: LATE, replies: (_, rows) => answerOf(rows, PARTIAL), host });

  const look = await scene.watch({ once: true });

  expect(watch.view(look).exit).toBe(6);
  expect(watch.view("all").exit).toBe(0);
  expect(JSON.parse(readFileSync(marksIn(host)[0]!, "utf8"))).toMatchObject({ until: null });
});

test("a table that is not there is told, and asked for until it is", async () => {
  const missing = {
    status: 400,
    body: {
      error: {
        code: "BadArgumentError",
        message: "The request had some invalid properties",
        innererror: {
          code: "SemanticError",
          message: "A semantic error occurred.",
          innererror: {
            code: "SEM0100",
            message:
              "'where' operator: Failed to resolve table or column expression named 'ContainerAppConsoleLogs_CL'",
          },
        },
      },
    },
  };
  const scene = await openScene({
    lines: LATE,
    replies: (question) => (question === 1 ? missing : undefined),
  });
  await scene.watch({ for: "1m" });

  expect(scene.said.join("\n")).toContain("there is no table ContainerAppConsoleLogs_CL here");
  expect(scene.told).toEqual(["before"]);
});

test("what may pass is told and asked again, with longer pauses; nothing is lost", async () => {
  const scene = await openScene({
    lines: LATE,
    replies: (question) => (question <= 5 ? { status: 504 } : undefined),
  });
  await scene.watch({ for: "40m" });
  const minutes = scene.asked.slice(0, 7).map(({ until }) => (until - NOW) / MINUTE);

  expect(minutes).toEqual([0, 1, 3, 7, 15, 25, 26]);
  expect(scene.said.filter((text) => text.includes("no answer, asking about this time again"))).toHaveLength(
    5,
  );
  expect(scene.told).toEqual(["before", "late", "one", "two", "two"]);
});

test("a refused permission ends it with its own exit", async () => {
  const refused = { status: 403, body: { error: { code: "InsufficientAccessError", message: "no" } } };
  const scene = await openScene({
    lines: LATE.slice(0, 1),
    replies: (question) => (question === 3 ? refused : undefined),
  });

  await expect(scene.watch({ for: "40m" })).rejects.toMatchObject({ kind: "auth" });
  expect(scene.asked).toHaveLength(3);
  expect(scene.said.at(-1)).toBe(
    "asked up to 2026-11-21T08:01:00.000Z; 1 new rows; the same command goes on from there",
  );
});

test("Ctrl-C ends it between questions, with the mark of what was told", async () => {
  const host = createTestHost();
  const scene = await openScene({
    lines: LATE,
    host,
    replies: (question) => void (question === 3 && setImmediate(() => host.interrupt())),
  });

  await expect(scene.watch()).rejects.toMatchObject({
    kind: "interrupted",
    message: expect.stringMatching(/^interrupted; asked up to 2026-11-21T08:/) as string,
    hint: "the same command goes on from there",
  });
  expect(scene.told).toEqual(["before", "one"]);
  expect(marksIn(host)).toHaveLength(1);
});

test("the flavour that has rows is looked for once", async () => {
  const scene = await openScene({ lines: LATE.slice(0, 1) });
  const questions: string[] = [];
  const { azure } = scene.open;
  const logs = {
    query: (question: Parameters<NonNullable<typeof azure.logs>["query"]>[0]) => {
      questions.push(question.text.split("\n")[0] ?? "");
      return azure.logs!.query(question);
    },
  };
  const ctx = { ...scene.ctx, azure: async () => ({ ...azure, logs }) };
  scene.open.intercept((request, pass) => pass(request));
  await watch.run(
    watch.input.parse({ name: "container-console-errors", workspace: "logs-shop", for: "2m" }),
    ctx,
  );

  expect(questions).toEqual([
    "ContainerAppConsoleLogs_CL",
    "ContainerAppConsoleLogs",
    "ContainerAppConsoleLogs_CL",
    "ContainerAppConsoleLogs_CL",
    "ContainerAppConsoleLogs_CL",
  ]);
});

test("what the workspace does not keep any more is told", async () => {
  const scene = await openScene({});
  await scene.watch({ once: true, since: "800d" });

  expect(scene.said.join("\n")).toMatch(
    /the workspace keeps no rows before 20\d\d-.*: what was there is lost/,
  );
});

test("a workspace that may not be read is watched all the same", async () => {
  const scene = await openScene({ lines: LATE.slice(0, 1) });
  const { azure } = scene.open;
  const workspaces = {
    ...azure.workspaces,
    get: () => Promise.reject(new AzureError("auth", "AuthorizationFailed", { status: 403 })),
  };
  await scene.watch({ once: true }, { azure: async () => ({ ...azure, workspaces }) });

  expect(scene.told).toEqual(["before"]);
});
