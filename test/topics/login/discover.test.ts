import { expect, test } from "vitest";
import { createTestHost, runCli } from "../../harness.ts";
import { pinFolder } from "./context-host.ts";
import { openEnterprise } from "./enterprise.ts";
import { countSent, sentIn } from "./sent.ts";

const HOME = "e0000000-0000-4000-8000-000000000001";
const NEEDS_MFA = "e0000000-0000-4000-8000-000000000011";

test("a walk of T tenants with P pages sends T tokens, one list of tenants and P pages for each that answers", async () => {
  const host = await openEnterprise();

  const { exit, stderr } = await runCli(host, "login", "discover", "--verbose");

  expect(exit).toBe(0);
  expect(countSent(stderr)).toEqual({ tokens: 40, tenantPages: 1, subscriptionPages: 34 * 3, others: 0 });
});

test("tenants that refuse are rows with what to type, and the others are walked", async () => {
  const host = await openEnterprise();

  const { stdout } = await runCli(host, "login", "discover", "-o", "json");

  const { tenants, subscriptions, duplicates } = JSON.parse(stdout);
  const notWalked = tenants.filter((each: { state: string }) => each.state !== "walked");
  expect(
    notWalked.map((each: Record<string, unknown>) => [each["tenantId"], each["state"], each["code"]]),
  ).toEqual([
    [NEEDS_MFA, "needs MFA", "AADSTS50076"],
    ["e0000000-0000-4000-8000-000000000017", "needs MFA", "AADSTS50076"],
    ["e0000000-0000-4000-8000-000000000023", "needs MFA", "AADSTS50076"],
    ["e0000000-0000-4000-8000-000000000029", "needs MFA", "AADSTS50076"],
    ["e0000000-0000-4000-8000-000000000031", "refused", "AADSTS53003"],
    ["e0000000-0000-4000-8000-000000000037", "refused", "AADSTS700082"],
  ]);
  expect(notWalked.map(({ next }: { next: string }) => next)).toEqual([
    `azwise login --tenant ${NEEDS_MFA} --cloud sandbox`,
    "azwise login --tenant e0000000-0000-4000-8000-000000000017 --cloud sandbox",
    "azwise login --tenant e0000000-0000-4000-8000-000000000023 --cloud sandbox",
    "azwise login --tenant e0000000-0000-4000-8000-000000000029 --cloud sandbox",
    "Conditional Access blocks this sign-in; retrying does not help, ask the tenant's administrator",
    "azwise login --tenant e0000000-0000-4000-8000-000000000037 --cloud sandbox",
  ]);
  expect({ tenants: tenants.length, subscriptions: subscriptions.length, duplicates }).toEqual({
    tenants: 40,
    subscriptions: 34 * 250,
    duplicates: 12,
  });
});

test("the command in a refused tenant's row is the remedy", async () => {
  const host = await openEnterprise();

  await runCli(host, "login", "--tenant", NEEDS_MFA, "--cloud", "sandbox", "--yes");

  const query = `tenants[?tenantId=='${NEEDS_MFA}'].[state, subscriptions][]`;
  const { stdout } = await runCli(host, "login", "discover", "--query", query, "-o", "json");
  expect(JSON.parse(stdout)).toEqual(["walked", 250]);
});

test("a subscription that two tenants show is one row with both, its home first", async () => {
  const host = await openEnterprise();
  const query = "subscriptions[?id=='e5000000-0000-4000-8000-000000002001'] | [0]";

  const { stdout } = await runCli(host, "login", "discover", "--query", query, "-o", "json");

  const home = "e0000000-0000-4000-8000-000000000002";
  expect(JSON.parse(stdout)).toEqual({
    id: "e5000000-0000-4000-8000-000000002001",
    name: "nw-at-test-001",
    state: "Enabled",
    homeTenantId: home,
    seenThrough: [home, HOME],
    managedBy: [HOME],
  });
});

test("what tenants and subscriptions look like on a terminal is as agreed", async () => {
  const host = await openEnterprise({ tty: true, columns: 100 });

  const { stdout } = await runCli(host, "login", "discover", "--no-color");

  await expect(stdout).toMatchFileSnapshot("../../../fixtures/golden/login/discover.txt");
});

test("a pipe gets the tenants, or with --subscriptions the subscriptions", async () => {
  const host = await openEnterprise();

  const [tenants, subscriptions] = [
    await runCli(host, "login", "discover"),
    await runCli(host, "login", "discover", "--cached", "--subscriptions"),
  ];

  expect(tenants.stdout.split("\n")[0]).toBe(`${HOME}\tnorthwind.onmicrosoft.com\twalked\t262\t\t`);
  expect(tenants.stdout).toContain(
    `\n${NEEDS_MFA}\t\tneeds MFA\t\tAADSTS50076\tazwise login --tenant ${NEEDS_MFA} --cloud sandbox\n`,
  );
  expect(tenants.stdout.split("\n")).toHaveLength(40 + 1);
  expect(subscriptions.stdout.split("\n")[0]).toBe(
    "nw-de-test-001\te5000000-0000-4000-8000-000000001001\tEnabled\tnorthwind.onmicrosoft.com\tnorthwind.onmicrosoft.com\t",
  );
  expect(subscriptions.stdout.split("\n")).toHaveLength(34 * 250 + 1);
  expect(tenants.stderr.replace(/^note: e0.*\n/gm, "")).toBe(
    "warning: 6 of 40 tenants could not be walked to the end; what they hold is not known (azure-wire/subscriptions-per-tenant, azure-wire/mfa-is-per-tenant)\n" +
      "note: 12 subscriptions are seen through more than one tenant; az login takes the first one (azure-wire/login-discovery-walk)\n" +
      "note: 8,500 subscriptions; azwise login discover --cached --subscriptions --cloud sandbox lists them\n",
  );
});

