import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  createTestHost,
  OTHER_SUBSCRIPTION,
  OTHER_TENANT,
  runCli,
  SUBSCRIPTION,
  TENANT,
  type HostOptions,
  type TestHost,
} from "../../harness.ts";
import { attach, saveAttachPlan } from "../../plan/saved-plan.ts";
import { pinFile, pinFolder, writeConfig } from "./context-host.ts";

function pinnedHost(pin: Record<string, string>, options: HostOptions = {}): TestHost {
  const host = createTestHost(options);
  pinFolder(host, pin);
  return host;
}

const HERE = { cloud: "sandbox", tenant: TENANT, subscription: SUBSCRIPTION };

test("a flag that names another subscription than the pin stops the run before anything is sent", async () => {
  const host = pinnedHost(HERE);

  expect(await runCli(host, "odcr", "status", "--verbose", "--subscription", OTHER_SUBSCRIPTION)).toEqual({
    exit: 4,
    stdout: "",
    stderr: [
      `error: this folder is pinned to subscription ${SUBSCRIPTION} (${pinFile(host)}), but --subscription says ${OTHER_SUBSCRIPTION}`,
      "  next: drop --subscription, or azwise login unpin",
      "",
    ].join("\n"),
  });
});

test("so does one of several subscriptions, and a variable", async () => {
  const host = pinnedHost(HERE, { env: { AZWISE_TENANT: OTHER_TENANT } });
  const flags = ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION];

  const { exit, stderr } = await runCli(host, "odcr", "status", ...flags);

  expect(exit).toBe(4);
  expect(stderr).toContain(
    `AZWISE_TENANT says ${OTHER_TENANT} and --subscription says ${OTHER_SUBSCRIPTION}`,
  );
  expect(stderr).toContain("  next: unset AZWISE_TENANT and drop --subscription, or azwise login unpin\n");
});

test("a pin further up holds, too", async () => {
  const host = pinnedHost(HERE);
  const cwd = join(host.folder, "deep", "down");
  await mkdir(cwd, { recursive: true });

  expect(await runCli({ ...host, cwd }, "odcr", "status", "--tenant", OTHER_TENANT)).toMatchObject({
    exit: 4,
  });
});

test("a domain of the pinned tenant is the pinned tenant, and another domain is not", async () => {
  const host = pinnedHost(HERE);

  const [same, other] = [
    await runCli(host, "odcr", "status", "--tenant", "contoso.onmicrosoft.com"),
    await runCli(host, "odcr", "status", "--tenant", "fabrikam.onmicrosoft.com"),
  ];

  expect(same.exit).toBe(0);
  expect(other.exit).toBe(4);
  expect(other.stderr).toContain(
    `pinned to tenant ${TENANT} (${pinFile(host)}), but --tenant says fabrikam.onmicrosoft.com\n`,
  );
});

test("a rehearsal below the pin of a real cloud goes where it likes", async () => {
  const host = pinnedHost({ cloud: "public", tenant: OTHER_TENANT, subscription: SUBSCRIPTION });

  expect(await runCli(host, "odcr", "status", "--subscription", OTHER_SUBSCRIPTION)).toMatchObject({
    exit: 0,
  });
});

test("a pin without a cloud does not choose in the sandbox, but refuses what is typed", async () => {
  const host = pinnedHost({ subscription: OTHER_SUBSCRIPTION });

  const [silent, typed] = [
    await runCli(host, "odcr", "status"),
    await runCli(host, "odcr", "status", "--subscription", SUBSCRIPTION),
  ];

  expect([silent.exit, typed.exit]).toEqual([0, 4]);
  expect(silent.stderr).toContain(`subscription ${SUBSCRIPTION} `);
});

test("the pin wins over the active context without a word", async () => {
  const host = pinnedHost({ cloud: "sandbox", tenant: TENANT, subscription: OTHER_SUBSCRIPTION });
  const prod = { cloud: "sandbox", tenant: OTHER_TENANT, subscription: SUBSCRIPTION };
  writeConfig(host, { active: "prod", contexts: { prod } });

  const { exit, stderr } = await runCli(host, "odcr", "status");

  expect(exit).toBe(0);
  expect(stderr.split("\n")[0]).toBe(
    `target: sandbox · tenant ${TENANT} · subscription ${OTHER_SUBSCRIPTION} (Contoso Platform) · sandbox`,
  );
});

test("a saved plan for another subscription than the pin is refused before anything is sent", async () => {
  const { host, file } = await saveAttachPlan();
  pinFolder(host, { ...HERE, subscription: OTHER_SUBSCRIPTION });

  expect(await runCli(host, "apply", file, "--yes", "--verbose")).toEqual({
    exit: 4,
    stdout: "",
    stderr: [
      `error: this folder is pinned to subscription ${OTHER_SUBSCRIPTION} (${pinFile(host)}), but the plan says ${SUBSCRIPTION}`,
      "  next: run the plan where it was made, or azwise login unpin",
      "",
    ].join("\n"),
  });
});

test("so is the rest of a run that was made for another subscription", async () => {
  const { host } = await saveAttachPlan();
  const path = "/capacityReservations/";
  await runCli(host, "sandbox", "fault", "zonal-allocation-failed", "--method", "PATCH", "--path", path);
  await runCli(host, ...attach(), "--apply", "--yes");
  const [run = ""] = await readdir(join(host.state, "runs"));
  pinFolder(host, { ...HERE, subscription: OTHER_SUBSCRIPTION });

  const { exit, stderr } = await runCli(host, "runs", "resume", run.replace(".jsonl", ""), "--yes");

  expect(exit).toBe(4);
  expect(stderr).toContain(`but the plan says ${SUBSCRIPTION}\n`);
});

test("variables of a real target beside the context of a rehearsal change nothing anywhere", async () => {
  const { host } = await saveAttachPlan();
  const real = { AZWISE_CLOUD: "", AZURE_TENANT_ID: OTHER_TENANT, AZURE_SUBSCRIPTION_ID: OTHER_SUBSCRIPTION };
  writeConfig(host, { active: "rehearsal", contexts: { rehearsal: HERE } });

  const env = { ...host.env, ...real, AZWISE_AUTH: "environment" };
  const { exit, stderr } = await runCli({ ...host, env }, "odcr", "status", "--verbose");

  expect(exit).toBe(4);
  expect(stderr).toContain(
    "error: AZURE_TENANT_ID is given, but the active context rehearsal is of the sandbox\n",
  );
  expect(stderr).not.toMatch(/^(GET|POST) /m);
});
