import type { Clock } from "../../../src/azure/ports.ts";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppError } from "../../../src/errors.ts";
import type { Machine } from "../../../src/topics/login/doctor-machine.ts";
import { readClock, readMachine } from "../../../src/topics/login/doctor-read.ts";
import { NOW, openDriver, SUBSCRIPTION, TENANT, type TestHost } from "../../harness.ts";
import { GIVEN } from "../../written.ts";
import { azOfVersion, createDoctorHost, writeOpenTokens, writeProfile } from "./doctor-host.ts";

async function read(host: TestHost): Promise<Machine> {
  const { ctx } = await openDriver(() => {}, { host });
  return readMachine(ctx);
}

async function writeInto(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
}

async function writeConfig(host: TestHost, text: string): Promise<string> {
  const folder = join(host.folder, "config", "azwise");
  await writeInto(folder, "config.json", text);
  return join(folder, "config.json");
}

// Scripts without a suffix, and modes, do not exist on Windows.
describe.skipIf(platform() === "win32")("az:", () => {
  test.each([
    ["tells its version", azOfVersion("2.90.0"), { state: "installed", version: "2.90.0" }],
    ["is not on the path", undefined, { state: "missing" }],
    ["fails", "exit 7", { state: "unknown", reason: "az version ended with exit code 7 and told none" }],
    [
      "says something else",
      "echo hello",
      { state: "unknown", reason: "az version ended with exit code 0 and told none" },
    ],
  ])("az %s", async (_, az, expected) => {
    const host = await createDoctorHost(az === undefined ? {} : { az });

    expect((await read(host)).az).toEqual(expected);
  });

  test("an az that fails is asked once only", async () => {
    const host = await createDoctorHost({ az: `echo "$*" >> "$HOME/${GIVEN}/asked"; exit 7` });

    await read(host);

    const asked = await readFile(join(host.folder, GIVEN, "asked"), "utf8");
    expect(asked).toBe("version --output json\n");
  });

  test("az writes into a folder of its own that is removed, and not into the user's", async () => {
    const script = `echo "$AZURE_CONFIG_DIR" > "$HOME/${GIVEN}/where"; echo x > "$AZURE_CONFIG_DIR/commandIndex.json"; echo "$AZURE_CORE_COLLECT_TELEMETRY $AZURE_LOGGING_ENABLE_LOG_FILE" > "$HOME/${GIVEN}/quiet"`;
    const host = await createDoctorHost({ az: `${script}; ${azOfVersion("2.90.0")}` });

    await read(host);

    const where = (await readFile(join(host.folder, GIVEN, "where"), "utf8")).trim();
    expect(where).not.toContain(host.folder);
    expect([existsSync(where), existsSync(join(host.folder, "azure"))]).toEqual([false, false]);
    // By that name the next run finds what a killed one left.
    expect(where).toMatch(new RegExp(`azwise-az-.*-${process.pid}-\\w+$`));
    expect(await readFile(join(host.folder, GIVEN, "quiet"), "utf8")).toBe("no no\n");
  });

  test("only the files that hold tokens are looked at, with their modes", async () => {
    const host = await createDoctorHost();
    await writeProfile(host, { subscriptions: [{ id: SUBSCRIPTION, tenantId: TENANT }] }, 3);
    await writeOpenTokens(host, 2);

    const { azTokens, profile } = await read(host);

    const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 24 * 60 * 60_000);
    expect(azTokens).toMatchObject({
      value: {
        folder: { path: join(host.folder, "azure"), mode: 0o755, isOurs: true },
        files: [
          {
            path: join(host.folder, "azure", "msal_token_cache.json"),
            mode: 0o644,
            isOurs: true,
            modified: daysAgo(2),
          },
        ],
      },
    });
    expect(profile).toMatchObject({ state: "read", modified: daysAgo(3) });
  });

  test("an interrupt ends the reading", async () => {
    const host = await createDoctorHost({ az: azOfVersion("2.90.0") });
    const { ctx } = await openDriver(() => {}, { host });
    host.interrupt();

    await expect(readMachine(ctx)).rejects.toMatchObject({ name: "AbortError" });
  });
});

test("an empty machine is read without a word of failure", async () => {
  const host = await createDoctorHost();

  const machine = await read(host);

  expect(machine).toMatchObject({
    now: NOW,
    az: { state: "missing" },
    profile: { state: "missing", accounts: [] },
    azFolderMissing: true,
    azTokens: { value: undefined },
    ownTokens: { value: undefined },
    config: { value: { file: undefined, dangling: undefined } },
    extraCaProblem: undefined,
    login: {
      value: {
        auth: { value: "sandbox" },
        choice: { value: { tenant: TENANT, subscription: SUBSCRIPTION } },
        pin: { value: [] },
      },
    },
  });
});

