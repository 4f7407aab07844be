import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, test } from "vitest";
import { GIVEN } from "../written.ts";
import { startCli, type Running } from "./cli.ts";
import { AZ, exec, openRig, type Rig } from "./exec-rig.ts";

describe.concurrent("signals", () => {
  const WAIT = "i=0; while [ $i -lt 600 ]; do sleep 0.05; i=$((i+1)); done";

  function start(rig: Rig, script: string): Running {
    const command = ["login", "exec", "--", "/bin/sh", "-c", `${script}; echo ready >&2; ${WAIT}`];
    return startCli(rig, command, { ...rig.options, group: true });
  }

  test.for<[string, NodeJS.Signals, boolean, string, number]>([
    ["SIGTERM goes on to the command", "SIGTERM", false, "trap 'exit 42' TERM", 42],
    ["SIGHUP goes on to the command", "SIGHUP", false, "trap 'exit 43' HUP", 43],
    ["SIGUSR1 goes on to the command", "SIGUSR1", false, "trap 'exit 45' USR1", 45],
    ["SIGUSR2 goes on to the command", "SIGUSR2", false, "trap 'exit 46' USR2", 46],
    ["SIGALRM goes on to the command", "SIGALRM", false, "trap 'exit 47' ALRM", 47],
    ["SIGCONT goes on to the command", "SIGCONT", false, "trap 'exit 48' CONT", 48],
    ["SIGWINCH goes on to the command", "SIGWINCH", false, "trap 'exit 49' WINCH", 49],
    ["a command that SIGTERM ends counts as ended by it", "SIGTERM", false, ":", 143],
    ["Ctrl-C is the command's to handle", "SIGINT", true, "trap 'exit 44' INT", 44],
    ["a command that Ctrl-C ends counts as ended by it", "SIGINT", true, ":", 130],
  ])("%s", async ([, signal, toGroup, script, exit], context) => {
    const { expect } = context;
    const rig = await openRig(context);
    const running = start(rig, script);
    await running.said("ready");

    process.kill(toGroup ? -running.child.pid! : running.child.pid!, signal);
    const finished = await running.finished;

    expect(finished.exit).toBe(exit);
    expect(finished.stderr).not.toContain("Debugger");
    expect(await rig.left()).toEqual([]);
  });

  test("while az signs in they end the run, and the command is not started", async (context) => {
    const { expect } = context;
    // az is a launcher, and what it starts makes its folder anew.
    const busy = `sh -c 'trap "" TERM; while :; do mkdir -p "$AZURE_CONFIG_DIR"; sleep 0.02; done'`;
    const slow = `${AZ}\n[ "$1" = login ] && { : > "$0.waits"; ${busy}; }; true`;
    const rig = await openRig(context, slow);
    const running = start(rig, "echo started");
    while (!(await readdir(join(rig.home, GIVEN, "bin"))).includes("az.waits")) await sleep(20);

    running.child.kill("SIGTERM");
    const { exit, stdout } = await running.finished;

    await sleep(200);

    expect({ exit, stdout }).toEqual({ exit: 130, stdout: "" });
    expect(await rig.left()).toEqual([]);
  });

  test("what SIGKILL leaves behind is removed by the next run", async (context) => {
    const { expect } = context;
    const rig = await openRig(context);
    const running = start(rig, ":");
    await running.said("ready");
    process.kill(-running.child.pid!, "SIGKILL");
    await running.finished;
    const left = await rig.left();

    await exec(rig, ":");

    expect(left).toHaveLength(1);
    expect(await rig.left()).toEqual([]);
  });

  test("but not what a command still uses that SIGKILL of azwise alone left running", async (context) => {
    const { expect } = context;
    const rig = await openRig(context);
    // A command may be quicker than the note of who uses the folder, which is written right after it was started.
    const running = start(rig, 'until [ -s "$AZURE_CONFIG_DIR/.azwise-user" ]; do sleep 0.05; done');
    await running.said("ready");
    running.child.kill("SIGKILL");
    const left = await rig.left();

    await exec(rig, ":");
    const used = await rig.left();
    process.kill(-running.child.pid!, "SIGKILL");
    await running.finished;
    await exec(rig, ":");

    expect(left).toHaveLength(1);
    expect(used).toEqual(left);
    expect(await rig.left()).toEqual([]);
  });
});
