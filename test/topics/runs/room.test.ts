import { appendFile, readdir, truncate, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestHost, runCli, type CliResult, type HostOptions, type TestHost } from "../../harness.ts";
import { attach, changeWorld, reservationIn, saveAttachPlan } from "../../plan/saved-plan.ts";

interface Failed {
  host: TestHost;
  file: string;
  /** Runs a command with this run's id for RUN; its output has RUN for the id. */
  runs(...argv: string[]): Promise<CliResult>;
}

/** A run whose second step, the raise, was refused for want of hardware. */
async function failRaise(options: HostOptions = {}): Promise<Failed> {
  const { host } = await saveAttachPlan(options);
  await changeWorld(host, (world) => {
    const match = { method: "PATCH", path: "/capacityReservations/" };
    world.faults.push({ name: "zonal-allocation-failed", match, times: 1, skip: 0 });
  });
  const ended = await runCli(host, ...attach(), "--apply", "--yes");
  expect(ended.exit).toBe(6);
  const folder = join(host.state, "runs");
  const [name = ""] = await readdir(folder);
  const id = name.replace(".jsonl", "");
  return {
    host,
    file: join(folder, name),
    async runs(...argv) {
      const words = argv.map((word) => word.replace("RUN", id));
      const { exit, stdout, stderr } = await runCli(host, "runs", ...words, "--no-color");
      return { exit, stdout: stdout.replaceAll(id, "RUN"), stderr: stderr.replaceAll(id, "RUN") };
    },
  };
}

const COMMAND = "azwise odcr attach --vm shop-db-01 --group crg-shop --apply --yes";
const TARGET =
  "target: sandbox · tenant a0000000-0000-4000-8000-00000000000a · subscription 5a000000-0000-4000-8000-000000000001 (Contoso Shop Production) · sandbox\n";
const AT = "2026-11-21T08:00:00.000Z";
const REFUSAL =
  "ZonalAllocationFailed: Allocation failed. We do not have sufficient capacity for the requested VM size in this zone. Read more about improving likelihood of allocation success at https://aka.ms/allocation-guidance";

test("list in a pipe is one line per run: id, state, steps done, command", async () => {
  const { runs } = await failRaise();

  expect(await runs("list")).toEqual({
    exit: 0,
    stdout: `RUN\tincomplete\t1/2\t${COMMAND}\n`,
    stderr: "",
  });
});

test("list on a terminal is a table", async () => {
  const { runs } = await failRaise({ tty: true, columns: 140 });

  const { exit, stdout, stderr } = await runs("list");

  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(stdout).toBe(
    ["RUN                       STATE       STEPS  COMMAND", `RUN  incomplete  1/2    ${COMMAND}`, ""].join(
      "\n",
    ),
  );
});

test("without any run, list says so", async () => {
  expect(await runCli(createTestHost(), "runs", "list")).toEqual({
    exit: 0,
    stdout: "",
    stderr: "note: no plan was applied here yet\n",
  });
});

test("list shows a damaged run as such beside the others", async () => {
  const { host, file, runs } = await failRaise();
  await appendFile(file, "{}\n{}\n");
  await runCli(host, ...attach(), "--apply", "--yes");

  const { exit, stdout } = await runs("list");

  expect(exit).toBe(0);
  expect(stdout.split("\n").map((line) => line.split("\t").slice(1))).toEqual(
    expect.arrayContaining([
      ["damaged", "0/0", ""],
      ["finished", "1/1", COMMAND],
    ]),
  );
});

test("show in a pipe is one line per step: title, state, time, detail", async () => {
  const { runs } = await failRaise();

  expect(await runs("show", "RUN")).toEqual({
    exit: 0,
    stdout: [
      `Associate shop-db-01 with crg-shop while it runs\tdone\t${AT}\t`,
      `Raise Zone1_E8s_v5 from 2 to 3\tfailed\t${AT}\t${REFUSAL}`,
      "",
    ].join("\n"),
    stderr: "note: go on with: azwise runs resume RUN\n",
  });
});

test("show on a terminal is a table", async () => {
  const { runs } = await failRaise({ tty: true, columns: 320 });

  expect(await runs("show", "RUN")).toEqual({
    exit: 0,
    stdout: [
      `STEP                                              STATE   AT                        DETAIL`,
      `Associate shop-db-01 with crg-shop while it runs  done    ${AT}`,
      `Raise Zone1_E8s_v5 from 2 to 3                    failed  ${AT}  ${REFUSAL}`,
      "",
    ].join("\n"),
    stderr: "note: go on with: azwise runs resume RUN\n",
  });
});

test("show in JSON has the run, and each step with its state", async () => {
  const { runs } = await failRaise();

  const { stdout } = await runs("show", "RUN", "-o", "json");

  expect(JSON.parse(stdout)).toEqual({
    formatVersion: 1,
    command: "azwise runs show RUN -o json --no-color",
    run: {
      id: "RUN",
      state: "incomplete",
      done: 1,
      steps: 2,
      command: COMMAND,
      createdBy: `azwise 0.1.0 ${AT}`,
    },
    progress: [
      {
        id: "associate shop-db-01 rg-shop-prod",
        title: "Associate shop-db-01 with crg-shop while it runs",
        state: "done",
        at: AT,
        detail: "",
      },
      {
        id: "raise rg-capacity/crg-shop/capacityreservations/zone1_e8s_v5 to 3",
        title: "Raise Zone1_E8s_v5 from 2 to 3",
        state: "failed",
        at: AT,
        detail: REFUSAL,
      },
    ],
    notes: [{ level: "info", text: "go on with: azwise runs resume RUN", because: [] }],
    citations: [],
  });
});

