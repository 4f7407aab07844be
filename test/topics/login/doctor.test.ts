import { platform } from "node:os";
import { describe, expect, test } from "vitest";
import { runCli, SUBSCRIPTION, TENANT, type TestHost } from "../../harness.ts";
import {
  createDoctorHost,
  azOfVersion,
  writeOpenTokens,
  writeProfile,
  type DoctorHostOptions,
} from "./doctor-host.ts";

const GOLDEN = "../../../fixtures/golden/login";
const NEW_AZ = azOfVersion("2.90.0");

const ENTRY = {
  id: SUBSCRIPTION,
  tenantId: TENANT,
  name: "Contoso Shop Production",
  state: "Enabled",
  user: { name: "ada@contoso.com", type: "user" },
  isDefault: true,
  environmentName: "AzureCloud",
};

async function createHealthyHost(options: DoctorHostOptions = {}): Promise<TestHost> {
  const host = await createDoctorHost({ az: NEW_AZ, ...options });
  await writeProfile(host, { subscriptions: [ENTRY] });
  return host;
}

/** Everything wrong that files and variables can show. */
async function createSickHost(options: DoctorHostOptions = {}): Promise<TestHost> {
  const host = await createDoctorHost({
    az: azOfVersion("2.45.0"),
    env: {
      CI: "true",
      GITHUB_ACTIONS: "true",
      RUNNER_ENVIRONMENT: "self-hosted",
      RUNNER_TEMP: "/runner/_temp",
      AZURE_CLIENT_ID: "c1000000-0000-4000-8000-00000000000c",
      AZURE_CLIENT_SECRET: "a-secret-of-this-test",
      HTTPS_PROXY: "http://ada:a-secret-of-this-test@proxy:3128",
      https_proxy: "http://other:3128",
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      NODE_EXTRA_CA_CERTS: "/no/such/ca.pem",
    },
    ...options,
  });
  const many = Array.from({ length: 12 }, (_, index) => ({
    ...ENTRY,
    isDefault: false,
    tenantId: `t-${index}`,
  }));
  await writeProfile(host, { subscriptions: [...many, { id: "half" }] }, 120);
  await writeOpenTokens(host, 100);
  return host;
}

// Modes and scripts without a suffix do not exist on Windows.
describe.skipIf(platform() === "win32")("doctor", () => {
  test.each([
    ["tty", { tty: true }, []],
    ["pipe", {}, []],
    ["json", {}, ["-o", "json"]],
    ["md", {}, ["-o", "md"]],
  ])("finds all that is wrong (%s)", async (name, options, flags) => {
    const host = await createSickHost(options);

    const { exit, stdout, stderr } = await runCli(host, "login", "doctor", ...flags);

    expect(exit).toBe(3);
    await expect(`${stdout}--- stderr\n${stderr}`).toMatchFileSnapshot(`${GOLDEN}/doctor.${name}.txt`);
  });

  test("a healthy machine is told so, with what is worth knowing", async () => {
    const host = await createHealthyHost({ tty: true });

    const { exit, stdout, stderr } = await runCli(host, "login", "doctor", "--no-color");

    expect(exit).toBe(0);
    await expect(`${stdout}--- stderr\n${stderr}`).toMatchFileSnapshot(`${GOLDEN}/doctor-healthy.tty.txt`);
  });

  test.each([
    ["healthy", "error", 0],
    ["healthy", "warning", 0],
    ["healthy", "info", 3],
    ["healthy", "none", 0],
    ["sick", "error", 3],
    ["sick", "warning", 3],
    ["sick", "info", 3],
    ["sick", "none", 0],
  ])("a %s machine with --fail-on %s exits %i", async (health, gate, expected) => {
    const host = await (health === "sick" ? createSickHost() : createHealthyHost());

    const { exit } = await runCli(host, "login", "doctor", "--fail-on", gate);

    expect(exit).toBe(expected);
  });

  test("warnings alone pass where only errors fail", async () => {
    const host = await createHealthyHost({ az: azOfVersion("2.45.0") });

    const [strict, lenient] = [
      await runCli(host, "login", "doctor"),
      await runCli(host, "login", "doctor", "--fail-on", "error"),
    ];

    expect([strict.exit, lenient.exit]).toEqual([3, 0]);
  });
});

test("a severity that does not exist is refused before anything is looked at", async () => {
  const host = await createDoctorHost();

  const { exit, stdout, stderr } = await runCli(host, "login", "doctor", "--fail-on", "fatal");

  expect({ exit, stdout, stderr }).toEqual({
    exit: 2,
    stdout: "",
    stderr: "error: --fail-on: use error, warning, info or none\n  next: see azwise login doctor --help\n",
  });
});
