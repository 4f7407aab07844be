import { expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { compare } from "../../../src/topics/acr/compare.ts";
import {
  compareExit,
  compareLooks,
  lockText,
  mergeTags,
  verdictText,
  type Compared,
  type CompareLook,
} from "../../../src/topics/acr/compare-verdict.ts";
import { createTestHost, openDriver, OTHER_SUBSCRIPTION, runCli, type CliResult } from "../../harness.ts";
import { add, enableRegional, pushed, SHOP_WEST } from "../../sandbox/registry-data.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const PYTHON = ["acr", "compare", "platformimages/base/python", "--subscription", OTHER_SUBSCRIPTION];

test("compare looks right on a terminal and in a pipe", async () => {
  const terminal = await runCli(createTestHost(TERMINAL), ...PYTHON);
  const pipe = await runCli(createTestHost(), ...PYTHON);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/compare.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/compare.pipe.txt`);
});

test.each(["json", "md"])("compare as %s is one document", async (format) => {
  const result = await runCli(createTestHost(), ...PYTHON, "--top", "3", "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/compare.${format}.txt`);
});

async function run(change: (world: World) => void, image: string, ...more: string[]): Promise<CliResult> {
  return runCli(await hostWith(change), "acr", "compare", image, ...more);
}

const verdicts = ({ stdout }: CliResult): string[][] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => line.split("\t").slice(0, 2));

test("a tag and a digest are compared alone, in the regions that were named", async () => {
  const tag = await run(enableRegional, "shopregistry.azurecr.io/shop/web:1.4.2", "-o", "json");
  const { compared } = JSON.parse(tag.stdout) as { compared: { looks: { digest: string }[] }[] };
  const { digest } = compared[0]!.looks[0]!;

  const byDigest = await run(
    enableRegional,
    `shopregistry/shop/web@${digest}`,
    "--regions",
    "westeurope,eastus2",
  );

  expect([tag.exit, compared[0]?.looks.length]).toEqual([0, 3]);
  expect(byDigest.exit).toBe(0);
  expect(byDigest.stdout).toBe(
    `${digest.slice(0, 19)}\tsame\t${digest.slice(0, 19)}\t${digest.slice(0, 19)}\n`,
  );
});

test("a fresh push is missing elsewhere, a fresh deletion where it was made, and that is said to be one look", async () => {
  const changes = (world: World): void => {
    enableRegional(world);
    add(world, pushed({}));
    const time = "2026-11-21T08:00:00Z";
    add(world, { kind: "delete", time, region: "eastus2", repository: "shop/web", tag: "1.4.1" });
  };

  const result = await run(changes, "shopregistry/shop/web");

  expect(result.exit).toBe(3);
  expect(verdicts(result)).toEqual([
    ["1.5.0", "missing in northeurope, westeurope"],
    ["stable", "same"],
    ["1.4.2", "same"],
    ["1.4.1", "missing in eastus2"],
  ]);
  expect(result.stderr).toContain("this is one look at each replica");
});

test("a replica that cannot be asked is no difference, and exits 6", async () => {
  const { open, ctx } = await openDriver(enableRegional);
  open.intercept(async (request, pass) => {
    const response = await pass(request);
    const body = JSON.stringify({ errors: [{ code: "DENIED", message: "not from here" }] });
    return new URL(request.url).host === SHOP_WEST
      ? { ...response, status: 403, bodyAsText: body }
      : response;
  });

  const result = await compare.run(compare.input.parse({ image: "shopregistry/shop/web:1.4.2" }), ctx);

  const { exit, notes, tables } = compare.view(result);
  expect(exit).toBe(6);
  expect(notes.map(({ text }) => text)).toEqual(["westeurope cannot be asked: not from here"]);
  expect(tables[0]?.rows[0]?.cells.slice(1)).toMatchObject([
    { text: "same" },
    expect.stringMatching(/^sha256:/),
    expect.stringMatching(/^sha256:/),
    { text: "cannot tell" },
  ]);
});

test("locks are told of a single tag, too", async () => {
  const result = await run(
    () => {},
    "platformimages/base/python:stable",
    "--subscription",
    OTHER_SUBSCRIPTION,
  );

  expect([result.exit, verdicts(result)]).toEqual([3, [["stable", "locks differ"]]]);
});

test("nothing is downloaded", async () => {
  const { open, ctx } = await openDriver(enableRegional);

  await compare.run(compare.input.parse({ image: "shopregistry/shop/web" }), ctx);

  const blobs = open.requests.filter(({ path }) => path.includes("/blobs/"));
  expect(blobs.length).toBeGreaterThan(0);
  expect(blobs.every(({ method }) => method === "HEAD")).toBe(true);
  expect(open.requests.filter(({ path }) => path.includes("/docker/registry/"))).toEqual([]);
});