test("a run that was killed is interrupted, and its last step has no answer", async () => {
  const { file, runs } = await failRaise();
  const lines = (await readFile(file, "utf8")).split("\n");
  await truncate(file, Buffer.byteLength(`${lines.slice(0, 4).join("\n")}\n`));

  expect(await runs("list")).toMatchObject({ stdout: `RUN\tinterrupted\t1/2\t${COMMAND}\n` });
  expect(await runs("show", "RUN")).toMatchObject({
    stdout: [
      `Associate shop-db-01 with crg-shop while it runs\tdone\t${AT}\t`,
      `Raise Zone1_E8s_v5 from 2 to 3\tsent, no answer\t${AT}\t`,
      "",
    ].join("\n"),
  });
});

test("resume in a pipe is one line per step of the whole plan", async () => {
  const { runs } = await failRaise();

  expect(await runs("resume", "RUN", "--yes")).toEqual({
    exit: 0,
    stdout: [
      "1\tAssociate shop-db-01 with crg-shop while it runs\tdone\tdone in an earlier run\todcr/zonal-live-attach,azure-wire/zonal-attach-preview",
      "2\tRaise Zone1_E8s_v5 from 2 to 3\tdone\t\todcr/raise-over-running,odcr/order-of-steps,odcr/billing-starts-with-quantity",
      "",
    ].join("\n"),
    stderr: `${TARGET}note: every step was read back and is as asked\n`,
  });
  expect(await runs("list")).toMatchObject({ stdout: `RUN\tfinished\t2/2\t${COMMAND}\n` });
});

test("resume on a terminal asks about the steps that are left", async () => {
  const { host, runs } = await failRaise({ tty: true });
  host.type("y\n");

  const { exit, stdout, stderr } = await runs("resume", "RUN");

  expect(exit).toBe(0);
  expect(stderr).toMatch(/\nSteps\n#  STEP +IMPACT  WHY\n1  Raise Zone1_E8s_v5 from 2 to 3  none/);
  expect(stderr).toContain("\nGo on with 1 step? [y/N] ");
  expect(stdout.split("\n").slice(0, 4)).toEqual([
    "Run RUN",
    "#  STEP                                              RESULT  DETAIL                  WHY",
    "1  Associate shop-db-01 with crg-shop while it runs  done    done in an earlier run  [1][2]",
    "2  Raise Zone1_E8s_v5 from 2 to 3                    done                            [3][4][5]",
  ]);
});

test("resume of a finished run changes nothing and says so", async () => {
  const { runs } = await failRaise({ tty: true });
  await runs("resume", "RUN", "--yes");

  expect(await runs("resume", "RUN", "--yes")).toEqual({
    exit: 0,
    stdout: "",
    stderr: "note: run RUN is finished: nothing is left to do\n",
  });
});

test("resume of a finished run needs no --yes", async () => {
  const { runs } = await failRaise();
  await runs("resume", "RUN", "--yes");

  expect(await runs("resume", "RUN")).toMatchObject({
    exit: 0,
    stderr: "note: run RUN is finished: nothing is left to do\n",
  });
});

test("resume declined changes nothing", async () => {
  const { host, runs } = await failRaise({ tty: true });
  host.type("n\n");

  expect(await runs("resume", "RUN")).toMatchObject({ exit: 5, stdout: "" });
  expect(await runs("show", "RUN")).toMatchObject({ stdout: expect.stringContaining("failed") });
});

test("resume off a terminal needs --yes", async () => {
  const { runs } = await failRaise();

  expect(await runs("resume", "RUN")).toMatchObject({ exit: 2, stdout: "" });
});

test("resume sends nothing that no longer fits, and says what moved", async () => {
  const { file, host, runs } = await failRaise();
  const lines = (await readFile(file, "utf8")).split("\n");
  await truncate(file, Buffer.byteLength(`${lines.slice(0, 3).join("\n")}\n`));
  await changeWorld(host, (world) => {
    const reservation = Object.values(world.resources).find(({ name }) => name === "Zone1_E8s_v5");
    Object.assign(reservation?.["sku"] as object, { capacity: 1 });
  });

  const { exit, stdout } = await runs("resume", "RUN", "--yes");

  expect(exit).toBe(6);
  expect(stdout).toMatch(
    /\tfailed\tDrifted: the plan no longer fits: \S+ sku.capacity was 2, is 1; make a new/,
  );
});

test.each(["show", "resume"])("%s refuses an id that no run has, and one that is a path", async (verb) => {
  const { runs } = await failRaise();

  for (const id of ["20261121T080000-00000000", "../../x", "../runs/RUN"]) {
    expect(await runs(verb, id)).toEqual({
      exit: 2,
      stdout: "",
      stderr: `error: there is no run "${id}"\n  next: azwise runs list\n`,
    });
  }
});

test("where resume found that the plan no longer fits, show advises a new plan", async () => {
  const { host, runs } = await failRaise();
  await changeWorld(host, (world) => {
    const reservation = reservationIn(world);
    reservation.sku.capacity = 9;
    reservation.properties.provisioningState = "Failed";
  });

  const before = await runs("show", "RUN");
  const resumed = await runs("resume", "RUN", "--yes");
  const after = await runs("show", "RUN");

  expect(before.stderr).toBe("note: go on with: azwise runs resume RUN\n");
  expect(resumed.stderr).toContain(`1 of 2 steps not done; make a new plan: ${COMMAND}\n`);
  expect(after.stderr).toBe(`note: make a new plan: ${COMMAND}\n`);
});
