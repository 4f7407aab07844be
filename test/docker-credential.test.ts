import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { dockerCredential } from "../src/docker-credential.ts";
import { version } from "../src/version.ts";
import { createTestHost, SUBSCRIPTION, TENANT, type TestHost } from "./harness.ts";
import { enableRegional } from "./sandbox/registry-data.ts";
import { hostWith } from "./topics/host-with.ts";

const SHOP = "shopregistry.azurecr.io";
const WEST = "shopregistry.westeurope.geo.azurecr.io";
const NOT_FOUND = "credentials not found in native keychain\n";

interface Said {
  exit: number;
  stdout: string;
  stderr: string;
}

/** Its stdout is for Docker alone, so that the host's own check for secrets does not see it. */
async function call(host: TestHost, word: string, stdin = ""): Promise<Said> {
  host.type(stdin);
  let stdout = "";
  host.output.stderr = "";
  const own = { ...host, stdout: { ...host.stdout, write: (text: string) => void (stdout += text) } };
  const exit = await dockerCredential(word === "" ? [] : word.split(" "), own);
  return { exit, stdout, stderr: host.output.stderr };
}

test.each([
  SHOP,
  `https://${SHOP}`,
  `https://${SHOP}/`,
  `https://${SHOP}/v1/\n`,
  `https://${SHOP}/v2/`,
  WEST,
  SHOP.toUpperCase(),
])("get answers for %j as Docker's protocol wants, and says nothing else", async (server) => {
  const { exit, stdout, stderr } = await call(await hostWith(enableRegional), "get", server);

  expect([exit, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toEqual({
    ServerURL: server.trim(),
    Username: "00000000-0000-0000-0000-000000000000",
    Secret: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
  });
});

test.each([
  ["index.docker.io", "https://index.docker.io/v1/"],
  ["a registry of nobody here", "other.azurecr.io"],
  ["a registry of another subscription", "platformimages-g3a9dfh2c5e7b6hk.azurecr.io"],
  ["a host that begins like one", "shopregistry.azurecr.io.attacker.example"],
  ["a host behind a user name", "https://x@shopregistry.azurecr.io"],
  ["a host with a port", `${SHOP}:8443`],
  ["a host over plain HTTP", `http://${SHOP}`],
  ["the same with a path", `http://${SHOP}/v2/`],
  ["the same in capitals", `HTTP://${SHOP}`],
  ["a host behind a user name and password", `https://u:p@${SHOP}/`],
  ["a user name without https", `u@${SHOP}`],
  ["another path", `https://${SHOP}/shop/web`],
  ["a path below one of Docker's", `https://${SHOP}/v2/shop/web`],
  ["a path without https", `${SHOP}/shop/web`],
  ["a query", `https://${SHOP}?x=1`],
  ["a fragment", `https://${SHOP}#/v2/`],
  ["a data host", "shopregistry.westeurope.data.azurecr.io"],
  ["the name alone", "shopregistry"],
])("%s has no credentials, in the protocol's own words", async (_, server) => {
  const host = await hostWith(enableRegional);

  expect(await call(host, "get", server)).toEqual({ exit: 1, stdout: NOT_FOUND, stderr: "" });
});

test("a regional host has none while regional endpoints are off", async () => {
  expect(await call(createTestHost(), "get", WEST)).toMatchObject({ exit: 1, stdout: NOT_FOUND });
});

test("list names nothing; store and erase do nothing and say so; each reads what it is given", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: undefined } });

  expect(await call(host, "list")).toEqual({ exit: 0, stdout: "{}\n", stderr: "" });
  expect(await call(host, "store", '{"Secret":"x"}')).toEqual({
    exit: 0,
    stdout: "",
    stderr: "docker-credential-azwise: store does nothing: a token is made each time, and none is kept\n",
  });
  expect(await call(host, "erase", SHOP)).toMatchObject({ exit: 0, stdout: "" });
  const unread = { ...host, stdin: { ...host.stdin, text: async () => Promise.reject(new Error("read")) } };
  await expect(call(unread, "store")).rejects.toThrow("read");
});

