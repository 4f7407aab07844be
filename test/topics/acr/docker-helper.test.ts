import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { runHelper, type HelperOrder, type HelperEnd } from "../../../src/topics/acr/docker-helper.ts";

const SECRET = "the-whole-secret-of-this-test";
const STORE: HelperOrder = {
  name: "test",
  action: "store",
  input: `{"Secret":"${SECRET}"}`,
  secrets: [SECRET],
};
const ERASE: HelperOrder = { name: "test", action: "erase", input: "shop.azurecr.io", secrets: [] };

function helper(script: string): { folder: string; env: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), "azwise-helper-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "docker-credential-test");
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return { folder, env: { PATH: `${folder}:${process.env["PATH"]}`, OUT: folder } };
}

interface How {
  call?: HelperOrder;
  timeoutMs?: number;
  signal?: AbortSignal;
}

async function run(script: string, { call = STORE, timeoutMs, signal }: How = {}): Promise<HelperEnd> {
  const { env } = helper(script);
  return runHelper(call, { env, signal: signal ?? new AbortController().signal }, timeoutMs);
}

test("the helper gets the word as its only argument, and the rest on its standard input", async () => {
  const { folder, env } = helper('echo "$# $1" > "$OUT/argv"; cat > "$OUT/stdin"');

  expect(await runHelper(STORE, { env, signal: new AbortController().signal })).toBe("done");

  expect(readFileSync(join(folder, "argv"), "utf8")).toBe("1 store\n");
  expect(readFileSync(join(folder, "stdin"), "utf8")).toBe(STORE.input);
});

test("one that does not read what it is given has done it all the same", async () => {
  const input = "x".repeat(1024 * 1024);

  expect(await run("exit 0", { call: { ...STORE, input } })).toBe("done");
});

test("what it says when it fails is one line that a terminal can only show", async () => {
  const end = await run(
    String.raw`printf 'no\033[31m keyring\033]0;title\007\n\nhere'; echo 'locked?' >&2; exit 3`,
  );

  expect(end).toEqual({ problem: "docker-credential-test failed (3): no keyring here locked?" });
});

test.each([
  ["on stdout", "cat; exit 1"],
  ["on stderr", "cat >&2; exit 1"],
  ["in part", `cat | cut -c12-30; exit 1`],
  ["with colours in between", String.raw`sed 's/\(.\)/\1\x1b[0m/g'; exit 1`],
])("a secret that it repeats %s is not shown", async (_, script) => {
  expect(await run(script)).toEqual({
    problem: "docker-credential-test failed (1); what it said is not shown, as the secret is in it",
  });
});

test("one that has nothing to say, and one that is killed", async () => {
  expect(await run("exit 1")).toEqual({ problem: "docker-credential-test failed (1)" });
  expect(await run("kill -9 $$")).toEqual({ problem: "docker-credential-test failed (SIGKILL)" });
});

test("nothing to erase is no failure, but nothing that was stored", async () => {
  const script = "echo credentials not found in native keychain; exit 1";

  expect(await run(script, { call: ERASE })).toBe("none");
  expect(await run(script)).toMatchObject({ problem: expect.stringContaining("failed (1)") });
});

test("one that does not end in time is ended, with what it started, also when memory is tidied up", async () => {
  const started = Date.now();
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const tidying = setInterval(collect, 20);
  onTestFinished(() => clearInterval(tidying));

  expect(await run("sleep 60", { timeoutMs: 200 })).toEqual({
    problem: "docker-credential-test did not answer in 0.2 seconds and was ended",
  });
  expect(Date.now() - started).toBeLessThan(5000);
});

test("one that never stops talking is ended", async () => {
  expect(await run("yes")).toEqual({ problem: "docker-credential-test said too much and was ended" });
});

test("an interrupt ends it, and is no failure of its own", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("stop")), 100);

  await expect(run("sleep 60", { signal: controller.signal })).rejects.toThrow("stop");
});

test("one that is not there, or cannot be run, is said", async () => {
  const { folder, env } = helper("exit 0");
  const signal = new AbortController().signal;
  chmodSync(join(folder, "docker-credential-test"), 0o644);

  expect(await runHelper({ ...STORE, name: "nowhere" }, { env, signal })).toEqual({
    problem: "docker-credential-nowhere is not on the PATH",
  });
  expect(await runHelper(STORE, { env: { PATH: folder }, signal })).toEqual({
    problem: "docker-credential-test cannot be run (EACCES)",
  });
});

test("what is no failure of a program is thrown on", async () => {
  const env = {
    get PATH(): string {
      throw new Error("a bug");
    },
  };

  await expect(runHelper(STORE, { env, signal: new AbortController().signal })).rejects.toThrow("a bug");
});
