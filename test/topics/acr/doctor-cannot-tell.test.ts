import { expect, test } from "vitest";
import { cite } from "../../../src/docs/cite.ts";
import { imageDate } from "../../../src/topics/acr/doctor-clients-plan.ts";
import { connected, ENDPOINT, replica, UNSHOWN_HOME } from "./builders.ts";
import {
  type Change,
  docker,
  findingsOf,
  images,
  KEY,
  LOGIN,
  NEW,
  OLD,
  registryOf,
  replicas,
  seen,
  west,
  WEST,
  withEndpoint,
} from "./examined.ts";

/** Each check that cannot be made, and why. */
const UNKNOWN: [id: string, change: Change, reason: string][] = [
  ["replicas-unknown", { replicas: { unknown: "no" } }, "no"],
  ["routing-untold", west({ inRouting: undefined }), "the service does not say it of westeurope"],
  [
    "hosts-untold",
    registryOf({ regionalEndpoints: undefined }),
    "whether regional endpoints are on is not told",
  ],
  ["hosts-untold", registryOf({ dataHosts: [] }), "the data host of northeurope is not told"],
  ["webhooks-unknown", { webhooks: { unknown: "no" } }, "no"],
  ["addresses-unknown", { ...withEndpoint(connected()), replicas: { unknown: "no" } }, "no"],
  [
    "addresses-unknown",
    { ...withEndpoint(connected()), ...registryOf({ regionalEndpoints: undefined }) },
    "whether regional endpoints are on is not told",
  ],
  [
    "addresses-unknown",
    withEndpoint({ ...connected(), seen: { kind: "unknown", reason: "its subscription was not given" } }),
    "its subscription was not given",
  ],
  ["key-region-unknown", { ...registryOf(KEY), vault: { unknown: "not allowed" } }, "not allowed"],
  [
    "key-region-unknown",
    { ...registryOf(KEY), vault: { value: undefined } },
    "no such vault is visible in the given subscriptions; add --subscription",
  ],
  ["clusters-unknown", { clusters: { unknown: "no" } }, "no"],
  [
    "clusters-unknown",
    { clusters: { value: { clusters: [], gaps: ["subscription x: no"] } } },
    "subscription x: no",
  ],
  [
    "node-image-unknown",
    images("AKSWindows-2022-containerd-20348.2402.240409", undefined, NEW),
    "no date can be read from pool1 (AKSWindows-2022-containerd-20348.2402.240409), pool2 (no image told)",
  ],
  ["names-unknown", { names: { unknown: "sandbox" } }, "sandbox"],
  ["names-unknown", seen({ answers: { unknown: "DNS gave no answer" } }), "DNS gave no answer"],
  ["names-unknown", seen({ entries: { unknown: "EACCES" } }), "EACCES"],
  ["names-unknown", seen({ kept: { unknown: "EACCES" } }), "EACCES"],
  ["docker-unknown", { docker: { unknown: "is not JSON" } }, "is not JSON"],
  [
    "docker-unknown",
    { docker: { value: [docker(LOGIN, "its file"), { host: WEST, kept: { unknown: "no such program" } }] } },
    "no such program",
  ],
];

test.each(UNKNOWN)("%s is a row of its own that says why (%#)", (id, change, reason) => {
  const findings = findingsOf(change);

  expect(findings.filter((each) => each.id === id)).toContainEqual(
    expect.objectContaining({
      severity: "cannot tell",
      evidence: reason,
      title: expect.stringMatching(/^cannot tell /),
    }),
  );
  expect(findings.map(({ severity }) => severity)).not.toContain("ok");
});

test("what cannot be told cites facts that exist", () => {
  const cited = UNKNOWN.flatMap(([, change]) => findingsOf(change)).flatMap(({ because }) => because);

  expect(cited.filter((id) => cite(id).text === "")).toEqual([]);
});

test.each([
  [NEW, 20260729],
  [OLD, 20251218],
  ["AKSAzureLinux-V3gen2-202610.12.3", 20261012],
  ["AKSUbuntu-1804gen2containerd-2021.10.12", 20211012],
  ["AKSUbuntu-2204gen2containerd-202613.18.0", undefined],
  ["AKSUbuntu-2204gen2containerd-202612.00.0", undefined],
  ["AKSWindows-2022-containerd-20348.2402.240409", undefined],
  ["AKSUbuntu-2204gen2containerd-202607.29.0-custom", undefined],
  ["", undefined],
  [undefined, undefined],
])("the date of the node image %s is %s", (image, date) => {
  expect(imageDate(image)).toBe(date);
});

test("the home replica, which cannot be removed, comes without a command when it is stuck", () => {
  const home = { ...UNSHOWN_HOME, provisioningState: "Creating", status: undefined };
  const stuck = replicas({ ...home, since: "2026-11-21T05:00:00Z" }, replica("westeurope"));
  const change = { ...stuck, ...registryOf({ privateEndpoints: [ENDPOINT] }) };

  expect(findingsOf(change).find(({ id }) => id === "replica-stuck")).toMatchObject({ command: undefined });
});

test("one public address among private ones is what clients may be kept at", () => {
  const answers = [{ addresses: ["10.1.0.4", "20.61.97.1"], seconds: 900 }];
  const kept = findingsOf(seen({ answers: { value: answers } })).filter(({ id }) => id === "name-kept");

  expect(kept.map(({ severity }) => severity)).toEqual(["warning"]);
});
