import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, type TestContext } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { enableRegional } from "../sandbox/registry-data.ts";
import {
  credentialsIn,
  EAST,
  installHelper,
  NORTH,
  outcomes,
  readDocker,
  USER,
  WEST,
  writeDocker,
} from "../topics/acr/docker-rig.ts";
import { ATTACKER, openDouble, REGISTRY, type Double, type DoubleOptions } from "./azure-double.ts";
import { runCli, startCli, type CliOptions, type Finished } from "./cli.ts";

const LOGIN = ["acr", "login", "shopregistry"];

async function open({ onTestFinished }: TestContext, options: DoubleOptions = {}): Promise<Double> {
  const double = await openDouble({ edit: enableRegional, ...options });
  onTestFinished(() => double.close());
  return double;
}

async function get(double: Double, server: string, options: CliOptions = {}): Promise<Finished> {
  return runCli(double, ["get"], { program: "docker-credential-azwise", stdin: server, ...options });
}

const exchanges = ({ seen }: Double): string[] =>
  seen.filter(({ path }) => path === "/oauth2/exchange").map(({ host }) => host);

/** Says who it is and what it reads, and then waits to be looked at. */
const WAITS = `
cat > "$OUT/stdin"
echo $$ > "$OUT/pid.new" && mv "$OUT/pid.new" "$OUT/pid"
while [ ! -e "$OUT/go" ]; do sleep 0.05; done`;

async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test.skipIf(process.platform !== "linux")(
  "while the helper runs, no command line and no environment of any process holds the secret",
  async (context) => {
    const { expect } = context;
    const double = await open(context);
    writeDocker(double.home, { credHelpers: { [REGISTRY]: "waits" } });
    const env = installHelper(double.home, "waits", WAITS);
    const { finished } = startCli(double, [...LOGIN, "--verbose"], { env });

    await until(() => existsSync(join(env.OUT, "pid")));
    const pid = readFileSync(join(env.OUT, "pid"), "utf8").trim();
    const commands = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => {
        try {
          return readFileSync(`/proc/${name}/cmdline`, "utf8");
        } catch {
          // It ended meanwhile.
          return "";
        }
      });
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
    writeFileSync(join(env.OUT, "go"), "");
    const { exit } = await finished;

    const { Secret, ...rest } = JSON.parse(readFileSync(join(env.OUT, "stdin"), "utf8")) as {
      Secret: string;
    };
    expect([exit, rest]).toEqual([0, { ServerURL: REGISTRY, Username: USER }]);
    expect(double.secrets).toContain(Secret);
    expect(commands.some((each) => each.includes("docker-credential-waits\0store"))).toBe(true);
    for (const secret of [...double.secrets, ...double.tokens]) {
      expect(commands.some((each) => each.includes(secret))).toBe(false);
      expect(environment).not.toContain(secret);
    }
  },
);

test.concurrent(
  "all signs in at each host itself; one that lets nobody in makes it exit 6",
  async (context) => {
    const { expect } = context;
    const body = JSON.stringify({
      errors: [{ code: "DENIED", message: "client with IP '1.2.3.4' is not allowed" }],
    });
    const double = await open(context, {
      before: async ({ url }) =>
        url.startsWith(`https://${NORTH}/`) ? { status: 403, headers: {}, body } : undefined,
    });

    const finished = await runCli(double, [...LOGIN, "--region", "all", "--verbose"]);

    expect([finished.exit, outcomes(finished)]).toEqual([
      6,
      [
        [REGISTRY, "global", "stored", "file"],
        [EAST, "eastus2", "stored", "file"],
        [NORTH, "northeurope", "failed", ""],
        [WEST, "westeurope", "stored", "file"],
      ],
    ]);
    expect(exchanges(double)).toEqual([REGISTRY, EAST, WEST]);
    expect(finished.stderr).toContain(`warning: ${NORTH}: client with IP '1.2.3.4' is not allowed`);
    const [user, token] = credentialsIn(double.home, WEST);
    expect(user).toBe(USER);
    expect(double.secrets).toContain(token);
  },
);

test.concurrent("two processes at once, and one after them, lose no entry", async (context) => {
  const { expect } = context;
  const double = await open(context);
  writeDocker(double.home, '{"auths":{"other":{"auth":"eA=="}},"psFormat":"x"}\n');

  const runs = ["westeurope,eastus2", "northeurope,global"].map((region) =>
    runCli(double, [...LOGIN, "--region", region]),
  );
  expect((await Promise.all(runs)).map(({ exit }) => exit)).toEqual([0, 0]);

  expect(Object.keys(readDocker(double.home).auths).sort()).toEqual(
    ["other", REGISTRY, EAST, NORTH, WEST].sort(),
  );
  expect((await runCli(double, [...LOGIN, "--region", "all", "--remove"])).exit).toBe(0);
  expect(readFileSync(join(double.home, ".docker", "config.json"), "utf8")).toBe(
    '{"auths":{"other":{"auth":"eA=="}},"psFormat":"x"}\n',
  );
  expect(readdirSync(join(double.home, ".docker"))).toEqual(["config.json"]);
});

