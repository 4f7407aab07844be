import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli } from "../../harness.ts";
import { fault } from "../../sandbox/azure.ts";
import { changeWorld } from "../../plan/saved-plan.ts";
import { ARTICLE, AT_STREAM, line, lines, RULE } from "./failures-sending.ts";

interface Case {
  events: string;
  words: readonly string[];
  change?: (world: World) => void;
}

const SEND = ["send", "-f", "my events.json"];
const CASES: readonly Case[] = [
  { events: ARTICLE, words: [...SEND, ...RULE] },
  { events: ARTICLE, words: [...SEND, "--rule", "dcr-article-failures"] },
  { events: ARTICLE, words: [...SEND, "--rule", "dcr-article-failures", "--allow-unknown"] },
  { events: "{}\n", words: [...SEND, ...RULE] },
  {
    events: lines(30),
    words: [...SEND, ...RULE, "--concurrency", "1", "--stream", "Custom-DataDomain_SynapsePipelineErrors_CL"],
    change: (world) => void world.faults.push(fault("too-large", { ...AT_STREAM, skip: 1, times: 9 })),
  },
  {
    events: line({}),
    words: [...SEND, ...RULE],
    change: (world) => void world.faults.push(fault("server-error", { ...AT_STREAM, times: 9 })),
  },
  { events: line({}), words: [...SEND, "--rule", "nope"] },
  { events: "", words: ["setup", "--out", "my table.bicep", "--workspace", "logs-platform"] },
  { events: "", words: ["setup", "--out", "-", "--workspace", "logs-platform"] },
  { events: "", words: ["report", "--workspace", "logs-platform"] },
  { events: "", words: ["report", "--workspace", "logs-platform", "--table", "Others_CL"] },
];

/** Words as a shell makes them; only single quotes are printed. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
}

test("every command of the room that it prints can be typed as it is", async () => {
  const printed = new Set<string>();
  for (const { events, words, change } of CASES) {
    const host = createTestHost();
    await changeWorld(host, change ?? (() => {}));
    writeFileSync(join(host.folder, "my events.json"), events);
    const target = words[0] === "setup" ? [] : ["--subscription", OTHER_SUBSCRIPTION];
    const { stdout, stderr } = await runCli(host, "kql", "failures", ...words, ...target);
    for (const [, command] of `${stdout}\n${stderr}`.matchAll(
      /\bazwise (kql .+?)(?= \(azure-wire| \[|;|$)/gm,
    )) {
      printed.add(command ?? "");
    }
  }
  const faults: string[] = [];
  for (const command of printed) {
    const host = createTestHost({ stdin: "DataDomain_SynapsePipelineErrors_CL | take 1" });
    for (const name of ["my events.json", "events.ndjson"]) writeFileSync(join(host.folder, name), lines(30));
    const { stderr } = await runCli(host, ...wordsOf(command));
    if (/next: see azwise|unknown (?:option|command)|missing|goes with/.test(stderr)) {
      faults.push(`${command}: ${stderr}`);
    }
  }

  expect(faults).toEqual([]);
  expect([...printed].some((each) => /^kql run .*-f - --workspace/.test(each))).toBe(true);
  expect([...printed].some((each) => each.includes("--events 10-30"))).toBe(true);
});