test("the sandbox's clock is the machine's", async () => {
  const { login } = await read(await createDoctorHost());

  const aheadMs = "value" in login && "value" in login.value.aheadMs ? login.value.aheadMs.value : Number.NaN;
  expect(Math.abs(aheadMs)).toBeLessThanOrEqual(1000);
});

test("a configuration that is not valid is told, and the rest is read all the same", async () => {
  const host = await createDoctorHost();
  const file = await writeConfig(host, "{");

  const { config, login, az } = await read(host);

  const reason = `${file} is not valid: it is not JSON; correct or delete the file`;
  expect({ config, login, az }).toEqual({ config: { reason }, login: { reason }, az: { state: "missing" } });
});

test("the name of an active context that does not exist is kept", async () => {
  const host = await createDoctorHost();
  await writeConfig(host, '{"active":"prod","contexts":{}}');

  const { config } = await read(host);

  expect(config).toMatchObject({ value: { dangling: "prod" } });
});

test("a token folder that cannot be listed has its reason", async () => {
  const host = await createDoctorHost();
  await writeInto(join(host.folder, "cache", "azwise"), "tokens", "not a folder");

  const { ownTokens } = await read(host);

  expect(ownTokens).toEqual({ reason: "ENOTDIR" });
});

test("an unknown cloud is a reason, not a failure", async () => {
  const host = await createDoctorHost({ env: { AZWISE_CLOUD: "mars" } });

  const { login } = await read(host);

  expect(login).toMatchObject({ reason: expect.stringContaining('unknown cloud "mars"') });
});

test("a pin that a variable leaves is found", async () => {
  const host = await createDoctorHost({ env: { AZWISE_TENANT: "b0000000-0000-4000-8000-00000000000b" } });
  await writeInto(host.folder, ".azwise.json", JSON.stringify({ cloud: "sandbox", tenant: TENANT }));

  const { login } = await read(host);

  expect(login).toMatchObject({
    value: { pin: { value: [{ what: "tenant", pinned: TENANT, actualBy: "AZWISE_TENANT" }] } },
  });
});

test.each([
  ["a file that is not there", "none.pem", "it cannot be read (ENOENT)"],
  ["a file without a certificate", "empty.pem", "it holds no certificate in PEM form"],
  ["a certificate, relative to the working directory", "ca.pem", undefined],
])("NODE_EXTRA_CA_CERTS may name %s", async (_, name, expected) => {
  const host = await createDoctorHost({ env: { NODE_EXTRA_CA_CERTS: name } });
  await writeInto(host.folder, "empty.pem", "");
  await writeInto(host.folder, "ca.pem", "-----BEGIN CERTIFICATE-----\n");

  expect((await read(host)).extraCaProblem).toBe(expected);
});

describe("the clock:", () => {
  const never = new AbortController().signal;

  function clockAt(...times: string[]): Clock {
    return { now: () => new Date(times.shift() ?? ""), elapsed: () => 0, sleep: async () => {} };
  }

  test("the service's time is taken for the middle of the round trip, and of its second", async () => {
    const clock = clockAt("2026-11-21T08:00:10.000Z", "2026-11-21T08:00:14.000Z");
    const readServerTime = async (): Promise<Date> => new Date("2026-11-21T08:00:02Z");

    expect(await readClock({ clock, readServerTime }, never)).toEqual({ value: 9500 });
  });

  test.each<[string, () => Promise<Date | undefined>, string]>([
    ["an answer without a date", async () => undefined, "its answer has no date"],
    [
      "nobody",
      () => Promise.reject(new AppError("failed", "cannot reach azure", { hint: "check the network" })),
      "cannot reach azure; check the network",
    ],
  ])("%s tells no time", async (_, readServerTime, reason) => {
    expect(await readClock({ clock: clockAt(), readServerTime }, never)).toEqual({ reason });
  });

  test("whoever answers late is not waited for", async () => {
    const readServerTime = (signal?: AbortSignal): Promise<Date> =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));

    expect(await readClock({ clock: clockAt(), readServerTime }, never, 1)).toEqual({
      reason: "no answer within 0.001 s",
    });
  });

  test("an interrupt is not taken for an illness either", async () => {
    const readServerTime = (): Promise<Date> => Promise.reject(new AppError("failed", "cannot reach azure"));

    await expect(readClock({ clock: clockAt(), readServerTime }, AbortSignal.abort())).rejects.toThrow(
      "cannot reach azure",
    );
  });

  test("a bug is not taken for an illness", async () => {
    const readServerTime = (): Promise<Date> => Promise.reject(new TypeError("a bug"));

    await expect(readClock({ clock: clockAt(), readServerTime }, never)).rejects.toThrow("a bug");
  });
});
