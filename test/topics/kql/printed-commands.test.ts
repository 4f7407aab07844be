import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import { verbs } from "../../../src/topics/kql/room.ts";
import { createTestHost, runCli } from "../../harness.ts";

const GOLDEN = join(import.meta.dirname, "../../../fixtures/golden/kql");

/** Flags without a value. */
const BARE = new Set(["--no-split"]);

/** Commands of the room in a text: as many words as the verb takes, and then flags; what follows is prose. */
function commandsIn(text: string): string[][] {
  return [...text.matchAll(/azwise kql ([^\n"`|;]+)/g)].map(([, tail = ""]) => wordsOf(tail.split(" ")));
}

function wordsOf([name = "", ...rest]: string[]): string[] {
  const args = verbs.find((verb) => verb.name === name)?.args?.length ?? 0;
  const words = [name];
  while (rest.length > 0) {
    const word = (rest.shift() ?? "").replace(/[:,.)]$/, "");
    if (word.startsWith("-")) words.push(word, ...(BARE.has(word) ? [] : [rest.shift() ?? ""]));
    else if (words.length <= args) words.push(word);
    else break;
  }
  return words.map((word) => word.replace(/^W$/, "logs-shop").replace("ADDRESS", "10.1.0.4"));
}

/** Those of the other verbs have tests of their own. */
function printed(): string[] {
  const goldens = readdirSync(GOLDEN).filter((name) => /^(?:run|list|show)\b.*\.json\.txt$/.test(name));
  return [
    ...catalogue.flatMap(({ next }) => next),
    ...goldens.map((name) => readFileSync(join(GOLDEN, name), "utf8")),
  ];
}

test("every command that the catalogue and the goldens print can be typed as it is", async () => {
  const commands = [
    ...new Set(
      printed()
        .flatMap(commandsIn)
        .map((words) => words.join(" ")),
    ),
  ];
  const host = createTestHost();

  const exits: Record<string, number> = {};
  for (const command of commands) exits[command] = (await runCli(host, "kql", ...command.split(" "))).exit;

  expect(commands.length).toBeGreaterThan(10);
  expect(commands.some((command) => command.startsWith("run container-restarts --workspace"))).toBe(true);
  // 6 is an answer, too: these tables are not in this workspace, or the name does not occur.
  expect(Object.entries(exits).filter(([, exit]) => ![0, 6].includes(exit))).toEqual([]);
}, 60_000);

test("a command ends its line, so that all from its first word on can be pasted", () => {
  const texts = catalogue.flatMap(({ next }) => next).filter((text) => /\b(?:az|azwise|psql) /.test(text));

  expect(texts.length).toBeGreaterThan(20);
  for (const text of texts) {
    expect(text).toMatch(
      /^(?:.*: )?(?:psql "[^"]+"|az(?:wise)?(?: [\w./-]+){1,4}(?: --?[a-z-]+ (?:"[^"]+"|[^\s,]+))*)$/,
    );
  }
});

test("commands of other rooms that the catalogue names can be typed, too", async () => {
  const texts = catalogue.flatMap(({ next }) => next).join("\n");
  const found = [...texts.matchAll(/azwise ((?:acr|docs|login|odcr) \S+ \S+)/g)].map(
    ([, words = ""]) => words,
  );
  const host = createTestHost();

  expect(found.length).toBeGreaterThan(1);
  for (const command of new Set(found)) {
    const words = command.replace("REGISTRY", "shopregistry").split(" ");
    expect([command, (await runCli(host, ...words)).exit]).toEqual([command, expect.toBeOneOf([0, 3])]);
  }
});
