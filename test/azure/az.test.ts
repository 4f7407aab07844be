import { existsSync, readFileSync, rmSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { readAzVersion, runAz } from "../../src/azure/az.ts";
import { putOnPath } from "./on-path.ts";
import { refusalOf } from "./wire.ts";

const never = new AbortController().signal;

// Scripts without a suffix, and process groups, do not exist on Windows.
describe.skipIf(platform() === "win32")("az", () => {
  test("is answered for with its exit code and both streams", async () => {
    const { env } = putOnPath({ az: "echo out; echo err >&2; exit 3" });

    const result = await runAz(["account", "show"], { env, signal: never, timeoutMs: 10_000 });

    expect(result).toEqual({ exit: 3, stdout: "out\n", stderr: "err\n" });
  });

  test("is not started once the run was interrupted", async () => {
    const { env, runs } = putOnPath({ az: "true" });
    const signal = AbortSignal.abort();

    await expect(runAz([], { env, signal, timeoutMs: 10_000 })).rejects.toHaveProperty("name", "AbortError");
    expect(runs()).toEqual([]);
  });

  /** az is a launcher, and what it starts makes its folder anew. */
  const work = `while :; do mkdir -p "$AZURE_CONFIG_DIR"; sleep 0.02; done`;

  test.each([
    ["ends when it is asked to", `sh -c '${work}'; true`],
    ["does not listen", `sh -c 'trap "" TERM; ${work}'; true`],
    ["has closed its streams", `sh -c 'trap "" TERM; ${work}' > /dev/null 2>&1; true`],
    ["is left alone by its launcher", `sh -c 'trap "" TERM; ${work}' > /dev/null 2>&1 & sleep 60`],
  ])("stopped, leaves nothing that runs: a child that %s", async (_, script) => {
    const { env, folder } = putOnPath({ az: script });
    const azFolder = join(folder, "private");
    const interrupted = new AbortController();
    const running = runAz([], {
      env: { ...env, AZURE_CONFIG_DIR: azFolder },
      signal: interrupted.signal,
      timeoutMs: 60_000,
    });
    await expect.poll(() => existsSync(azFolder)).toBe(true);

    interrupted.abort();
    await expect(running).rejects.toHaveProperty("name", "AbortError");
    rmSync(azFolder, { recursive: true });
    await sleep(200);

    expect(existsSync(azFolder)).toBe(false);
  });

  test.runIf(platform() === "linux")(
    "stopped, is not waited for by way of what left its group with its streams",
    { timeout: 20_000 },
    async () => {
      const { env, folder } = putOnPath({ az: 'setsid sleep 600 & echo $! > "$0.left"; wait' });
      const left = (): number => Number(readFileSync(join(folder, "az.left"), "utf8"));
      onTestFinished(() => void process.kill(left(), "SIGKILL"));
      const interrupted = new AbortController();
      const running = runAz([], { env, signal: interrupted.signal, timeoutMs: 60_000 });
      await expect.poll(() => existsSync(join(folder, "az.left")) && left() > 0).toBe(true);

      interrupted.abort();

      await expect(running).rejects.toHaveProperty("name", "AbortError");
      expect(process.kill(left(), 0)).toBe(true);
    },
  );

  test("that does not answer is ended in time, with what it started", async () => {
    const { env, folder } = putOnPath({ az: `sh -c '${work}'; true` });
    const azFolder = join(folder, "private");

    const refusal = await refusalOf(
      runAz([], { env: { ...env, AZURE_CONFIG_DIR: azFolder }, signal: never, timeoutMs: 300 }),
    );
    rmSync(azFolder, { recursive: true });
    await sleep(200);

    expect(refusal).toMatchObject({ kind: "timeout", message: "az did not answer in time" });
    expect(existsSync(azFolder)).toBe(false);
  });

  test("that says more than 64 MB is stopped", async () => {
    const { env } = putOnPath({ az: "yes" });

    expect(await refusalOf(runAz([], { env, signal: never, timeoutMs: 60_000 }))).toMatchObject({
      kind: "failed",
      message: "az answered more than 64 MB",
    });
  });

  test("that is killed is said to be", async () => {
    const { env } = putOnPath({ az: "kill -KILL $$" });

    expect(await refusalOf(runAz([], { env, signal: never, timeoutMs: 10_000 }))).toMatchObject({
      kind: "failed",
      message: "az was ended by SIGKILL",
    });
  });

  test.each([
    [`echo '{"azure-cli": "2.90.0"}'`, { version: "2.90.0" }],
    ["exit 7", { reason: "az version ended with exit code 7 and told none" }],
    ["echo null", { reason: "az version ended with exit code 0 and told none" }],
    ["kill -KILL $$", { reason: "az was ended by SIGKILL" }],
  ])("tells its version, or why not, in one run: %s", async (script, expected) => {
    const { env, runs } = putOnPath({ az: script });

    expect(await readAzVersion({ env, signal: never })).toEqual(expected);
    expect(runs()).toEqual(["az version --output json"]);
  });
});

test("an az that is not on the path has no version", async () => {
  const { folder } = putOnPath({});

  expect(await refusalOf(readAzVersion({ env: { PATH: folder }, signal: never }))).toMatchObject({
    kind: "auth",
    code: "AzNotFound",
  });
});