test.concurrent(
  "docker-credential-azwise hands Docker a fresh token of the host that it names",
  async (context) => {
    const { expect } = context;
    const double = await open(context);

    const [first, second] = [await get(double, `https://${WEST}\n`), await get(double, REGISTRY)];

    const said = [first, second].map(({ exit, stdout, stderr }) => ({ exit, stderr, ...JSON.parse(stdout) }));
    expect(said).toMatchObject([
      { exit: 0, stderr: "", ServerURL: `https://${WEST}`, Username: USER },
      { exit: 0, stderr: "", ServerURL: REGISTRY, Username: USER },
    ]);
    expect([...double.secrets]).toEqual(expect.arrayContaining(said.map(({ Secret }) => Secret)));
    expect(exchanges(double)).toEqual([WEST, REGISTRY]);
    expect(existsSync(join(double.home, ".docker"))).toBe(false);
  },
);

test.skipIf(process.platform === "win32")("the package names both programs, and they run as they are", () => {
  const programs = Object.entries(manifest.bin);
  const folder = mkdtempSync(join(tmpdir(), "azwise-bin-"));

  // As npm puts them on the PATH.
  for (const [name, file] of programs)
    symlinkSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), join(folder, name));
  const said = programs.map(([name]) =>
    execFileSync(join(folder, name), ["--version"], { encoding: "utf8" }),
  );
  rmSync(folder, { recursive: true });

  expect(said).toEqual([`${manifest.version}\n`, `docker-credential-azwise ${manifest.version}\n`]);
});

test.concurrent.each([ATTACKER, `${REGISTRY}.${ATTACKER}`, "index.docker.io", "shopregistry"])(
  "a host that Docker alone names (%s) is sent nothing",
  async (server) => {
    const { expect } = await import("vitest");
    const double = await openDouble({ edit: enableRegional });

    const finished = await get(double, `https://${server}/v1/`);

    expect(finished).toMatchObject({
      exit: 1,
      stdout: "credentials not found in native keychain\n",
      stderr: "",
    });
    expect([exchanges(double), double.attacks, double.connects.includes(server)]).toEqual([[], 0, false]);
    await double.close();
  },
);

test.concurrent("a challenge that leads elsewhere gets no token from either program", async (context) => {
  const { expect } = context;
  const header = `Bearer realm="https://${ATTACKER}/oauth2/token",service="${REGISTRY}"`;
  const double = await open(context, {
    before: async ({ url }) =>
      url.startsWith(`https://${REGISTRY}/`)
        ? { status: 401, headers: { "www-authenticate": header }, body: "{}" }
        : undefined,
  });

  const [login, helper] = [await runCli(double, LOGIN), await get(double, REGISTRY)];

  expect([login.exit, helper.exit, exchanges(double), double.attacks]).toEqual([1, 1, [], 0]);
  expect(login.stderr).toContain(`${REGISTRY} asks for a sign-in elsewhere`);
  expect(helper.stdout).toMatch(/^azwise: shopregistry.azurecr.io asks for a sign-in elsewhere .*\n$/);
});

test.concurrent(
  "in the sandbox, and without a sign-in, the bundle answers Docker in one line",
  async (context) => {
    const { expect } = context;
    const double = await open(context);
    const program = "docker-credential-azwise" as const;

    const sandbox = await get(double, REGISTRY, { env: { AZWISE_CLOUD: "sandbox" } });
    const refused = await get(double, REGISTRY, {
      env: { AZURE_CLIENT_SECRET: "wrong-secret-of-this-test" },
    });
    const stored = await runCli(double, ["store"], { program, stdin: '{"Secret":"x"}' });

    expect([sandbox.exit, Object.keys(JSON.parse(sandbox.stdout))]).toEqual([
      0,
      ["ServerURL", "Username", "Secret"],
    ]);
    expect([refused.exit, refused.stdout.split("\n"), refused.stderr]).toEqual([
      1,
      [expect.stringMatching(/^azwise: .*AADSTS7000215/), ""],
      "",
    ]);
    expect(refused.stdout).not.toContain("wrong-secret-of-this-test");
    expect(stored).toMatchObject({
      exit: 0,
      stdout: "",
      stderr: expect.stringContaining("store does nothing"),
    });
  },
);
