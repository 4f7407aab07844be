import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  createTestHost,
  OTHER_SUBSCRIPTION,
  OTHER_TENANT,
  runCli,
  SUBSCRIPTION,
  TENANT,
  type CliResult,
  type HostOptions,
  type TestHost,
} from "../../harness.ts";
import { createContextHost, PLAY, pinFolder, PROD } from "./context-host.ts";

const PLATFORM = { ...PROD, subscription: OTHER_SUBSCRIPTION };
const CONTEXTS = { active: "prod", contexts: { prod: PROD, platform: PLATFORM, play: PLAY } };
const TARGET = `target: sandbox · tenant ${TENANT} · subscription ${SUBSCRIPTION} (Contoso Shop Production) · sandbox\n`;
const NOTE = "note: az is not signed in here: it cannot reach the sandbox\n";

/** What the command saw, in a file of the host; undefined when it was not started. */
function seenBy(host: TestHost): string | undefined {
  const file = join(host.folder, "seen");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function execShell(host: TestHost, script: string, ...flags: string[]): Promise<CliResult> {
  return runCli(host, "login", "exec", ...flags, "--", "/bin/sh", "-c", script);
}

const LOOK = 'echo "$AZWISE_TENANT $ARM_SUBSCRIPTION_ID" > seen';

function host(options: HostOptions = {}): TestHost {
  return createContextHost(CONTEXTS, options);
}

test("the command runs where any run would, in the working directory, and azwise says where that is", async () => {
  const here = host();

  expect(await execShell(here, LOOK)).toEqual({ exit: 0, stdout: "", stderr: TARGET + NOTE });
  expect(seenBy(here)).toBe(`${TENANT} ${SUBSCRIPTION}\n`);
});

test("a named context wins over variables and the active one", async () => {
  const here = host({ env: { AZWISE_SUBSCRIPTION: SUBSCRIPTION, AZWISE_AUTH: "device" } });

  const { exit } = await execShell(here, LOOK, "platform");

  expect(exit).toBe(0);
  expect(seenBy(here)).toBe(`${TENANT} ${OTHER_SUBSCRIPTION}\n`);
});

test("a context without a tenant runs in its subscription's home tenant", async () => {
  const lone = { cloud: "sandbox", subscription: SUBSCRIPTION };
  const here = createContextHost({ contexts: { lone } });

  const { exit } = await execShell(here, LOOK, "lone");

  expect(exit).toBe(0);
  expect(seenBy(here)).toBe(`${TENANT} ${SUBSCRIPTION}\n`);
});

test("a flag wins over a named context", async () => {
  const here = host();

  const { exit } = await execShell(here, LOOK, "platform", "--subscription", SUBSCRIPTION);

  expect(exit).toBe(0);
  expect(seenBy(here)).toBe(`${TENANT} ${SUBSCRIPTION}\n`);
});

test("a context of a tenant alone gives no subscription", async () => {
  const { subscription: _, ...tenant } = PROD;
  const here = createContextHost({ contexts: { tenant } });

  const { exit, stderr } = await execShell(here, LOOK, "tenant");

  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: `target: sandbox · tenant ${TENANT} · no subscription · sandbox\n${NOTE}`,
  });
  expect(seenBy(here)).toBe(`${TENANT} \n`);
});

test.each([
  ["0", 0],
  ["3", 3],
  ["137", 137],
])("exit code %s of the command is azwise's own", async (code, exit) => {
  expect(await execShell(host(), `exit ${code}`)).toMatchObject({ exit });
});

test.each([
  ["TERM", 143],
  ["KILL", 137],
])("a command that ends by SIG%s counts as shells count it", async (signal, exit) => {
  expect(await execShell(host(), `kill -${signal} $$`)).toMatchObject({ exit });
});

test("-o and --query are not about the command's output", async () => {
  const here = host();

  expect(await execShell(here, LOOK, "-o", "json", "--query", "a.b")).toMatchObject({ exit: 0, stdout: "" });
});

test("what follows -- is passed on as it is, flags of azwise included", async () => {
  const here = host();

  await runCli(
    here,
    "login",
    "exec",
    "--",
    "/bin/sh",
    "-c",
    'echo "$@" > seen',
    "sh",
    "--tenant",
    "x",
    "--",
    "*",
  );

  expect(seenBy(here)).toBe("--tenant x -- *\n");
});

