import { expect, test } from "vitest";
import { createFakeArm } from "./fake-arm.ts";
import { choices, leaves, MINUTE, refusal, refuse, run, shortage } from "./pursue-rig.ts";

test.each([
  [{ value: 1 }, true],
  [{ value: 7 }, undefined],
  [undefined, undefined],
])("what was created in vain, and is %j in the end, is said to be left: %s", async (body, isLeft) => {
  const arm = createFakeArm();
  refuse(arm, "a", shortage());
  const path = "/subscriptions/s/a-make";
  const when = { path, apiVersion: "1", exists: true, fields: { value: 1 } };
  const own = choices.map((each) => ({ ...each, leaves: { ...leaves, subject: path, when } }));
  const change = arm.change.bind(arm);
  arm.change = async (request, options) => {
    await change(request, options);
    if (!request.path.endsWith("b-raise")) return;
    arm.resources.delete(path);
    if (body) arm.resources.set(path, body);
  };

  const { pursuit } = await run(arm, { choices: own });

  expect(pursuit.choices.map((each) => each.isLeft)).toEqual([isLeft, undefined]);
});

test("what is interrupted still needs what it made, so that is not said to be left", async () => {
  const arm = createFakeArm();
  refuse(arm, "a", shortage());
  refuse(arm, "b", shortage());
  const stopping = new AbortController();
  const path = "/subscriptions/s/a-make";
  const when = { path, apiVersion: "1", exists: true, fields: { value: 1 } };
  const own = choices.map((each) => ({ ...each, leaves: { ...leaves, subject: path, when } }));
  const onProgress = (text: string | undefined): void => {
    if (text?.startsWith("next try at")) stopping.abort();
  };

  const { pursuit } = await run(arm, { choices: own }, { stop: stopping.signal, onProgress });

  expect([pursuit.end, pursuit.choices[0]?.isLeft]).toEqual(["interrupted", undefined]);
});

test("what is not there any more stops it", async () => {
  const arm = createFakeArm();
  refuse(arm, "a", refusal("ParentResourceNotFound", { status: 404 }));

  const { pursuit } = await run(arm);

  expect([pursuit.end, pursuit.tries]).toEqual(["stopped", 0]);
});

test("there is no extra last try less than a minute after the one before", async () => {
  const arm = createFakeArm();
  refuse(arm, "a", ...Array.from({ length: 9 }, shortage));
  const one = { choices: choices.slice(0, 1) };

  const { raisedAt } = await run(arm, { ...one, forMs: 10.5 * MINUTE }, { random: () => 0.5 });

  expect(raisedAt).toEqual(["a 0", "a 10"]);
});
