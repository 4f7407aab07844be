import { expect, test } from "vitest";
import type { Replica } from "../../../src/azure/registry-ports.ts";
import { finishedOfRehearsal, isFinished } from "../../../src/plan/resume.ts";
import {
  planRehearsal,
  requireSeen,
  warnOfSight,
  type RehearsalPlan,
} from "../../../src/topics/acr/rehearse-plan.ts";
import { countText, sinceText } from "../../../src/topics/acr/rehearse-timeline.ts";
import { planOf } from "../../plan/fake-arm.ts";
import { refusal } from "../refusal.ts";
import { registry, replica, UNSHOWN_HOME } from "./builders.ts";

const THREE = [replica("eastus2"), replica("northeurope"), replica("westeurope")];

function plan(replicas: Replica[], acceptRisk = false): RehearsalPlan {
  return planRehearsal({ registry: registry(), replicas }, { region: "westeurope", acceptRisk });
}

test("one step out, needing the one that stays, and one back that follows it whatever happens", () => {
  const { steps, stays, rehearsal } = plan(THREE);

  expect(rehearsal).toBe(true);
  expect(steps).toMatchObject([
    {
      id: "route out westeurope",
      request: { body: { properties: { regionEndpointEnabled: false } } },
      needs: { path: `${registry().id}/replications/eastus2` },
      transient: true,
      dependsOn: [],
    },
    {
      id: "route in westeurope",
      request: { body: { properties: { regionEndpointEnabled: true } } },
      saw: [],
      dependsOn: ["route out westeurope"],
      mustFollow: "route out westeurope",
      byHand: expect.stringMatching(/^azwise acr route in shopimages .*--region westeurope --apply$/),
    },
  ]);
  expect(steps[1]).not.toHaveProperty("unless");
  expect(stays).toEqual(steps[0]?.needs);
});

test.each<[string, Replica[]]>([
  ["is out", [replica("eastus2"), replica("northeurope"), replica("westeurope", { inRouting: false })]],
  [
    "does not tell",
    [replica("eastus2"), replica("northeurope"), replica("westeurope", { inRouting: undefined })],
  ],
])("a replica that %s is not rehearsed", (_, replicas) => {
  expect(refusal(() => plan(replicas))).toEqual([
    "usage",
    "the replica in westeurope is not known to be in global routing, so that there is nothing to rehearse",
  ]);
});

test("fewer than three that can serve are a risk that has to be accepted, the last one is not", () => {
  const two = [UNSHOWN_HOME, replica("northeurope", { provisioningState: "Failed" }), replica("westeurope")];

  expect(refusal(() => plan(two))).toEqual([
    "usage",
    "fewer than 3 replicas of shopimages can serve (eastus2, westeurope): with one out, too few would be left",
  ]);
  expect(plan(two, true).steps).toHaveLength(2);
  expect(refusal(() => plan([replica("westeurope")], true))[0]).toBe("usage");
});

test("a region that cannot be told is refused, or warned of", () => {
  const unknown = { text: "no data hosts", because: [] };
  const wish = { region: "westeurope", acceptRisk: false };

  expect(refusal(() => requireSeen(unknown, wish))).toEqual([
    "partial",
    "cannot tell which region answers: no data hosts",
  ]);
  expect(() => requireSeen(unknown, { ...wish, acceptRisk: true })).not.toThrow();
  expect(warnOfSight(plan(THREE), { unknown })[0]?.text).toContain("only the control plane is believed");
  expect(warnOfSight(plan(THREE), { region: "westeurope" })).toEqual([]);
});

test("of a rehearsal only what must follow a step that was sent is left to resume", () => {
  const made = { ...planOf(), steps: plan(THREE).steps };
  const [out, back] = ["route out westeurope", "route in westeurope"];
  const left = (done: string[], sent: string[]): string[] => {
    const finished = finishedOfRehearsal(made, new Set(done), new Map(sent.map((id) => [id, null])));
    expect(isFinished(made, finished)).toBe(finished.size === 2);
    return made.steps.map(({ id }) => id).filter((id) => !finished.has(id));
  };

  expect(left([], [])).toEqual([]);
  expect(left([], [out])).toEqual([back]);
  expect(left([out], [out])).toEqual([back]);
  expect(left([back], [out, back])).toEqual([]);
});

test("times and counts are written for people", () => {
  expect([0, 63_000, 3_600_000, 3_723_900].map(sinceText)).toEqual([
    "+0:00",
    "+1:03",
    "+1:00:00",
    "+1:02:03",
  ]);
  const look = { at: "", ms: 1 };
  expect(countText([{ ...look, region: "a" }])).toBe("1 answer: 1 of a");
  expect(
    countText([{ ...look, region: "a" }, { ...look, region: "b" }, look, { ...look, failure: "x" }]),
  ).toBe("3 answers: 1 of a, 1 of b, 1 of a region that is not told; 1 request without one");
});