test.each(["version", "--version"])("%s is the version", async (word) => {
  expect((await call(createTestHost(), word)).stdout).toBe(`docker-credential-azwise ${version}\n`);
});

test.each(["", "--help", "put", "get more"])("%j is answered with how it is used", async (word) => {
  expect(await call(createTestHost(), word, SHOP)).toEqual({
    exit: 1,
    stdout: "",
    stderr: expect.stringMatching(/^usage: docker-credential-azwise get\|list\|store\|erase\|version/),
  });
});

test("without a target it is one line that helps", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: undefined } });

  const { exit, stdout, stderr } = await call(host, "get", SHOP);

  expect([exit, stderr, stdout.split("\n")]).toEqual([
    1,
    "",
    [expect.stringMatching(/^azwise: no tenant is named; .*azwise login/), ""],
  ]);
});

test("where a sign-in is needed it is one line that helps", async () => {
  const target = { AZURE_TENANT_ID: TENANT, AZURE_SUBSCRIPTION_ID: SUBSCRIPTION };
  const env = { AZWISE_CLOUD: undefined, AZWISE_AUTH: "device", ...target };

  const { exit, stdout } = await call(createTestHost({ env }), "get", SHOP);

  expect([exit, stdout.split("\n")]).toEqual([1, [expect.stringMatching(/^azwise: .*azwise login/), ""]]);
});

test("the folder's pin holds here, too", async () => {
  const host = createTestHost({ env: { AZURE_TENANT_ID: TENANT } });
  const pin = { formatVersion: 1, cloud: "sandbox", tenantId: "b0000000-0000-4000-8000-00000000000b" };
  writeFileSync(join(host.folder, ".azwise.json"), JSON.stringify(pin));

  const { exit, stdout } = await call(host, "get", SHOP);

  expect([exit, stdout.split("\n").length]).toEqual([1, 2]);
  expect(stdout).toMatch(/^azwise: .*\.azwise\.json/);
});

test("a registry that lets nobody in is one line that helps", async () => {
  const host = await hostWith((world) => {
    world.settings.clientIsPrivate = false;
    world.settings.clientAddress = "198.51.100.7";
  });

  const { exit, stdout } = await call(host, "get", SHOP);

  expect([exit, stdout]).toEqual([
    1,
    "azwise: client with IP '198.51.100.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access. (DENIED); the registry lets no client in from here: ask from inside its network, or see its network rules\n",
  ]);
});

test("what goes wrong is said without escape codes and tokens", async () => {
  const env = { AZWISE_CLOUD: "\u001b[31mcloud\u0007 eyJ0eXAi.eyJ0aWQi.c2ln" };

  const { exit, stdout } = await call(createTestHost({ env }), "get", SHOP);

  expect([exit, stdout]).toEqual([1, expect.stringMatching(/^azwise: .*cloud \*\*\*.*\n$/)]);
  for (const unsafe of ["\u001b", "\u0007", "eyJ"]) expect(stdout).not.toContain(unsafe);
});

test("nothing on standard input is said", async () => {
  expect(await call(createTestHost(), "get", "\n")).toMatchObject({
    exit: 1,
    stdout: "azwise: no server URL on standard input\n",
  });
});

test("a registry that throttles is waited for a minute at most, as Docker waits", async () => {
  // The longest of the pauses that azwise guesses: 2.5, 5, 10 and 20 seconds, and 40 would be too many.
  vi.spyOn(Math, "random").mockReturnValue(1);
  onTestFinished(() => void vi.restoreAllMocks());
  const throttled = async (times: number): Promise<Said> => {
    const match = { path: "/oauth2/exchange" };
    const host = await hostWith(
      (world) => void world.faults.push({ name: "throttle-no-retry-after", match, times, skip: 0 }),
    );
    return call(host, "get", SHOP);
  };

  expect((await throttled(4)).exit).toBe(0);
  expect(await throttled(5)).toMatchObject({
    exit: 1,
    stdout: expect.stringContaining("throttles and asks for a pause of 40 s"),
  });
});
