import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { createTestHost, OTHER_TENANT, runCli, SUBSCRIPTION, TENANT } from "../../harness.ts";
import { configFile, FOREIGN } from "./context-host.ts";

test.each([
  [
    "an unknown subscription",
    ["--tenant", TENANT, "--subscription", "5a000000-0000-4000-8000-0000000000ff"],
    4,
    `error: subscription 5a000000-0000-4000-8000-0000000000ff is not visible in tenant ${TENANT} (SubscriptionNotFound)`,
  ],
  [
    "an unknown subscription without a tenant",
    ["--subscription", "5a000000-0000-4000-8000-0000000000ff"],
    4,
    "error: this cloud has no subscription 5a000000-0000-4000-8000-0000000000ff (SubscriptionNotFound)",
  ],
  [
    "an unknown domain",
    ["--tenant", "nobody.example"],
    4,
    "error: no tenant of cloud sandbox owns the domain nobody.example (AADSTS90002)",
  ],
  [
    "several subscriptions",
    ["--subscription", SUBSCRIPTION, "--subscription", FOREIGN],
    2,
    "error: a sign-in leads to one subscription, not to several",
  ],
  [
    "two names for one context",
    ["--tenant", TENANT, "--name", "a", "--name", "b"],
    2,
    "error: --name is given twice",
  ],
  [
    "a name without --discover",
    ["--subscription", "Contoso Shop Production"],
    2,
    'error: "Contoso Shop Production" is not the id of a subscription',
  ],
  [
    "--discover without a name",
    ["--tenant", TENANT, "--discover"],
    2,
    "error: --discover looks for a subscription by its name, and none is given",
  ],
  [
    "a tenant that is given twice",
    ["--tenant", TENANT, "--tenant", OTHER_TENANT],
    2,
    "error: --tenant is given twice",
  ],
  ["a cloud that is given twice", ["--cloud", "usgov", "--cloud=china"], 2, "error: --cloud is given twice"],
  ["a kind of credential given twice", ["--auth", "cli", "--auth", "cli"], 2, "error: --auth is given twice"],
  ["a name that is none", ["--name", "a b"], 2, 'error: "a b" cannot be the name of a context'],
  [
    "a challenge that is none",
    ["--claims-challenge", "nonsense"],
    2,
    "error: --claims-challenge: this is not a claims challenge: base64 of a JSON object, as it was printed",
  ],
])("%s is refused, and nothing is stored", async (_, flags, exit, error) => {
  const host = createTestHost();

  const result = await runCli(host, "login", ...flags);

  expect({ exit: result.exit, stdout: result.stdout }).toEqual({ exit, stdout: "" });
  expect(result.stderr.split("\n")[0]).toBe(error);
  expect(existsSync(configFile(host))).toBe(false);
});

test("--discover does not look for the subscription that the active context has", async () => {
  const host = createTestHost();
  await runCli(host, "login", "--subscription", SUBSCRIPTION);

  const { exit, stderr } = await runCli(host, "login", "--discover");

  expect(exit).toBe(2);
  expect(stderr).toBe(
    'error: --discover looks for a subscription by its name, and none is given\n  next: add --subscription "its name"; azwise login discover shows what there is\n',
  );
});

test("a kind of credential that does not exist is refused before anything is sent", async () => {
  const flags = ["--tenant", "contoso.com", "--auth", "magic"];

  expect(await runCli(createTestHost(), "login", ...flags, "--verbose")).toEqual({
    exit: 2,
    stdout: "",
    stderr:
      "error: --auth magic is not available\n  next: use --auth auto|environment|workload|pipelines|managed|cli|browser|device|sandbox\n",
  });
});
