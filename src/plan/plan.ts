import * as z from "zod";
import { Finding } from "./finding.ts";
import { PLAN_FORMAT } from "./format.ts";
import { isExpression } from "./observe.ts";
import { Observation, ResourcePath } from "./observation.ts";
import { Pursuit } from "./pursuit.ts";

const JsonValue = z.json();

const Request = z.object({
  method: z.enum(["GET", "PUT", "PATCH", "POST", "DELETE"]),
  path: ResourcePath,
  apiVersion: z.string(),
  query: z.record(z.string(), z.string()).optional(),
  body: z.record(z.string(), JsonValue).optional(),
});

const Step = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum([
    "create",
    "associate",
    "raise",
    "stop",
    "start",
    "detach",
    "lower",
    "delete",
    "share",
    "route",
    "switch",
  ]),
  /** The resource that changes. */
  resource: z.string(),
  /** What the planner read; a saved plan is refused when any of it has moved. */
  saw: z.array(Observation),
  request: Request,
  /** What must be true afterwards. */
  expect: Observation,
  /** Where this holds the step is not needed (a VM that is already associated need not be stopped for it). */
  unless: Observation.optional(),
  /** What must hold right before the step is sent, or it fails unsent (a unit is free for the VM to be stopped). */
  needs: Observation.optional(),
  /**
   * JMESPath over the resource of `expect`: what each change of it alters, or only making it anew. A step with a
   * version that an earlier run sent is sent again only while the resource has the one from right before that.
   */
  version: z.string().refine(isExpression, "not JMESPath").optional(),
  /** Refusals with these codes end by themselves: the service's books lag behind what was just done. */
  lags: z
    .object({ codes: z.array(z.string()), pauseMs: z.int().min(0), mostTries: z.int().min(1) })
    .optional(),
  /** The expectation holds only until a later step, so it is not part of the final check. */
  transient: z.boolean().optional(),
  /**
   * Sent when the step failed and the resource then looks like `when`. The value at `keep`, a dotted path in
   * the body of the resource and of the request alike, is the one that was read right before the step was sent.
   * `byHand` is a command that does the same when followed by that value.
   */
  restore: z
    .object({
      when: Observation,
      keep: z.string(),
      request: Request,
      title: z.string(),
      byHand: z.string().optional(),
    })
    .optional(),
  /**
   * The way back when capacity is short for the step: this request first, then the step once more. `byHand` is the
   * command for the former.
   */
  fallBack: z
    .object({ request: Request, expect: Observation, title: z.string(), byHand: z.string() })
    .optional(),
  because: z.array(z.string()),
  /** disconnect: clients of a host that goes away. */
  impact: z.enum(["none", "brief", "restart", "disconnect"]),
  dependsOn: z.array(z.string()),
  /** Once the named step was begun this one is run whatever happens in between (start after stop). */
  mustFollow: z.string().optional(),
  /** A command that does the same, for somebody who has nothing but a note that it is owed. */
  byHand: z.string().optional(),
});

/** A plan as values: everything needed to show, save, check, run and resume it. */
export const Plan = z
  .object({
    formatVersion: z.literal(PLAN_FORMAT),
    /** The command line that made it, without secrets. */
    command: z.string(),
    target: z.object({
      cloud: z.string(),
      tenantId: z.string(),
      subscriptionIds: z.array(z.string()).min(1),
    }),
    /** Tool version and time. */
    createdBy: z.string(),
    steps: z.array(Step).superRefine(checkOrder),
    warnings: z.array(Finding),
    refusals: z.array(Finding),
    /** The steps are of choices, of which one is to succeed; without it all are run. */
    pursuit: Pursuit.optional(),
    /** What it changes it takes back, so a resumed run begins nothing: it does only what must follow. */
    rehearsal: z.boolean().optional(),
  })
  .superRefine(checkChoices)
  .superRefine(checkTarget);

/** A step builds only on steps before it; anything else would never become ready. */
function checkOrder(steps: readonly Step[], context: z.RefinementCtx): void {
  const before = new Set<string>();
  for (const [index, { id, dependsOn, mustFollow }] of steps.entries()) {
    const unknown = [...dependsOn, mustFollow ?? []].flat().some((each) => !before.has(each));
    if (unknown) context.addIssue({ code: "custom", path: [index, "dependsOn"], message: "unknown step" });
    if (before.has(id)) context.addIssue({ code: "custom", path: [index, "id"], message: "not unique" });
    before.add(id);
  }
}

interface Choosing {
  steps: readonly z.infer<typeof Step>[];
  pursuit?: Pursuit | undefined;
}

/** A choice is run without the others, so it must hold all that its steps build on; a step of none never runs. */
function checkChoices({ steps, pursuit }: Choosing, context: z.RefinementCtx): void {
  const wrong = (message: string): void => context.addIssue({ code: "custom", path: ["pursuit"], message });
  if (!pursuit) return;
  const byId = new Map(steps.map((step) => [step.id, step]));
  for (const { steps: ids } of pursuit.choices) {
    const needed = ids.flatMap((id) => byId.get(id)?.dependsOn ?? []);
    if (ids.some((id) => !byId.has(id)) || needed.some((id) => !ids.includes(id))) wrong("a step is missing");
  }
  const chosen = new Set(pursuit.choices.flatMap((choice) => choice.steps));
  if (steps.some(({ id }) => !chosen.has(id))) wrong("a step of no choice");
  const goals = pursuit.choices.map(({ steps: ids }) => ids.at(-1));
  const isShared = (goal: string | undefined): boolean =>
    pursuit.choices.filter((choice) => choice.steps.some((id) => id === goal)).length > 1;
  if (goals.some(isShared)) wrong("what a choice is for is shared");
  if (new Set(pursuit.choices.map(({ name }) => name)).size < pursuit.choices.length) wrong("names repeat");
}

/** What a plan changes is in the subscriptions that its reader is shown. */
function checkTarget(
  {
    steps,
    target,
  }: { steps: readonly z.infer<typeof Step>[]; target: { subscriptionIds: readonly string[] } },
  context: z.RefinementCtx,
): void {
  const own = new Set(target.subscriptionIds.map((id) => id.toLowerCase()));
  for (const [index, step] of steps.entries()) {
    for (const [name, request] of [
      ["request", step.request],
      ["restore", step.restore?.request],
      ["fallBack", step.fallBack?.request],
    ] as const) {
      if (request === undefined || own.has(request.path.split("/")[2]?.toLowerCase() ?? "")) continue;
      context.addIssue({ code: "custom", path: ["steps", index, name], message: "not of the plan's target" });
    }
  }
}

export type Plan = z.infer<typeof Plan>;
export type Step = z.infer<typeof Step>;
export type { Finding } from "./finding.ts";
export type { Observation } from "./observation.ts";
