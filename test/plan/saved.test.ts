import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../src/errors.ts";
import { loadPlan, savePlan } from "../../src/plan/saved.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION } from "../harness.ts";
import { planOf, step } from "./fake-arm.ts";
import { attach, readJson, saveAttachPlan } from "./saved-plan.ts";

type Document = Record<string, unknown> & { steps: Record<string, unknown>[] };

test("a plan that was saved is loaded as it was, and only its owner can read it", async () => {
  const file = join(createTestHost().folder, "plan.json");
  const plan = planOf(step("a"), step("b", { dependsOn: ["a"], mustFollow: "a", transient: true }));

  await savePlan(file, plan, "/");

  expect(await loadPlan(file, "/")).toEqual(plan);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("the plan that attach saves is what it shows in JSON, and loads without loss", async () => {
  const { host, file } = await saveAttachPlan();

  const shown = JSON.parse((await runCli(host, ...attach(), "-o", "json")).stdout);
  const saved = await readJson(file);
  expect(saved["steps"]).toEqual(shown.steps);
  expect(await loadPlan(file, "/")).toEqual(saved);
});

test("a place that cannot be written is refused, and leaves nothing behind", async () => {
  const { folder } = createTestHost();
  await writeFile(join(folder, "file"), "");

  await expect(savePlan(join(folder, "file", "plan.json"), planOf(), "/")).rejects.toMatchObject({
    kind: "usage",
    message: `cannot write the plan to ${join(folder, "file", "plan.json")}`,
  });
  await expect(savePlan(folder, planOf(), "/")).rejects.toMatchObject({ kind: "usage" });
  expect(await readdir(folder)).toEqual(["file"]);
});

function without(plan: Document, key: string): unknown {
  return Object.fromEntries(Object.entries(plan).filter(([each]) => each !== key));
}

/** The step's own request, as a part of the step that has this name, in a subscription that is not the plan's. */
function elsewhere(step: Record<string, unknown>, name: string): unknown {
  const own = step["request"] as { path: string };
  const request = { ...own, path: own.path.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION) };
  if (name === "request") return request;
  const words = { title: "", byHand: "", keep: "", request };
  return { ...words, when: step["expect"], expect: step["expect"] };
}

const AGAIN = "make it again with --out";

test.each<{ what: string; damage: (plan: Document) => unknown; says: string; next?: string }>([
  { what: "no object", damage: () => [1], says: "is not a plan" },
  { what: "null", damage: () => null, says: "is not a plan" },
  {
    what: "an earlier version",
    damage: (plan) => ({ ...plan, formatVersion: 1 }),
    says: "has plan format 1; this azwise reads format 2",
    next: "make the plan again with this version",
  },
  {
    what: "no version",
    damage: (plan) => without(plan, "formatVersion"),
    says: "is not a plan: formatVersion is wrong",
  },
  { what: "no steps", damage: (plan) => without(plan, "steps"), says: "is not a plan: steps is wrong" },
  {
    what: "no target",
    damage: (plan) => without(plan, "target"),
    says: "is not a plan: target is wrong",
  },
  {
    what: "a step of an unknown kind",
    damage: (plan) => ({ ...plan, steps: [...plan.steps, { ...plan.steps[0], id: "x", kind: "explode" }] }),
    says: "is not a plan: steps.2.kind is wrong",
  },
  {
    what: "a step twice",
    damage: (plan) => ({ ...plan, steps: [...plan.steps, plan.steps[0]] }),
    says: "is not a plan: steps.2.id is wrong",
  },
  {
    what: "steps that wait for each other",
    damage: (plan) => ({ ...plan, steps: plan.steps.toReversed() }),
    says: "is not a plan: steps.0.dependsOn is wrong",
  },
  {
    what: "a step after one that is not there",
    damage: (plan) => ({ ...plan, steps: [{ ...plan.steps[0], mustFollow: "nobody" }] }),
    says: "is not a plan: steps.0.dependsOn is wrong",
  },
  {
    what: "a path outside subscriptions",
    damage: (plan) => ({
      ...plan,
      steps: [{ ...plan.steps[0], request: { method: "PUT", path: "/tenants/x", apiVersion: "1" } }],
    }),
    says: "is not a plan: steps.0.request.path is wrong",
  },
  ...["/subscriptions/x/../y", "/subscriptions/x/.", "/subscriptions/x?y", "/subscriptions/x\\..\\y"].map(
    (path) => ({
      what: `the path ${path}`,
      damage: (plan: Document) => ({
        ...plan,
        steps: [{ ...plan.steps[0], request: { method: "PUT", path, apiVersion: "1" } }],
      }),
      says: "is not a plan: steps.0.request.path is wrong",
    }),
  ),
  ...["request", "restore", "fallBack"].map((name) => ({
    what: `a ${name} of another subscription`,
    damage: (plan: Document) => ({
      ...plan,
      steps: plan.steps.map((each) => ({ ...each, [name]: elsewhere(each, name) })),
    }),
    says: `is not a plan: steps.0.${name} is wrong`,
  })),
  {
    what: "an observation that is no expression",
    damage: (plan) => ({
      ...plan,
      steps: [
        { ...plan.steps[0], expect: { ...(plan.steps[0]?.["expect"] as object), fields: { "a[": 1 } } },
      ],
    }),
    says: "is not a plan: steps.0.expect.fields.a[ is wrong",
  },
])("$what in place of a plan is refused with one line, and nothing is sent", async (damaged) => {
  const { host, file } = await saveAttachPlan();
  const plan = (await readJson(file)) as Document;
  await writeFile(file, JSON.stringify(damaged.damage(plan)));

  const ended = await runCli(host, "apply", file, "--yes");

  const next = damaged.next ?? AGAIN;
  expect(ended).toEqual({
    exit: 2,
    stdout: "",
    stderr: `error: ${file} ${damaged.says}\n  next: ${next}\n`,
  });
});

test("what is not JSON is refused, wherever the file was cut off", async () => {
  const { host, file } = await saveAttachPlan();
  const text = await readFile(file, "utf8");

  for (const length of [0, 1, 100, text.length - 2]) {
    await writeFile(file, text.slice(0, length));
    expect(await runCli(host, "apply", file, "--yes")).toEqual({
      exit: 2,
      stdout: "",
      stderr: `error: ${file} is damaged: it is not JSON\n  next: ${AGAIN}\n`,
    });
  }
});

test("a file that is not there is refused", async () => {
  expect(await runCli(createTestHost(), "apply", "/nowhere/plan.json", "--yes")).toEqual({
    exit: 2,
    stdout: "",
    stderr: "error: cannot read the plan /nowhere/plan.json\n  next: give the path that --out wrote\n",
  });
});

/** Every place in a JSON document, as the keys that lead to it. */
function placesIn(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...placesIn(inner).map((rest) => [key, ...rest]),
  ]);
}

test("whatever value in a saved plan is lost or replaced, loading accepts or refuses it, and never breaks", async () => {
  const { file, host } = await saveAttachPlan();
  const plan = await readJson(file);
  const other = join(host.folder, "other.json");

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...placesIn(plan)),
      fc.constantFrom(undefined, null, 0, "", "x", [], {}, true),
      async (place, value) => {
        const changed = structuredClone(plan);
        const holder = place
          .slice(0, -1)
          .reduce<Record<string, unknown>>((inner, key) => inner[key] as Record<string, unknown>, changed);
        holder[place.at(-1) ?? ""] = value;
        await writeFile(other, JSON.stringify(changed));
        const outcome = await loadPlan(other, "/").catch((error: unknown) => error);
        expect(outcome instanceof Error ? outcome instanceof AppError && outcome.kind : "usage").toBe(
          "usage",
        );
      },
    ),
    { numRuns: 300 },
  );
});
