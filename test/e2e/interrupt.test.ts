import { test, type TestContext } from "vitest";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli, startCli } from "./cli.ts";
import { openMuteProxy } from "./mute-proxy.ts";

const ATTACH = ["odcr", "attach", "--vm", "shop-web-01"];

interface Held extends Double {
  /** Resolves once a request waits for its answer. */
  waiting: Promise<void>;
  release(): void;
}

/** Holds back the answers to requests that match, until they are released. */
async function openHolding({ onTestFinished }: TestContext, path: RegExp): Promise<Held> {
  let arrived = (): void => {};
  let release = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const double = await openDouble({
    before: async ({ url }) => {
      if (!path.test(url)) return;
      arrived();
      await released;
    },
  });
  onTestFinished(() => double.close());
  return Object.assign(double, { waiting, release });
}

/** An attach that met Ctrl-C while Azure works on one of its changes. */
async function interruptAttach(
  context: TestContext,
): Promise<{ double: Held; running: ReturnType<typeof startCli> }> {
  const double = await openHolding(context, /\/operations\//);
  const running = startCli(double, [...ATTACH, "--apply", "--yes"]);
  await double.waiting;
  running.child.kill("SIGINT");
  await running.said("stopping: no new step begins");
  return { double, running };
}

test.concurrent(
  "the first Ctrl-C waits, the second leaves, and resume completes the rest",
  async (context) => {
    const { expect } = context;
    const { double, running } = await interruptAttach(context);
    running.child.kill("SIGINT");
    const interrupted = await running.finished;
    double.release();

    expect(interrupted.exit).toBe(130);
    expect(interrupted.stdout).toBe("");
    const run = /azwise runs resume (\S+)/.exec(interrupted.stderr)?.[1] ?? "";
    expect(interrupted.stderr).toContain(
      "error: interrupted; left where they are: Create capacity reservation group crg-eastus2-zonal (zones 1, 2, 3)\n",
    );
    expect(await runCli(double, ["runs", "resume", run, "--yes"])).toMatchObject({ exit: 0 });
    expect(await runCli(double, ATTACH)).toMatchObject({ exit: 0 });
    expect(double.seen.filter(({ method }) => method === "PUT")).toHaveLength(2);
  },
);

test.concurrent(
  "after one Ctrl-C the step under way ends, and resume goes on from there",
  async (context) => {
    const { expect } = context;
    const { double, running } = await interruptAttach(context);
    double.release();
    const stopped = await running.finished;

    expect(stopped.exit).toBe(130);
    const run = /azwise runs resume (\S+)/.exec(stopped.stderr)?.[1] ?? "";
    expect(double.seen.filter(({ method }) => method === "PUT")).toHaveLength(1);
    expect(await runCli(double, ["runs", "resume", run, "--yes"])).toMatchObject({ exit: 0 });
    expect(await runCli(double, ATTACH)).toMatchObject({ exit: 0 });
  },
);

test.concurrent.each([
  ["the sign-in", /\/oauth2\//],
  ["a read", /\/virtualMachines\?/],
])("Ctrl-C ends %s that gets no answer", async (_, path) => {
  const { expect } = await import("vitest");
  const closers: (() => unknown)[] = [];
  const context = { onTestFinished: (close: () => unknown) => closers.push(close) };
  const double = await openHolding(context as unknown as TestContext, path);
  const running = startCli(double, ATTACH);
  await double.waiting;

  running.child.kill("SIGINT");
  const { exit, stderr } = await running.finished;

  expect(exit).toBe(130);
  expect(stderr).toContain("error: interrupted; nothing was being changed\n");
  await Promise.all(closers.map((close) => close()));
});

test.concurrent.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends a run behind a proxy that never answers, and the process with it",
  async (signal) => {
    const { expect } = await import("vitest");
    const double = await openDouble();
    const proxy = await openMuteProxy();
    const running = startCli(double, ["odcr", "status"], { env: { HTTPS_PROXY: proxy.url } });
    await proxy.waiting;

    running.child.kill(signal);
    const { exit, stderr } = await running.finished;

    expect([exit, stderr]).toEqual([130, "error: interrupted; nothing was being changed\n"]);
    proxy.close();
    await double.close();
  },
);

const RESTART = [
  "odcr",
  "attach",
  "--vm",
  "shop-legacy-01",
  "--allow-restart",
  "--apply",
  "--yes",
  "--verbose",
];

function powerOf({ world }: Double, name: string): string | undefined {
  const machine = Object.values(world.resources).find((each) => each.name === name);
  const view = machine?.properties["instanceView"] as { statuses: { code: string }[] } | undefined;
  return view?.statuses.find(({ code }) => code.startsWith("PowerState/"))?.code;
}

test.concurrent.each([
  ["a dropped session", (running: ReturnType<typeof startCli>) => running.child.kill("SIGHUP")],
  [
    "a reader of stderr that goes away",
    (running: ReturnType<typeof startCli>) => running.child.stderr?.destroy(),
  ],
])("%s does not leave a VM stopped", async (_, lose) => {
  const { expect } = await import("vitest");
  const closers: (() => unknown)[] = [];
  const context = { onTestFinished: (close: () => unknown) => closers.push(close) };
  const double = await openHolding(context as unknown as TestContext, /\/deallocate\?/);
  const running = startCli(double, RESTART);
  await double.waiting;

  lose(running);
  double.release();
  await running.finished;

  expect(double.seen.some(({ path }) => path.includes("/deallocate"))).toBe(true);
  expect(powerOf(double, "shop-legacy-01")).toBe("PowerState/running");
  await Promise.all(closers.map((close) => close()));
});
