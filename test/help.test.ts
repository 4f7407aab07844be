import { expect, test } from "vitest";
import { EXIT } from "../src/errors.ts";
import { COMMANDS, ROOM_NAMES } from "./commands.ts";
import { createTestHost, runCli } from "./harness.ts";

const GOLDEN = "../fixtures/golden/help";
const ALL = new Set(["", ...ROOM_NAMES, ...COMMANDS.map(([words]) => words)]);

test.each([...ALL].map((words) => words.split(" ").filter((word) => word !== "")))(
  "the help of azwise %s %s is as agreed",
  async (...words) => {
    const { exit, stdout, stderr } = await runCli(createTestHost(), ...words, "--help");

    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    await expect(stdout).toMatchFileSnapshot(`${GOLDEN}/${["azwise", ...words].join("-")}.txt`);
  },
);

test("--help, -h and help say the same", async () => {
  const host = createTestHost();

  const [long, short, word] = [
    await runCli(host, "odcr", "--help"),
    await runCli(host, "odcr", "-h"),
    await runCli(host, "help", "odcr"),
  ];

  expect(short).toEqual(long);
  expect(word).toEqual(long);
});

test("the exit codes in the help are those of the code", async () => {
  const { stdout } = await runCli(createTestHost(), "--help");

  const shown = [...stdout.slice(stdout.indexOf("Exit codes:")).matchAll(/(?:^|\s{2,})(\d+)  \S/gm)].map(
    ([, code]) => Number(code),
  );
  expect(shown.sort((left, right) => left - right)).toEqual(
    Object.values(EXIT).sort((left, right) => left - right),
  );
});
