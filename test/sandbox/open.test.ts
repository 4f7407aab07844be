import { expect, test } from "vitest";
import { fault, machine, openCloud, START } from "./azure.ts";

const WEB = machine("shop-web-01");

test("sleeping moves the clock instead of waiting", async () => {
  const { sandbox, world } = await openCloud();

  await sandbox.sleep(3_600_000);

  expect(sandbox.now().getTime() - START.getTime()).toBe(3_600_000);
  expect(world.clockOffsetMs).toBe(3_600_000);
});

test("sleeps at the same time overlap and end in their order", async () => {
  const { sandbox } = await openCloud();
  const ended: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    await sandbox.sleep(ms);
    ended.push(ms);
  };

  await Promise.all([sleep(60_000), sleep(2000), sleep(5000)]);

  expect(ended).toEqual([2000, 5000, 60_000]);
  expect(sandbox.now().getTime() - START.getTime()).toBe(60_000);
});

test("a short sleep that follows another ends before a long one", async () => {
  const { sandbox } = await openCloud();
  const ended: string[] = [];
  const poll = async (): Promise<void> => {
    for (let count = 0; count < 5; count += 1) {
      await sandbox.sleep(2000);
      await sandbox.answer({ method: "GET", url: "https://management.azure.com/", headers: {}, body: "" });
    }
    ended.push("polls");
  };
  const timeout = sandbox.sleep(60_000).then(() => ended.push("timeout"));

  await Promise.all([poll(), timeout]);

  expect(ended).toEqual(["polls", "timeout"]);
});

test("a sleep ends with the signal's reason, before or while it lasts", async () => {
  const { sandbox } = await openCloud();
  const controller = new AbortController();
  const reason = new Error("interrupted");

  const sleeping = sandbox.sleep(1000, controller.signal);
  controller.abort(reason);

  await expect(sleeping).rejects.toBe(reason);
  await expect(sandbox.sleep(1000, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(sandbox.now()).toEqual(START);
});

test("reads are not saved, changes and moves of the clock are", async () => {
  let saves = 0;
  const cloud = await openCloud({
    save: async () => {
      saves += 1;
    },
  });
  const counts: number[] = [];

  await cloud.send("GET", WEB);
  counts.push(saves);
  await cloud.send("POST", `${WEB}/deallocate`);
  counts.push(saves);
  await cloud.sandbox.sleep(1000);
  await cloud.send("GET", WEB);
  counts.push(saves);

  expect(counts).toEqual([0, 1, 2]);
});

test("saves never overlap, and the last one holds every change", async () => {
  let running = 0;
  let most = 0;
  let saved = "";
  const names = ["shop-web-01", "shop-web-02", "shop-web-03", "shop-db-01"];
  const cloud = await openCloud({
    save: async (world) => {
      running += 1;
      most = Math.max(most, running);
      saved = JSON.stringify(world);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    },
  });

  await Promise.all(names.map((name) => cloud.send("POST", `${machine(name)}/deallocate`)));

  expect(most).toBe(1);
  expect(JSON.parse(saved)).toEqual(cloud.world);
});

test("a lost connection is saved, too, as the fault is used up", async () => {
  let saves = 0;
  const cloud = await openCloud({
    edit: (world) => (world.faults = [fault("lost-before")]),
    save: async () => {
      saves += 1;
    },
  });

  await expect(cloud.send("GET", WEB)).rejects.toThrow("connection lost");

  expect(saves).toBe(1);
});

test("a failed save fails the answer", async () => {
  const cloud = await openCloud({
    save: async () => {
      throw new Error("disk full");
    },
  });

  await expect(cloud.send("POST", `${WEB}/deallocate`)).rejects.toThrow("disk full");
});
