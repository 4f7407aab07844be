import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { onTestFinished, test, expect } from "vitest";
import { limitTime } from "../src/time-limit.ts";

test("the time ends whatever is collected as garbage, also beside another signal", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const tidying = setInterval(collect, 5);
  onTestFinished(() => clearInterval(tidying));

  const ended = new Promise<string>((resolve) => {
    const { signal } = limitTime(50, new AbortController().signal);
    signal.addEventListener("abort", () => resolve("ended"));
  });

  expect(await ended).toBe("ended");
});

test("the outer signal ends it, and it was not the time", () => {
  const outer = new AbortController();
  const limit = limitTime(60_000, outer.signal);

  outer.abort(new Error("stop"));

  expect(limit.signal.aborted).toBe(true);
  expect(limit.isOver()).toBe(false);
  limit.clear();
});
