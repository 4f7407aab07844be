import { spawnSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli, startCli, type Finished } from "./cli.ts";
import { digestOf, IS_INSTALLED, startRegistry, type PlainRegistry } from "./docker-registry.ts";

const WEB = "shop/web:1.4.2";
/** Nobody listens there. */
const NOBODY = "127.0.0.1:9";

interface Rig {
  double: Double;
  a: PlainRegistry;
  b: PlainRegistry;
  /** What is asked of both. */
  both: string[];
}

async function open(): Promise<Rig> {
  const double = await openDouble();
  onTestFinished(() => double.close());
  const [a, b] = await Promise.all([startRegistry(), startRegistry()]);
  return { double, a, b, both: ["--replica", `a=${a.host}`, "--replica", `b=${b.host}`] };
}

const wait = ({ double }: Rig, ...argv: string[]): Promise<Finished> =>
  runCli(double, ["acr", "wait", ...argv, "--every", "1s"]);

const because = IS_INSTALLED ? "" : " (skipped: docker-registry is not installed)";

describe.skipIf(!IS_INSTALLED)(`registries that are not Azure's${because}`, () => {
  test("a replica that gets the image later is waited for, and Azure is not asked", async () => {
    const { double, a, b, both } = await open();
    const digest = await a.push(WEB, ["base", "web"]);

    const argv = [
      "acr",
      "wait",
      `${WEB}@${digest}`,
      ...both,
      "--every",
      "1s",
      "--timeout",
      "999h",
      "--verbose",
    ];
    const waiting = startCli(double, argv);
    await waiting.said(`GET ${b.host}/v2/shop/web/manifests/1.4.2 404`);
    await b.push(WEB, ["base", "web"]);
    const { exit, stdout, stderr } = await waiting.finished;

    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("can be pulled from 2 of 2"),
    });
    const rows = stdout.split("\n").map((line) => line.split("\t"));
    expect(rows[0]).toEqual(["a", "can be pulled", "", ""]);
    const [name, state, lag, within] = rows[1]!;
    expect([name, state]).toEqual(["b", "can be pulled"]);
    expect(Number(lag)).toBeGreaterThan(0);
    expect(Number(within)).toBeLessThanOrEqual(Number(lag));
    expect([double.seen, double.connects]).toEqual([[], []]);

    const file = join(double.home, ".local", "state", "azwise", "lag.ndjson");
    const [line = "", ...more] = (await readFile(file, "utf8")).trim().split("\n");
    expect(more).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({ cloud: null, registry: b.host, region: "b", digest });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const told = await runCli(double, ["acr", "lag", b.host]);
    expect([told.exit, told.stdout.split("\t").slice(0, 4)]).toEqual([0, [b.host, "b", "", "1"]]);
  });

  test("a tag that leads elsewhere exits 1, one that is not there 7, and what was found is told", async () => {
    const rig = await open();
    const { a, b, both } = rig;
    await a.push(WEB, ["base", "web"]);
    await b.push(WEB, ["base", "other"]);
    await a.push("shop/web:2", ["base", "two"]);

    const [differs, missing] = await Promise.all([
      wait(rig, WEB, ...both, "--timeout", "3s"),
      wait(rig, "shop/web:2", ...both, "--timeout", "3s"),
    ]);

    expect(differs.exit).toBe(1);
    expect(differs.stdout).toMatch(/^a\tcan be pulled\t\t\nb\tleads to sha256:\w{12}\t\t\n$/);
    expect(differs.stderr).toContain("waited for sha256:");
    expect(missing).toMatchObject({ exit: 7, stdout: "a\tcan be pulled\t\t\nb\tnot there\t\t\n" });
    expect(missing.stderr).toContain("shop/web:2 can be pulled from 1 of 2 replicas, and not from b");
  });

  test("a layer, and an image of a list, that are lost are named by wait and by compare", async () => {
    const rig = await open();
    const { double, a, b, both } = rig;
    for (const each of [a, b]) {
      await each.push(WEB, ["base", "web"]);
      await each.pushList("shop/list:1", ["one", "two"]);
    }
    await b.lose("web");
    await b.lose("two");

    const [waited, compared] = await Promise.all([
      wait(rig, WEB, ...both, "--timeout", "2s"),
      runCli(double, ["acr", "compare", "shop/list", ...both, "-o", "json"]),
    ]);

    const lost = digestOf("web").slice(0, 19);
    expect(waited).toMatchObject({
      exit: 7,
      stdout: expect.stringContaining(`b\tlacks blob ${lost}\t`),
    });
    expect(compared.exit).toBe(3);
    const { compared: rows } = JSON.parse(compared.stdout) as { compared: object[] };
    expect(rows).toMatchObject([
      {
        reference: "1",
        verdict: "scattered in b",
        looks: [{ missing: [] }, { missing: [{ kind: "blob", digest: digestOf("two") }], locks: null }],
      },
    ]);
  });

  test("compare shows what is the same, what differs, and what was deleted in one place", async () => {
    const { double, a, b, both } = await open();
    for (const each of [a, b]) {
      await each.push("shop/web:same", ["base", "same"]);
      await each.push("shop/web:gone", ["base", "gone"]);
    }
    await a.push("shop/web:differs", ["base", "left"]);
    await b.push("shop/web:differs", ["base", "right"]);
    await a.remove("shop/web", await a.push("shop/web:gone", ["base", "gone"]));

    const all = await runCli(double, ["acr", "compare", "shop/web", ...both]);
    const one = await runCli(double, ["acr", "compare", "shop/web:same", ...both]);
    const none = await runCli(double, ["acr", "compare", "shop/web:never", ...both]);

    expect(all.exit).toBe(3);
    expect(all.stdout.split("\n").map((line) => line.split("\t").slice(0, 2))).toEqual([
      ["differs", "differs"],
      ["gone", "missing in a"],
      ["same", "same"],
      [""],
    ]);
    expect(one).toMatchObject({ exit: 0, stderr: "" });
    expect(none).toMatchObject({ exit: 2, stdout: "" });
    expect(none.stderr).toContain("no replica has shop/web:never");
    expect([double.seen, double.connects]).toEqual([[], []]);
  });

  test("one that does not listen holds up nobody, and is asked again until the time is over", async () => {
    const rig = await open();
    const { double, a, b, both } = rig;
    const digest = await a.push(WEB, ["base", "web"]);
    await b.push(WEB, ["base", "web"]);
    const port = Number(b.host.split(":")[1]);
    await b.stop();

    const waiting = runCli(double, ["acr", "wait", `${WEB}@${digest}`, ...both, "--every", "1s"]);
    const late = wait(rig, WEB, "--replica", `a=${a.host}`, "--replica", `b=${NOBODY}`, "--timeout", "2s");
    await sleep(1500);
    await (await startRegistry({ port })).push(WEB, ["base", "web"]);

    const { exit, stdout, stderr } = await late;
    expect({ exit, stdout }).toMatchObject({ exit: 7, stdout: expect.stringMatching(/^a\tcan be pulled/) });
    expect(stderr).toContain("1 of 2 replicas, and not from b");
    expect((await waiting).exit).toBe(0);
  });

  test("one that wants a sign-in is not asked again: the others are, and it exits 6", async () => {
    const rig = await open();
    const closed = await startRegistry({ auth: true });
    await rig.a.push(WEB, ["base", "web"]);

    const started = Date.now();
    const { exit, stdout } = await wait(
      rig,
      WEB,
      "--replica",
      `a=${rig.a.host}`,
      "--replica",
      `b=${closed.host}`,
    );

    expect(exit).toBe(6);
    expect(stdout).toMatch(/^a\tcan be pulled\t\t\nb\tcannot be asked: authentication required\t\t\n$/);
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  test("Ctrl-C exits 130 and tells what is known so far", async () => {
    const rig = await open();
    await rig.a.push(WEB, ["base", "web"]);

    const running = startCli(rig.double, ["acr", "wait", WEB, ...rig.both, "--every", "1s", "--verbose"]);
    await running.said(`GET ${rig.b.host}/v2/shop/web/manifests/1.4.2 404`);
    await sleep(1500);
    running.child.kill("SIGINT");
    const { exit, stdout, stderr } = await running.finished;

    expect({ exit, stdout }).toEqual({ exit: 130, stdout: "" });
    expect(stderr).toContain("a: can be pulled\nb: not there\n");
    expect(stderr).toContain("interrupted: shop/web:1.4.2 was found in 1 of 2 replicas");
  });

  test("through a pipe the result is whole, and the exit code is the command's own", async () => {
    const { double, a, b, both } = await open();
    for (const each of [a, b]) await each.push(WEB, ["base", each.host]);
    const script = 'node "$0" "$@" | cat; exit "${PIPESTATUS[0]}"';
    const bin = join(import.meta.dirname, "../../bin/azwise.js");

    const { status, stdout } = spawnSync("bash", ["-c", script, bin, "acr", "compare", WEB, ...both], {
      encoding: "utf8",
      // No proxy can reach what is on this machine.
      env: { ...double.env, HTTP_PROXY: "http://127.0.0.1:9" },
    });

    expect(status).toBe(3);
    expect(stdout).toMatch(/^1\.4\.2\tdiffers\tsha256:\w{12}\tsha256:\w{12}\n$/);
  });
});
