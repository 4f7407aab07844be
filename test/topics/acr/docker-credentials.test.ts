import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDockerHosts } from "../../../src/topics/acr/docker-credentials.ts";
import { createTestHost } from "../../harness.ts";

const LOGIN = "shop.azurecr.io";
const WEST = "shop.westeurope.geo.azurecr.io";
const SECRET = "c2hvcDpodW50ZXIyLWlzLW5vdC1hLXBhc3N3b3Jk";

interface Machine {
  config: unknown;
  /** Shell scripts that stand for credential helpers, by name. */
  helpers?: Record<string, string>;
}

type Read = Awaited<ReturnType<typeof readDockerHosts>>;

/** What is told of two hosts, and the arguments that helpers were called with. */
async function read(
  { config, helpers = {} }: Machine,
  signal = new AbortController().signal,
): Promise<{ told: Read; calls: string }> {
  const { folder } = createTestHost();
  const [docker, bin, log] = [join(folder, "docker"), join(folder, "bin"), join(folder, "calls")];
  for (const each of [docker, bin]) mkdirSync(each);
  writeFileSync(log, "");
  writeFileSync(join(docker, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
  for (const [name, script] of Object.entries(helpers)) {
    const file = join(bin, `docker-credential-${name}`);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>'${log}'\n${script}\n`);
    chmodSync(file, 0o700);
  }
  const env = { DOCKER_CONFIG: docker, PATH: `${bin}:/usr/bin:/bin` };
  const told = await readDockerHosts([LOGIN, WEST], { env, cwd: folder, signal });
  return { told, calls: readFileSync(log, "utf8") };
}

function hosts(login: object, west: object): Read {
  return {
    value: [
      { host: LOGIN, kept: login as Read & { unknown: string } },
      { host: WEST, kept: west as Read & { unknown: string } },
    ],
  };
}

const NONE = { value: undefined };

test("without helpers what is in the file is told, without the secret", async () => {
  const { told } = await read({ config: { auths: { [LOGIN]: { auth: SECRET } } } });

  expect(told).toEqual(hosts({ value: "its file" }, NONE));
  expect(JSON.stringify(told)).not.toContain(SECRET);
});

test("a helper is asked once for its list, and for nothing else", async () => {
  const { told, calls } = await read({
    config: { credsStore: "box" },
    helpers: { box: `echo '{"https://${WEST}": "someone", "elsewhere.io": "someone"}'` },
  });

  expect(told).toEqual(hosts(NONE, { value: "the helper box" }));
  expect(calls).toBe("box list\n");
});

test("azwise's own helper has a token whenever it is asked, and is not run", async () => {
  const { told, calls } = await read({
    config: { credHelpers: { [LOGIN]: "azwise" } },
    helpers: { azwise: "echo '{}'" },
  });

  expect(told).toEqual(hosts({ value: "the helper azwise" }, NONE));
  expect(calls).toBe("");
});

test.each([
  ["that fails", `echo ${SECRET}; exit 3`, "docker-credential-box list failed (3)"],
  ["that prints no list", `echo ${SECRET}`, "docker-credential-box list printed no list"],
  ["that prints an array", "echo '[]'", "docker-credential-box list printed no list"],
  ["that prints without end", "yes", "docker-credential-box said too much and was ended"],
])("a helper %s tells nothing, because", async (_, script, unknown) => {
  const { told } = await read({ config: { credHelpers: { [WEST]: "box" } }, helpers: { box: script } });

  expect(told).toEqual(hosts(NONE, { unknown }));
});

test("a helper that is not there tells nothing, because", async () => {
  const { told } = await read({ config: { credsStore: "gone" } });

  const unknown = "docker-credential-gone is not on the PATH";
  expect(told).toEqual(hosts({ unknown }, { unknown }));
});

test("a helper that does not end, nor what it started, is given up after five seconds", async () => {
  const { told } = await read({
    config: { credHelpers: { [WEST]: "box" } },
    helpers: { box: "sleep 60 & sleep 60" },
  });

  expect(told).toEqual(
    hosts(NONE, { unknown: "docker-credential-box did not answer in 5 seconds and was ended" }),
  );
}, 20_000);

test("an interrupt ends the wait for a helper", async () => {
  const stop = new AbortController();
  const told = read({ config: { credsStore: "box" }, helpers: { box: "sleep 60" } }, stop.signal);

  setTimeout(() => stop.abort(), 200);

  await expect(told).rejects.toThrow(/aborted/);
});

test("a configuration that is none tells nothing, because, and is not quoted", async () => {
  const { told } = await read({ config: `{"auths": ${SECRET}` });

  expect(told).toEqual({ unknown: expect.stringMatching(/is not JSON/) });
  expect(JSON.stringify(told)).not.toContain(SECRET);
});