test("on a terminal a tenant that refuses has its command on a line below the table", async () => {
  const host = await openEnterprise({ tty: true, columns: 80 });

  const { stdout, stderr } = await runCli(host, "login", "discover", "--no-color");

  expect(stdout).not.toContain("azwise login");
  expect(stderr.match(/note: e0.*/g)).toEqual([
    ...["11", "17", "23", "29"].map((end) => {
      const tenant = `e0000000-0000-4000-8000-0000000000${end}`;
      return `note: ${tenant} needs MFA (AADSTS50076): azwise login --tenant ${tenant} --cloud sandbox`;
    }),
    "note: e0000000-0000-4000-8000-000000000031 refused (AADSTS53003): Conditional Access blocks this sign-in; retrying does not help, ask the tenant's administrator",
    "note: e0000000-0000-4000-8000-000000000037 refused (AADSTS700082): azwise login --tenant e0000000-0000-4000-8000-000000000037 --cloud sandbox",
  ]);
});

test("the subscriptions fit a terminal of 100 columns", async () => {
  const host = await openEnterprise({ tty: true, columns: 100 });

  const { stdout } = await runCli(host, "login", "discover", "--subscriptions", "--no-color");

  const lines = stdout.slice(0, stdout.indexOf("Sources")).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});

test("the bar on a terminal counts tenants and subscriptions", async () => {
  const host = await openEnterprise({ tty: true });

  const { stderr } = await runCli(host, "login", "discover", "--concurrency", "1");

  expect(stderr).toContain("\r[#-------------------] 2 of 40 tenants, 512 subscriptions\u001b[K");
});

test("a start tenant that refuses ends the walk, as it cannot list the others", async () => {
  const host = await openEnterprise();

  const { exit, stdout } = await runCli(host, "login", "discover", "--tenant", NEEDS_MFA);

  expect({ exit, stdout }).toEqual({ exit: 4, stdout: "" });
});

test("the walk may begin in any tenant, and finds the same", async () => {
  const host = await openEnterprise();
  const query = "length(subscriptions)";

  const { stdout } = await runCli(
    host,
    "login",
    "discover",
    "--tenant",
    "northwind-at.example",
    "--query",
    query,
  );

  expect(stdout).toBe("8500\n");
});

test("without a walk the estimate lists the tenants and says that it is a lower bound", async () => {
  const host = await openEnterprise();

  const { exit, stdout, stderr } = await runCli(host, "login", "discover", "--estimate", "--verbose");

  expect(exit).toBe(0);
  expect(countSent(stderr)).toEqual({ tokens: 1, tenantPages: 1, subscriptionPages: 0, others: 0 });
  expect(stdout.split("\n")).toEqual([
    "az login (at least)\t40\t1\t40\t0\t81\taz-login-discovery/login-enumerates,az-login-discovery/cost-is-a-product,azure-wire/login-discovery-walk",
    "azwise login --tenant T --subscription S\t1\t0\t0\t1\t2\taz-login-discovery/fast-and-pinned",
    "",
  ]);
  expect(stderr).toContain("note: a lower bound: 40 tenants with at least one page of subscriptions each");
});

test("after a walk the estimate counts its requests and sends nothing", async () => {
  const host = await openEnterprise();
  const walk = await runCli(host, "login", "discover", "--verbose");
  const sent = countSent(walk.stderr);

  const { stdout, stderr } = await runCli(host, "login", "discover", "--estimate", "-o", "json", "--verbose");

  expect(sentIn(stderr)).toEqual([]);
  expect(JSON.parse(stdout)).toMatchObject({
    tenants: 40,
    tokens: sent.tokens,
    tenantPages: sent.tenantPages,
    subscriptionPages: sent.subscriptionPages,
    total: 143,
    atLeast: false,
    walkedAt: "2026-11-21T08:00:00.000Z",
    pinned: { tokens: 1, subscriptionReads: 1, total: 2 },
  });
});

test.each([["--estimate"], ["--cached"], ["--subscriptions"]])(
  "a pinned folder is not left with %s",
  async (flag) => {
    const host = createTestHost({ env: { AZURE_TENANT_ID: HOME } });
    const file = pinFolder(host, { cloud: "sandbox", tenant: HOME });

    const { exit, stderr } = await runCli(host, "login", "discover", flag, "--tenant", NEEDS_MFA);

    expect([exit, stderr]).toEqual([
      4,
      `error: this folder is pinned to tenant ${HOME} (${file}), but --tenant says ${NEEDS_MFA}\n` +
        "  next: drop --tenant, or azwise login unpin\n",
    ]);
  },
);

test("--cached and --estimate together are wrong usage", async () => {
  const { exit, stderr } = await runCli(createTestHost(), "login", "discover", "--cached", "--estimate");

  expect({ exit, stderr }).toEqual({
    exit: 2,
    stderr:
      "error: --estimate: it looks at the last walk by itself; drop --cached\n  next: see azwise login discover --help\n",
  });
});
