import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { NameSeen } from "../../src/names/name-seen.ts";
import { readNames } from "../../src/names/read-names.ts";
import { createTestHost, openDriver } from "../harness.ts";
import { openDnsServer, UNKNOWN_NAME, type Reply } from "./dns-server.ts";

const HOST = "shopregistry.azurecr.io";
const NOBODY = ["127.0.0.1:9"];

/** A machine whose files are these, in a folder of its own. */
function rootWith(files: Record<string, string>): string {
  const { root } = createTestHost().machine;
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

async function see(root: string, servers: string[] = NOBODY, waitMs = 500): Promise<NameSeen> {
  const { signal } = new AbortController();
  return readNames(HOST, { root, servers, signal, pauseMs: 1, waitMs });
}

async function answers(...replies: [Reply, ...Reply[]]): Promise<NameSeen["answers"]> {
  return (await see(rootWith({}), [(await openDnsServer(...replies)).address])).answers;
}

test("the name is asked three times, and each answer's own lifetime is told", async () => {
  const address = "20.61.97.1";
  const server = await openDnsServer(
    { addresses: [address], ttl: 58 },
    { addresses: [address], ttl: 57 },
    { addresses: ["20.61.97.3", "20.61.97.2"], ttl: 60 },
  );

  const seen = await see(rootWith({}), [server.address]);

  expect(seen.answers).toEqual({
    value: [
      { addresses: [address], seconds: 58 },
      { addresses: [address], seconds: 57 },
      { addresses: ["20.61.97.2", "20.61.97.3"], seconds: 60 },
    ],
  });
  expect(seen.servers).toEqual([server.address]);
  expect(server.asked).toEqual([HOST, HOST, HOST]);
});

test.each<[string, Reply, string]>([
  ["an unknown name", { code: UNKNOWN_NAME }, "DNS does not know the name"],
  ["a name without an address", { addresses: [], ttl: 60 }, "DNS knows no IPv4 address of it"],
  ["a server that fails", { code: 2 }, "DNS gave no answer (ESERVFAIL)"],
  ["a server that says nothing", "silence", "DNS gave no answer within 0.5 s"],
])("%s cannot be told, because", async (_, reply, unknown) => {
  expect(await answers(reply)).toEqual({ unknown });
});

test("without anybody who answers it cannot be told, soon", async () => {
  const began = Date.now();

  expect((await see(rootWith({}))).answers).toMatchObject({ unknown: /^DNS gave no answer/ });
  expect(Date.now() - began).toBeLessThan(2000);
});

test("one answer is enough where the others are lost", async () => {
  expect(await answers({ addresses: ["20.61.97.1"], ttl: 30 }, { code: 2 })).toEqual({
    value: [{ addresses: ["20.61.97.1"], seconds: 30 }],
  });
});

test("an interrupt ends the wait for an answer", async () => {
  const { address } = await openDnsServer("silence");
  const stop = new AbortController();
  const asked = readNames(HOST, { root: rootWith({}), servers: [address], signal: stop.signal });

  setTimeout(() => stop.abort(), 50);

  await expect(asked).rejects.toThrow(/aborted/);
});

test("lines of the hosts file that name the host are told, comments and others are not", async () => {
  const root = rootWith({
    "etc/hosts": `127.0.0.1 localhost\r\n10.1.0.4\tother ShopRegistry.azurecr.io # pinned\n# 10.1.0.5 ${HOST}\n10.1.0.6 x.${HOST}\n`,
  });

  expect((await see(root)).entries).toEqual({
    value: [{ file: join(root, "etc/hosts"), line: 2, address: "10.1.0.4" }],
  });
});

test("without any file nothing is kept here", async () => {
  expect(await see(rootWith({}))).toMatchObject({ entries: { value: [] }, kept: { value: [] } });
});

test("what dnsmasq is told to keep at least is read from its files and folders", async () => {
  const root = rootWith({
    "etc/dnsmasq.conf": "cache-size=100\n#min-cache-ttl=9\nmin-cache-ttl=60\n min-cache-ttl = 900 # long\n",
    "etc/dnsmasq.d/acr": "min-cache-ttl=30\n",
    "etc/NetworkManager/dnsmasq.d/more.conf": "max-cache-ttl=30\n",
  });

  expect((await see(root)).kept).toEqual({
    value: [
      { cache: "dnsmasq", file: join(root, "etc/dnsmasq.conf"), seconds: 900 },
      { cache: "dnsmasq", file: join(root, "etc/dnsmasq.d/acr"), seconds: 30 },
    ],
  });
});

test.each([
  ["enable-cache hosts yes\npositive-time-to-live hosts 600 # less\n", [600]],
  ["enable-cache hosts yes\npositive-time-to-live passwd 600\n", [3600]],
  ["enable-cache hosts no\npositive-time-to-live hosts 600\n", []],
  ["positive-time-to-live hosts 600\n", []],
])("nscd with %j keeps hosts for %j seconds, and only when it runs", async (text, seconds) => {
  const files = { "etc/nscd.conf": text };
  const keptIn = async (root: string): Promise<number[]> => {
    const { kept } = await see(root);
    return "value" in kept ? kept.value.map((each) => each.seconds) : [-1];
  };

  expect(await keptIn(rootWith({ ...files, "run/nscd/socket": "" }))).toEqual(seconds);
  expect(await keptIn(rootWith(files))).toEqual([]);
});

test("a file that cannot be read cannot be told, because", async () => {
  const root = rootWith({ "etc/nscd.conf": "" });
  symlinkSync("hosts", join(root, "etc/hosts"));

  expect((await see(root)).entries).toEqual({ unknown: `${join(root, "etc/hosts")} cannot be read (ELOOP)` });
});

test("a folder in the place of a file is no such file", async () => {
  expect((await see(rootWith({ "etc/hosts/x": "" }))).entries).toEqual({ value: [] });
});

test("a verb's context asks the servers and reads the files of its host", async () => {
  const { address } = await openDnsServer({ addresses: ["20.61.97.1"], ttl: 5 });
  const root = rootWith({ "etc/hosts": `10.1.0.4 ${HOST}\n` });
  const host = createTestHost({ machine: { root, nameServers: [address] } });
  const { ctx } = await openDriver(() => {}, { host });

  const seen = await ctx.names(HOST);

  expect(seen.entries).toMatchObject({ value: [{ address: "10.1.0.4" }] });
  expect(seen.answers).toMatchObject({ value: [{ seconds: 5 }, { seconds: 5 }, { seconds: 5 }] });
});