test.each([
  [enableRegional, "shopregistry/shop/none", [], "no replica has a tag of shop/none"],
  [enableRegional, "shopregistry/shop/web:9", [], "no replica has shop/web:9"],
  [
    () => {},
    "shopregistry/shop/web",
    [],
    "regional endpoints are off\n  next: enable them with: azwise acr regional enable shopregistry",
  ],
  [
    enableRegional,
    "shopregistry/shop/web",
    ["--regions", "westeurope"],
    "error: one replica has nothing to be compared with\n  next: see which there are: azwise acr show shopregistry --sub",
  ],
  [() => {}, "web:1", ["--replica", "a=127.0.0.1:9"], "error: one replica has nothing to be compared with\n"],
  [
    () => {},
    "web",
    [],
    "write HOST/REPO:TAG or HOST/REPO, where HOST is a registry's name or one of its hosts",
  ],
  [() => {}, "shopregistry/shop/web:1", ["--top", "3"], "--top: goes with a repository alone"],
  [() => {}, "shopregistry/shop/web", ["--top", "0"], "--top: a whole number from 1 to 999"],
  [() => {}, `shopregistry/web:1@sha256:${"0".repeat(64)}`, [], "image: name a tag or a digest, not both"],
])("%# is refused", async (change, image, more, message) => {
  const { exit, stdout, stderr } = await run(change, image, ...more);

  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

const A = "sha256:aaaa";
const B = "sha256:bbbb";
const has = (digest: string | undefined, more: object = {}): CompareLook => ({
  copy: { digest, missing: [] },
  locks: undefined,
  ...more,
});
const open = { delete: true, write: true };
const locked = { delete: true, write: false };
const compared = (...looks: CompareLook[]): Compared => ({
  reference: "1",
  looks: looks.map((look, index) => ["abcd"[index] ?? "", look]),
});

test.each<[CompareLook[], string, number]>([
  [[has(A), has(A), has(A)], "same", 0],
  [[has(A), has(B)], "differs", 3],
  [[has(A), has(undefined)], "missing in b", 3],
  [[has(A), has(B), has(undefined), has(undefined)], "differs; missing in c, d", 3],
  [[has(A), has(A, { copy: { digest: A, missing: [{ kind: "blob", digest: B }] } })], "scattered in b", 3],
  [[has(A, { locks: open }), has(A, { locks: locked })], "locks differ", 3],
  [[has(A, { locks: { write: true, delete: true } }), has(A, { locks: open })], "same", 0],
  [[has(A, { locks: locked }), has(A)], "same", 0],
  [[has(A), { unknown: "down" }], "cannot tell", 6],
  [[has(A), has(A), { unknown: "down" }], "same", 6],
  [[has(A), has(B), { unknown: "down" }], "differs", 3],
  [[{ unknown: "down" }, { unknown: "down" }], "cannot tell", 6],
  [[has(A)], "cannot tell", 6],
])("%j is: %s", (looks, verdict, exit) => {
  const each = compared(...looks);

  expect([verdictText(each), compareExit([each])]).toEqual([verdict, exit]);
});

test("a replica that is missing the tag counts for nothing else", () => {
  expect(compareLooks(compared(has(A, { locks: open }), has(undefined)))).toEqual([
    { kind: "missing", replicas: ["b"] },
  ]);
});

test("locks are told by what they forbid", () => {
  expect([lockText(undefined), lockText(open), lockText(locked)]).toEqual(["", "", "no write"]);
});

test("tags are merged newest first, by name where nobody tells times", () => {
  const at = (name: string, updated?: string): { name: string; updated: string | undefined } => ({
    name,
    updated,
  });

  expect(
    mergeTags(
      [
        [at("new", "3"), at("old", "1")],
        [at("old", "2"), at("lost", "2")],
      ],
      2,
    ),
  ).toEqual(["new", "lost"]);
  expect(mergeTags([[at("b"), at("c")], [at("a")]], 9)).toEqual(["a", "b", "c"]);
});

test.each([
  ["1", true],
  ["2", true],
  ["3", false],
])("with --top %s of three tags it is said that there are more: %s", async (top, isMore) => {
  const { stdout, stderr } = await run(enableRegional, "shopregistry/shop/web", "--top", top);

  expect(stdout.trim().split("\n")).toHaveLength(Number(top));
  expect(stderr.includes("there are more tags")).toBe(isMore);
});
