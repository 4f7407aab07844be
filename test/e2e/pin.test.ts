import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli } from "./cli.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const CLIENT = "a1000000-0000-4000-8000-00000000000a";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";

async function openPinned({ onTestFinished }: TestContext, tenant: string): Promise<Double> {
  const double = await openDouble();
  onTestFinished(() => double.close());
  await writeFile(join(double.home, ".azwise.json"), JSON.stringify({ cloud: "public", tenant }));
  return double;
}

test.concurrent(
  "a variable that goes against the pin stops the run, and nothing is sent",
  async (context) => {
    const { expect } = context;
    const double = await openPinned(context, OTHER_TENANT);

    const finished = await runCli(double, ["odcr", "status"]);

    expect(finished).toEqual({
      exit: 4,
      stdout: "",
      stderr: [
        `error: this folder is pinned to tenant ${OTHER_TENANT} (${join(double.home, ".azwise.json")}), but AZURE_TENANT_ID says ${TENANT}`,
        "  next: unset AZURE_TENANT_ID, or azwise login unpin",
        "",
      ].join("\n"),
    });
    expect(double.connects).toEqual([]);
  },
);

test.concurrent("a pinned domain is compared by asking Entra once, before anything else", async (context) => {
  const { expect } = context;
  const double = await openPinned(context, "contoso.com");

  const finished = await runCli(double, ["odcr", "status"]);

  expect(finished.exit).toBe(0);
  expect(double.seen.slice(0, 3).map(({ path }) => path)).toEqual([
    "/contoso.com/v2.0/.well-known/openid-configuration",
    `/${TENANT}/oauth2/v2.0/token`,
    `/subscriptions/${SUBSCRIPTION}`,
  ]);
});

test.concurrent("an assertion that holds takes one token and one request", async (context) => {
  const { expect } = context;
  const double = await openPinned(context, TENANT);
  const flags = `--tenant ${TENANT} --subscription ${SUBSCRIPTION} --principal ${CLIENT}`.split(" ");

  const finished = await runCli(double, ["login", "assert", ...flags]);

  expect([finished.exit, finished.stderr]).toEqual([0, ""]);
  expect(double.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /${TENANT}/oauth2/v2.0/token`,
    `GET /subscriptions/${SUBSCRIPTION}`,
  ]);
});

test.concurrent("of processes that switch and forget at once none loses a context", async (context) => {
  const { expect } = context;
  const double = await openPinned(context, TENANT);
  const names = Array.from({ length: 10 }, (_, index) => `context-${index}`);
  const file = join(double.home, ".config", "azwise", "config.json");
  await mkdir(join(file, ".."), { recursive: true });
  const contexts = Object.fromEntries(names.map((name) => [name, { cloud: "public", tenant: TENANT }]));
  await writeFile(file, JSON.stringify({ contexts }));

  const ended = await Promise.all(
    names.map((name, index) => runCli(double, ["login", index < 5 ? "use" : "forget", name])),
  );

  expect(ended.map(({ exit }) => exit)).toEqual(names.map(() => 0));
  const config = JSON.parse(await readFile(file, "utf8")) as { active: string; contexts: object };
  expect(Object.keys(config.contexts)).toEqual(names.slice(0, 5));
  expect(names.slice(0, 5)).toContain(config.active);
});
