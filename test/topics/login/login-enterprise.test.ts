import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../../harness.ts";
import { openEnterprise } from "./enterprise.ts";
import { countSent, sentIn } from "./sent.ts";

test("a person who is there satisfies a demand for more factors; nobody in a pipe does", async () => {
  const [inPipe, person] = [await openEnterprise(), await openEnterprise({ tty: true })];
  const flags = ["--tenant", "e0000000-0000-4000-8000-000000000011"];

  const [refused, signedIn, confirmed] = [
    await runCli(inPipe, "login", ...flags),
    await runCli(person, "login", ...flags),
    await runCli(inPipe, "login", ...flags, "--yes"),
  ];

  expect(refused.exit).toBe(4);
  expect(refused.stderr).toContain("(AADSTS50076)");
  expect([signedIn.exit, confirmed.exit]).toEqual([0, 0]);
});

test("the command that would help repeats the subscription and the name", async () => {
  const host = await openEnterprise();
  const tenant = "e0000000-0000-4000-8000-000000000011";
  const subscription = "e5000000-0000-4000-8000-000000011001";
  const command = `run azwise login --tenant ${tenant} --subscription ${subscription} --name it --cloud sandbox\n`;

  const typed = ["--tenant", tenant, "--subscription", subscription, "--name", "it"];
  const { exit, stderr } = await runCli(host, "login", ...typed);

  expect(exit).toBe(4);
  expect(stderr).toContain(command);
});

test("so it does where a name was to be looked up", async () => {
  const host = await openEnterprise();
  const tenant = "e0000000-0000-4000-8000-000000000011";

  const { stderr } = await runCli(
    host,
    "login",
    "--tenant",
    tenant,
    "--discover",
    "--subscription",
    "my shop",
  );

  expect(stderr).toContain(
    `run azwise login --tenant ${tenant} --subscription 'my shop' --discover --cloud sandbox\n`,
  );
});

test("a subscription that is seen through a managing tenant says so", async () => {
  const host = await openEnterprise();
  const managed = "e5000000-0000-4000-8000-000000002001";
  const [manager, home] = ["e0000000-0000-4000-8000-000000000001", "e0000000-0000-4000-8000-000000000002"];

  const { exit, stderr } = await runCli(host, "login", "--tenant", manager, "--subscription", managed);

  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: `note: subscription ${managed} belongs to tenant ${home} and is seen through ${manager} (azure-wire/home-tenant-differs)\n`,
  });
});

test("a name is looked up by a walk, and then in the last one", async () => {
  const host = await openEnterprise();
  const flags = ["--discover", "--subscription", "NW-US-prod-003", "--verbose"];

  const [walked, cached] = [await runCli(host, "login", ...flags), await runCli(host, "login", ...flags)];

  const subscription = "e5000000-0000-4000-8000-000000039003";
  const signIn = [
    "POST /e0000000-0000-4000-8000-000000000039/oauth2/v2.0/token",
    `GET /subscriptions/${subscription}`,
  ];
  expect(sentIn(walked.stderr).slice(-2)).toEqual(signIn);
  expect(countSent(walked.stderr)).toMatchObject({ tokens: 41, subscriptionPages: 102 });
  expect(sentIn(cached.stderr)).toEqual(signIn);
  expect(cached.stdout).toMatch(/^nw-us-prod-003\tsandbox\tnorthwind-us\.onmicrosoft\.com\tnw-us-prod-003\t/);
});

test("two subscriptions of the same name are refused with both ids, unless the tenant chooses", async () => {
  const host = await openEnterprise();
  const flags = ["login", "--discover", "--subscription", "shared services"];

  const [refused, chosen] = [
    await runCli(host, ...flags),
    await runCli(
      host,
      ...flags,
      "--tenant",
      "northwind-ca.example",
      "-o",
      "json",
      "--query",
      "subscription.id",
    ),
  ];

  expect(refused).toMatchObject({ exit: 2, stdout: "" });
  expect(refused.stderr).toBe(
    'error: 2 subscriptions are called "shared services": e5000000-0000-4000-8000-000000005005 of tenant e0000000-0000-4000-8000-000000000005, e5000000-0000-4000-8000-000000006005 of tenant e0000000-0000-4000-8000-000000000006\n' +
      "  next: give the one that is meant: azwise login --subscription <id> --cloud sandbox\n",
  );
  expect(chosen.stdout).toBe('"e5000000-0000-4000-8000-000000006005"\n');
});

test("a name that nobody has is refused, with the tenants that were not walked", async () => {
  const host = await openEnterprise();

  const { exit, stderr } = await runCli(host, "login", "--discover", "--subscription", "nope");

  expect({ exit, stderr }).toEqual({
    exit: 4,
    stderr:
      'error: no subscription is called "nope" among 8500 subscriptions seen\n' +
      "  next: 6 of 40 tenants could not be walked: azwise login discover --cached --cloud sandbox says why\n",
  });
});

test("a name that moved since the walk leads nowhere", async () => {
  const host = await openEnterprise();
  await runCli(host, "login", "discover");
  const file = join(host.state, "sandbox", "world.json");
  const world = readFileSync(file, "utf8");
  writeFileSync(file, world.replace('"nw-us-prod-003"', '"somebody else\'s"'));

  const { exit, stderr } = await runCli(host, "login", "--discover", "--subscription", "nw-us-prod-003");

  expect(exit).toBe(4);
  expect(stderr).toMatch(
    /^error: subscription e5000000-0000-4000-8000-000000039003 is now called "somebody else's", not "nw-us-prod-003"\n/,
  );
});