describe("signals while the command runs:", () => {
  /** Says when it is ready, counts what it gets, and ends by itself. */
  const COUNTING = `trap 'echo TERM >> seen' TERM; trap 'echo HUP >> seen' HUP; : > seen; : > ready; until [ "$(wc -l < seen)" = 3 ]; do sleep 0.05; done; exit 9`;

  async function until(check: () => boolean): Promise<void> {
    while (!check()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  test("each one goes to it, not only the first, and its exit code counts", async () => {
    const here = host();
    const lines = (): number => (seenBy(here) ?? "").split("\n").length - 1;
    const running = execShell(here, COUNTING);
    await until(() => existsSync(join(here.folder, "ready")));

    for (const [index, signal] of (["SIGTERM", "SIGHUP", "SIGTERM"] as const).entries()) {
      here.interrupt(signal);
      await until(() => lines() === index + 1);
    }

    expect(await running).toMatchObject({ exit: 9 });
    expect(seenBy(here)).toBe("TERM\nHUP\nTERM\n");
  });
});

// Only root may become another user, and back.
test.runIf(process.getuid?.() === 0)("a command that may not be sent a signal runs on", async () => {
  const here = host();
  const ready = join(here.folder, "ready");
  const script = `
    process.on("SIGTERM", () => process.exit(9));
    setTimeout(() => {}, 20_000);
    const file = require("fs").openSync("ready", "w");
    process.setuid(12345);
    require("fs").writeSync(file, "ready");`;
  const running = runCli(here, "login", "exec", "--", process.execPath, "-e", script);
  await expect
    .poll(() => existsSync(ready) && readFileSync(ready, "utf8"), { timeout: 10_000 })
    .toBe("ready");

  process.seteuid?.(12346);
  here.interrupt("SIGTERM");
  process.seteuid?.(0);
  const still = await Promise.race([running, sleep(300, "runs")]);
  here.interrupt("SIGTERM");

  expect(still).toBe("runs");
  expect(await running).toMatchObject({ exit: 9 });
});

describe("the command is not started", () => {
  test("after an interrupt, even one that came when nothing was left to do", async () => {
    const here = host();
    const stderr = {
      ...here.stderr,
      write(text: string) {
        here.stderr.write(text);
        if (text === NOTE) here.interrupt();
      },
    };

    const { exit } = await execShell({ ...here, stderr }, LOOK);

    expect(exit).toBe(130);
    expect(seenBy(here)).toBeUndefined();
  });

  test.each<[string, string[], number, string]>([
    ["in an unknown context", ["prd"], 2, 'there is no context "prd"\n  next: did you mean prod'],
    [
      "when the subscription is not visible",
      ["--subscription", "5a000000-0000-4000-8000-0000000000ff"],
      4,
      `subscription 5a000000-0000-4000-8000-0000000000ff is not visible in tenant ${TENANT} (SubscriptionNotFound)`,
    ],
    [
      "in a tenant that the subscription does not belong to",
      ["--tenant", OTHER_TENANT],
      4,
      `subscription ${SUBSCRIPTION} belongs to tenant ${TENANT}, not to ${OTHER_TENANT} (InvalidAuthenticationTokenTenant)`,
    ],
    [
      "for several subscriptions",
      ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION],
      2,
      "a sign-in leads to one subscription, not to several",
    ],
  ])("%s", async (_, flags, exit, message) => {
    const here = host();

    const result = await execShell(here, LOOK, ...flags);

    expect(result).toMatchObject({ exit, stdout: "" });
    expect(result.stderr).toContain(`error: ${message}`);
    expect(seenBy(here)).toBeUndefined();
  });

  test("in a context that the folder's pin forbids", async () => {
    const here = host();
    const file = pinFolder(here, { cloud: "sandbox", tenant: TENANT, subscription: SUBSCRIPTION });

    expect(await execShell(here, LOOK, "platform")).toEqual({
      exit: 4,
      stdout: "",
      stderr: `error: this folder is pinned to subscription ${SUBSCRIPTION} (${file}), but context platform says ${OTHER_SUBSCRIPTION}\n  next: choose another context, or azwise login unpin\n`,
    });
    expect(seenBy(here)).toBeUndefined();
  });
});

test.each<[string, string[], string]>([
  [
    "nothing",
    ["login", "exec", "prod"],
    "error: there is no command to run\n  next: azwise login exec [context] -- <command>\n",
  ],
  [
    "nothing after --",
    ["login", "exec", "--"],
    "error: there is no command to run\n  next: azwise login exec [context] -- <command>\n",
  ],
])("%s to run is wrong usage", async (_, argv, stderr) => {
  expect(await runCli(host(), ...argv)).toEqual({ exit: 2, stdout: "", stderr });
});

test.each([
  ["azwise-no-such-program", 127, "not found"],
  ["/etc/passwd", 126, "not allowed"],
  ["/etc/passwd/program", 126, "ENOTDIR"],
])("a command that cannot be started counts as shells count it: %s", async (program, exit, why) => {
  expect(await runCli(createTestHost(), "login", "exec", "--", program)).toEqual({
    exit,
    stdout: "",
    stderr: `${TARGET}${NOTE}error: cannot run "${program}": ${why}; after -- comes a program, no shell is in between\n`,
  });
});
