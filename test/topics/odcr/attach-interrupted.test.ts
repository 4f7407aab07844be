import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { View } from "../../../src/output/view.ts";
import { attach } from "../../../src/topics/odcr/attach.ts";
import { resume } from "../../../src/topics/runs/resume.ts";
import { isChange, openDriver, type Driver } from "../../harness.ts";
import { ALLOWED, applyAttach, CLEAN_CHANGES, cleanState, settle, watch } from "./attach-world.ts";
import { goOn, killAt, onlyRun, type Moment } from "../killing.ts";

const HOW_MANY = CLEAN_CHANGES.PUT + CLEAN_CHANGES.PATCH + CLEAN_CHANGES.POST;
const CHANGES = Array.from({ length: HOW_MANY }, (_, index) => index + 1);

/** Lets something happen just before or just after the nth change reaches the service. */
function atChange({ open }: Driver, [nth, moment]: [number, Moment], happen: () => void): void {
  let seen = 0;
  open.intercept(async (request, pass) => {
    const isIt = isChange(request) && (seen += 1) === nth;
    if (isIt && moment === "before") happen();
    const response = await pass(request);
    if (isIt && moment === "after") happen();
    return response;
  });
}

test.each(["before", "after"] as const)(
  "killed just %s any one change: resume ends the run and sends nothing twice",
  async (moment) => {
    const results = CHANGES.map(async (nth) => {
      const driver = await openDriver();
      const { killed, bury } = killAt(driver, [nth, moment]);
      const cut = applyAttach(driver.ctx);
      await killed;
      const { exit, state, changes } = await goOn(driver);
      bury();
      await cut;
      return { nth, exit, state, sent: driver.open.changes().length + changes.length };
    });

    const wanted = { exit: EXIT.ok, state: await cleanState(), sent: HOW_MANY };
    expect(await Promise.all(results)).toEqual(CHANGES.map((nth) => ({ nth, ...wanted })));
  },
);

test.each(["before", "after"] as const)(
  "Ctrl-C twice just %s any one change: exit 130, or 6 with a VM stopped, names the run, and resume ends it",
  async (moment) => {
    const results = CHANGES.map(async (nth) => {
      const driver = await openDriver();
      atChange(driver, [nth, moment], () => {
        driver.host.interrupt();
        driver.host.interrupt();
      });
      const { exit: first, error } = await applyAttach(driver.ctx);
      const owed = await readdir(join(driver.host.state, "owed")).catch(() => []);
      // A VM that is stopped, or may be, is partial work.
      const isHonest = first === (owed.length > 0 ? EXIT.partial : EXIT.interrupted);
      const isToldWhat = error?.message.startsWith("interrupted; left where they are: ") === true;
      const isNamed = error?.hint?.split(", or ")[0] === `azwise runs resume ${await onlyRun(driver.host)}`;
      const { exit, state, changes } = await goOn(driver);
      return {
        nth,
        isHonest,
        isToldWhat,
        isNamed,
        exit,
        state,
        sent: driver.open.changes().length + changes.length,
      };
    });

    const first = { isHonest: true, isToldWhat: true, isNamed: true };
    const wanted = { ...first, exit: EXIT.ok, state: await cleanState(), sent: HOW_MANY };
    expect(await Promise.all(results)).toEqual(CHANGES.map((nth) => ({ nth, ...wanted })));
  },
);

test("Ctrl-C once at any one change: no VM stays stopped, and resume ends the run", async () => {
  const results = CHANGES.map(async (nth) => {
    const driver = await openDriver();
    atChange(driver, [nth, "after"], () => driver.host.interrupt());
    const violations = watch(driver.open, ALLOWED);
    const ended = await applyAttach(driver.ctx);
    await settle(driver.open);
    const isDone = ended.statuses.every((status) => status === "done");
    const worse = violations(ended);
    const { exit, state } = await goOn(driver);
    return { nth, exitFits: ended.exit === (isDone ? EXIT.ok : EXIT.interrupted), worse, exit, state };
  });

  const wanted = { exitFits: true, worse: [], exit: EXIT.ok, state: await cleanState() };
  expect(await Promise.all(results)).toEqual(CHANGES.map((nth) => ({ nth, ...wanted })));
});

test("a VM that was started again without having joined is restarted once more by resume", async () => {
  const driver = await openDriver((world) =>
    world.faults.push({
      name: "quota",
      match: { method: "PATCH", path: "/shop-legacy-01" },
      times: 1,
      skip: 0,
    }),
  );

  const ended = await applyAttach(driver.ctx);
  const { exit, state, changes } = await goOn(driver);

  expect([ended.exit, exit]).toEqual([EXIT.partial, EXIT.ok]);
  const powerActions = changes.filter(({ method }) => method === "POST");
  expect(powerActions.map(({ path }) => path.split("/").slice(-2).join(" "))).toEqual([
    "shop-legacy-01 deallocate",
    "shop-legacy-01 start",
    "shop-legacy-02 deallocate",
    "shop-legacy-02 start",
  ]);
  expect(state).toEqual(await cleanState());
});

const LEGACY = { vm: ["shop-legacy-01"], allowRestart: true, apply: true };

function unitNotes(view: View): string[] {
  return (view.notes ?? []).map(({ text }) => text).filter((text) => text.startsWith("one unit of "));
}

test("a unit that was acquired for a VM that is not stopped yet is told, with what uses it", async () => {
  const driver = await openDriver();
  const { open, host, ctx } = driver;
  open.intercept(async (request, pass) => {
    const isRaise = request.method === "PATCH" && request.url.includes("/Regional_");
    if (isRaise) host.interrupt();
    return pass(request);
  });

  const cut = attach.view(await attach.run(attach.input.parse(LEGACY), ctx));

  const run = await onlyRun(host);
  expect(unitNotes(cut)).toEqual([
    `one unit of Regional_D4s_v5 is billed for shop-legacy-01, which does not use it yet: azwise runs resume ${run} restarts the VM into it`,
  ]);
  const again = await openDriver(undefined, { host, world: open.world });
  const resumed = resume.view(await resume.run(resume.input.parse({ id: run }), again.ctx));
  expect([resumed.exit ?? EXIT.ok, unitNotes(resumed)]).toEqual([EXIT.ok, []]);
});
