import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Json } from "../../../src/json.ts";
import { createTestHost, type TestHost } from "../../harness.ts";
import { answerOf, openScene } from "./watch-scene.ts";

const NOW = Date.parse("2026-11-21T08:00:00Z");
const MINUTE = 60_000;
const at = (ms: number): string => new Date(ms).toISOString();

type Answer = ReturnType<typeof answerOf>;

/** The answer of a table that was asked what it has; undefined for other questions. */
function probe(text: string, count: number, last: string | null): Answer | undefined {
  const rows: Json[][] = [[count, last]];
  return text.includes("Rows = countif") ? answerOf(rows) : undefined;
}

function markIn(host: TestHost): string {
  const [name = ""] = readdirSync(join(host.state, "watch"));
  return join(host.state, "watch", name);
}

test("a table without rows is told at the first empty look and each hour: not health", async () => {
  const old = (_: number, __: Json[][], text: string): Answer | undefined =>
    probe(text, 0, "2026-11-10T00:00:00.000Z");
  const scene = await openScene({ replies: old });
  const look = await scene.watch({ for: "90m" });
  const told = "ContainerAppConsoleLogs_CL has no row in the window, the last one before it is of 2026-11-10";

  expect(look).toBe("doubt");
  expect(scene.said.filter((text) => text.includes(told)).map((text) => text.slice(11, 16))).toEqual([
    "08:00",
    "09:00",
  ]);
});

test("who wrote within the query's own window is quiet, however short a look is", async () => {
  const recent = (_: number, __: Json[][], text: string): Answer | undefined =>
    probe(text, 0, at(NOW - 40 * MINUTE));
  const scene = await openScene({ replies: recent });

  expect(await scene.watch({ once: true, since: "1m" })).toBe("all");
});

test("what cannot be told is not health", async () => {
  const scene = await openScene({ replies: (question) => (question > 1 ? { status: 504 } : undefined) });

  expect(await scene.watch({ once: true })).toBe("doubt");
  expect(scene.said.join("\n")).toContain("cannot tell whether any row could come: the tables: ");
});

/** Rows are in the one table, and from some time on in the other one. */
function moving(): { isMoved: boolean; replies: (n: number, rows: Json[][], text: string) => Answer } {
  const world = {
    isMoved: false,
    replies: (_: number, __: Json[][], text: string): Answer => {
      const hasRows = text.includes("Logs_CL") !== world.isMoved;
      const time = at(NOW - MINUTE);
      const row: Json[] = [time, "a", world.isMoved ? "after" : "before"];
      return probe(text, hasRows ? 5 : 0, hasRows ? time : null) ?? answerOf(hasRows ? [row] : []);
    },
  };
  return world;
}

test("logs that moved to the other flavour's table are followed, also by a later start", async () => {
  const host = createTestHost();
  const world = moving();
  const scene = await openScene({ host, replies: world.replies });
  const first = await scene.watch({ once: true, flavour: undefined });
  world.isMoved = true;
  const second = await scene.watch({ once: true, flavour: undefined });

  expect([first, second, scene.told]).toEqual(["all", "all", ["before", "after"]]);
  expect(scene.said.join("\n")).toContain(
    "flavour log-analytics has no row since 2026-11-21T07:30:00.000Z, azure-monitor has",
  );
  expect(JSON.parse(readFileSync(markIn(host), "utf8"))).toMatchObject({ flavour: "azure-monitor" });
});

test("a flavour that was typed stays, and the other one's rows are told", async () => {
  const world = moving();
  world.isMoved = true;
  const scene = await openScene({ replies: world.replies });

  expect(await scene.watch({ once: true })).toBe("doubt");
  expect(scene.told).toEqual([]);
  expect(scene.said.join("\n")).toContain("--flavour azure-monitor has rows in the window");
});

test("a first start without any answer has a mark, so that the next one asks about the same time", async () => {
  const host = createTestHost();
  const lines = [{ at: NOW - 50 * MINUTE, text: "early" }];
  const lost = await openScene({ host, replies: () => ({ status: 504 }) });
  const look = await lost.watch({ once: true });
  const next = await openScene({ host, lines });
  await next.open.sandbox.sleep(180 * MINUTE);
  await next.watch({ once: true });

  expect(look).toBe("failed");
  expect(next.told).toEqual(["early"]);
});

test("a mark that is ahead of the clock goes back, and says so", async () => {
  const host = createTestHost();
  const first = await openScene({ host, lines: [{ at: NOW - 5 * MINUTE, text: "one" }] });
  await first.watch({ once: true });
  const file = markIn(host);
  const kept = JSON.parse(readFileSync(file, "utf8")) as object;
  const ahead = { from: at(NOW + 90 * MINUTE), until: at(NOW + 120 * MINUTE), told: {} };
  writeFileSync(file, JSON.stringify({ ...kept, ...ahead }), { mode: 0o600 });
  const next = await openScene({ host, lines: [{ at: NOW - 5 * MINUTE, text: "one" }] });
  const look = await next.watch({ once: true });

  expect([look, next.told]).toEqual(["all", ["one"]]);
  expect(next.asked[0]).toEqual({ from: NOW - 30 * MINUTE, until: NOW });
  expect(next.said.join("\n")).toContain(
    "asked up to 2026-11-21T10:00:00.000Z, which is still to come: the clock was set back; rows since 2026-11-21T07:30:00.000Z are asked for",
  );
});

test("no flavour is settled before one has rows", async () => {
  const host = createTestHost();
  let isThere = false;
  const replies = (_: number, __: Json[][], text: string): Answer => {
    const hasRows = isThere && !text.includes("Logs_CL");
    const time = at(NOW - MINUTE);
    return probe(text, hasRows ? 1 : 0, hasRows ? time : null) ?? answerOf(hasRows ? [[time, "a", "b"]] : []);
  };
  const scene = await openScene({ host, replies });
  await scene.watch({ once: true, flavour: undefined });
  const first = JSON.parse(readFileSync(markIn(host), "utf8")) as object;
  isThere = true;
  await scene.watch({ once: true, flavour: undefined });

  expect(first).toMatchObject({ flavour: null });
  expect(scene.told).toEqual(["b"]);
  expect(JSON.parse(readFileSync(markIn(host), "utf8"))).toMatchObject({ flavour: "azure-monitor" });
});
