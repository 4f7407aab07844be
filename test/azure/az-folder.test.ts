import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { copyAzFiles, openAzFolder } from "../../src/azure/az-folder.ts";

async function open(): Promise<string> {
  const folder = await openAzFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

/** A folder such as another process would have made. */
async function folderOf(pid: number, mode = 0o700): Promise<string> {
  const path = `${(await open()).replace(/\d+-\w+$/, String(pid))}-abcdef`;
  mkdirSync(path);
  chmodSync(path, mode);
  writeFileSync(join(path, "msal_token_cache.json"), "{}");
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

function endedProcess(): number {
  return spawnSync("/bin/true").pid;
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "azwise-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("only its user may enter the folder, and nothing of it stays", async () => {
  const folder = await openAzFolder();
  const mode = statSync(folder.path).mode & 0o777;
  mkdirSync(join(folder.path, "logs"));

  await folder.remove();

  expect(mode).toBe(0o700);
  expect(existsSync(folder.path)).toBe(false);
});

test("two at a time have two folders", async () => {
  expect(await open()).not.toBe(await open());
});

test("what a killed process left behind is removed by the next one", async () => {
  const stale = await folderOf(endedProcess());

  await open();

  expect(existsSync(stale)).toBe(false);
});

test("the folder of a process that runs stays", async () => {
  const busy = await folderOf(process.ppid);

  await open();

  expect(existsSync(busy)).toBe(true);
});

test("it stays for a command that runs on without azwise, and goes once that has ended", async () => {
  const busy = await folderOf(endedProcess());
  writeFileSync(join(busy, ".azwise-user"), String(process.ppid));
  const stale = await folderOf(endedProcess());
  writeFileSync(join(stale, ".azwise-user"), String(endedProcess()));

  await open();

  expect([existsSync(busy), existsSync(stale)]).toEqual([true, false]);
});

/** For a machine that is busy with other tests. */
const PATIENT = { timeout: 4000 };

test.runIf(platform() === "linux")("a process that ended but was not reaped does not run", async () => {
  // It ends only once its parent is no shell any more, which would reap it.
  const parent = spawn("/bin/sh", ["-c", "exec 3<&0; { read line <&3; } & echo $!; exec sleep 60"]);
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [zombie] = (await once(parent.stdout, "data")) as [Buffer];
  await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8"), PATIENT).toContain("sleep");
  parent.stdin.end("\n");
  const status = (): string => readFileSync(`/proc/${Number(zombie)}/status`, "utf8");
  await expect.poll(status, PATIENT).toContain("zombie");
  const stale = await folderOf(Number(zombie));

  await open();

  expect(existsSync(stale)).toBe(false);
});

test("who uses it is noted for its user alone; where it is gone, nothing is noted", async () => {
  const folder = await openAzFolder();

  folder.keepFor(process.ppid);
  const file = join(folder.path, ".azwise-user");
  const [text, mode] = [readFileSync(file, "utf8"), statSync(file).mode & 0o777];
  await folder.remove();
  folder.keepFor(process.ppid);

  expect([text, mode, existsSync(folder.path)]).toEqual([String(process.ppid), 0o600, false]);
});

test("one that az made anew, for others to enter, is removed too", async () => {
  const stale = await folderOf(endedProcess(), 0o755);

  await open();

  expect(existsSync(stale)).toBe(false);
});

test("a link of such a name was not made by azwise, and what it leads to stays", async () => {
  const target = makeFolder();
  const link = `${(await open()).replace(/\d+-\w+$/, String(endedProcess()))}-abcdef`;
  symlinkSync(target, link);
  onTestFinished(() => rm(link, { force: true }));

  await open();

  expect([existsSync(link), existsSync(target)]).toEqual([true, true]);
});

// Only root may give a folder away.
test.runIf(process.getuid?.() === 0)("somebody else's folder stays", async () => {
  const foreign = await folderOf(endedProcess());
  chownSync(foreign, 65_534, 65_534);

  await open();

  expect(existsSync(foreign)).toBe(true);
});

test.runIf(existsSync("/proc/self/ns/pid"))(
  "the folder of a process of another namespace stays: its number means another process there",
  async () => {
    const path = (await open()).replace(/\d+-\d+-\w+$/, `1-${endedProcess()}-abcdef`);
    mkdirSync(path);
    onTestFinished(() => rm(path, { recursive: true, force: true }));

    await open();

    expect(existsSync(path)).toBe(true);
  },
);

test("its path is absolute, whatever TMPDIR is", async () => {
  vi.stubEnv("TMPDIR", relative(process.cwd(), makeFolder()));
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(isAbsolute(await open())).toBe(true);
});

const FILES = ["clouds.config", "config", "msal_token_cache.json", "service_principal_entries.json"];

test.each([
  [true, FILES],
  [false, ["clouds.config", "config"]],
])("copies what signing in needs (%s), private whatever it was", async (signIn, expected) => {
  const [from, to] = [makeFolder(), makeFolder()];
  for (const name of [...FILES, "azureProfile.json", "telemetry.txt"]) {
    writeFileSync(join(from, name), name, { mode: 0o644 });
  }

  await copyAzFiles(from, to, { signIn });

  expect(readdirSync(to)).toEqual(expected);
  for (const name of expected) {
    expect(readFileSync(join(to, name), "utf8")).toBe(name);
    expect(statSync(join(to, name)).mode & 0o777).toBe(0o600);
  }
});

test("where az was never used there is nothing to copy", async () => {
  const to = makeFolder();

  await copyAzFiles(join(to, "nowhere"), to, { signIn: true });

  expect(readdirSync(to)).toEqual([]);
});
