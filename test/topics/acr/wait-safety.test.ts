import { createHttpHeaders, type PipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { manifestsOf } from "../../../src/sandbox/registry/content.ts";
import { wait, type WaitResult } from "../../../src/topics/acr/wait.ts";
import { openDriver, type Driver } from "../../harness.ts";
import { add, enableRegional, pushed, SHOP_WEST } from "../../sandbox/registry-data.ts";

const ONLY = manifestsOf({ layers: [{ text: "shop web 1.5.0" }] }).top;
const NEW = ONLY.digest;
const OTHERS = ["eastus2", "northeurope"];

type Answer = (request: PipelineRequest) => Promise<PipelineResponse> | undefined;

interface Ended {
  exit: number;
  /** What is said of each replica. */
  states: Record<string, string>;
  west: string;
  /** From the start to the end, on the sandbox's clock. */
  seconds: number;
  /** Requests that were sent to West Europe. */
  toWest: number;
  driver: Driver;
}

/** Waits for a minute for what is everywhere but for what West Europe's host answers. */
async function waitWhile(answer: Answer, timeout = "60s", platforms?: string[]): Promise<Ended> {
  const push = { time: "2026-11-21T07:00:00Z", ...(platforms ? { platforms } : {}) };
  const image = manifestsOf(pushed(push) as Parameters<typeof manifestsOf>[0]).top;
  const driver = await openDriver(
    (world) => {
      enableRegional(world);
      add(world, pushed(push));
    },
    { timeout },
  );
  const { open, ctx } = driver;
  let toWest = 0;
  open.intercept((request, pass) => {
    if (new URL(request.url).host !== SHOP_WEST) return pass(request);
    toWest += 1;
    return answer(request) ?? pass(request);
  });
  const start = open.sandbox.now().getTime();
  const input = wait.input.parse({ image: `shopregistry/shop/web@${image.digest}` });
  const result = (await wait.run(input, ctx)) as WaitResult;
  const seconds = (open.sandbox.now().getTime() - start) / 1000;
  const { exit = 0, data, tables } = wait.view(result);
  const replicas = data["replicas"] as unknown as { name: string; state: string }[];
  const rows = tables[0]!.rows.map(({ cells }) =>
    cells.map((cell) => (cell as { text?: string } | null)?.text ?? cell),
  );
  return {
    exit,
    states: Object.fromEntries(replicas.map(({ name, state }) => [name, state])),
    west: String(rows.find(([name]) => name === "westeurope")?.[1]),
    seconds,
    toWest,
    driver,
  };
}

function answerOf(
  request: PipelineRequest,
  status: number,
  code: string,
  more = {},
): Promise<PipelineResponse> {
  const bodyAsText = JSON.stringify({ errors: [{ code, message: `${code} of this test` }] });
  return Promise.resolve({ request, status, headers: createHttpHeaders(more), bodyAsText });
}

const othersPulled = Object.fromEntries(OTHERS.map((name) => [name, "pullable"]));

test("a replica that never answers holds up no other one, nor the end", async () => {
  const mute: Answer = (request) =>
    new Promise((_, reject) => {
      request.abortSignal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    });

  const ended = await waitWhile(mute);

  expect(ended).toMatchObject({
    exit: 7,
    states: { ...othersPulled, westeurope: "late" },
    west: "did not answer in time",
  });
  expect(ended.seconds).toBe(60);
});

test.each([
  ["without saying for how long", {}],
  ["for a while", { "retry-after": "20" }],
])("a replica that throttles %s holds up no other one, nor the end", async (_, headers) => {
  const ended = await waitWhile((request) => answerOf(request, 429, "TOOMANYREQUESTS", headers));

  expect(ended).toMatchObject({ exit: 7, states: { ...othersPulled, westeurope: "late" } });
  expect(ended.seconds).toBe(60);
});

test("a replica that asks for a longer pause than there is time is not asked again", async () => {
  const header = { "retry-after": "3600" };
  const ended = await waitWhile((request) => answerOf(request, 429, "TOOMANYREQUESTS", header));

  expect(ended).toMatchObject({
    exit: 7,
    states: { ...othersPulled, westeurope: "late" },
    west: "cannot be asked: the service throttles and asks for a pause of 3600 s",
    toWest: 1,
    seconds: 0,
  });
});

test.each([
  [503, "Unavailable"],
  [500, "INTERNAL"],
  [429, "TOOMANYREQUESTS"],
])("after HTTP %i for a moment it is asked again", async (status, code) => {
  let left = 6;
  const ended = await waitWhile(
    (request) => (left-- > 0 ? answerOf(request, status, code) : undefined),
    "10m",
  );

  expect(ended).toMatchObject({ exit: 0, states: { ...othersPulled, westeurope: "pullable" } });
});

test.each([
  [403, "DENIED"],
  [400, "UNSUPPORTED"],
])("a replica that refuses with %i is asked once, and the others count", async (status, code) => {
  const ended = await waitWhile((request) => answerOf(request, status, code));

  expect(ended).toMatchObject({
    exit: 6,
    states: { ...othersPulled, westeurope: "refused" },
    west: `cannot be asked: ${code} of this test`,
    toWest: 1,
    seconds: 0,
  });
});

const LIST = manifestsOf({ layers: [{ text: "shop web 1.5.0" }], platforms: ["amd64", "arm64"] });

test.each([
  ["the digest that is waited for", `/manifests/${LIST.top.digest}`],
  ["an image of the list", `/manifests/${LIST.children[1]!.digest}`],
])(
  "an empty object with HTTP 200 in place of %s is no copy of it, and is asked for again",
  async (_, path) => {
    const headers = createHttpHeaders({ "content-type": "application/json" });
    const ended = await waitWhile(
      (request) =>
        request.url.endsWith(path) && request.headers.has("authorization")
          ? Promise.resolve({ request, status: 200, headers, bodyAsText: "{}" })
          : undefined,
      "60s",
      ["amd64", "arm64"],
    );

    expect(ended).toMatchObject({
      exit: 7,
      states: { ...othersPulled, westeurope: "late" },
      west: expect.stringMatching(/^cannot be asked: .* answered other bytes than those of sha256:/),
      seconds: 60,
    });
  },
);

test("a kind of manifest that azwise does not know is for good", async () => {
  const headers = createHttpHeaders({ "content-type": "application/vnd.oci.artifact.manifest.v1+json" });
  const ended = await waitWhile((request) =>
    request.url.includes("/manifests/") && request.headers.has("authorization")
      ? Promise.resolve({ request, status: 200, headers, bodyAsText: ONLY.text })
      : undefined,
  );

  expect(ended).toMatchObject({
    exit: 6,
    states: { ...othersPulled, westeurope: "refused" },
    west: expect.stringMatching(/a kind of manifest that azwise cannot look into$/),
    seconds: 0,
  });
});

test("401 after the sign-in is for good", async () => {
  const ended = await waitWhile((request) =>
    request.url.includes("/v2/") && request.headers.get("authorization") !== undefined
      ? answerOf(request, 401, "UNAUTHORIZED")
      : undefined,
  );

  expect(ended).toMatchObject({ exit: 6, states: { westeurope: "refused" }, seconds: 0 });
});

test("a challenge that leads elsewhere is for good, and gets no token", async () => {
  const header = { "www-authenticate": 'Bearer realm="https://attacker.example/oauth2/token",service="x"' };
  const ended = await waitWhile((request) => answerOf(request, 401, "UNAUTHORIZED", header));

  expect(ended).toMatchObject({ exit: 6, toWest: 1, seconds: 0 });
});

test("Ctrl-C before the tag was told says that no replica was asked", async () => {
  const { open, ctx, host } = await openDriver(enableRegional);
  open.intercept(async (request, pass) => {
    if (request.url.includes("/manifests/")) host.interrupt();
    return pass(request);
  });

  await expect(wait.run(wait.input.parse({ image: "shopregistry/shop/web:9" }), ctx)).rejects.toMatchObject({
    kind: "interrupted",
    message: "interrupted: what shop/web:9 is was not told yet, so no replica was asked",
  });
  expect(host.output.stderr).not.toContain("not known yet");
});

test("nothing is downloaded or changed, and what was found is not asked for again", async () => {
  const { open, ctx } = await openDriver(
    (world) => {
      enableRegional(world);
      add(world, pushed({}));
    },
    { timeout: "2m" },
  );
  const sent: string[] = [];
  open.intercept((request, pass) => {
    const { host, pathname } = new URL(request.url);
    sent.push(`${request.method} ${host.split(".")[1]} ${pathname}`);
    return pass(request);
  });

  await wait.run(wait.input.parse({ image: `shopregistry/shop/web@${NEW}` }), ctx);

  const blobs = sent.filter((each) => each.includes("/blobs/"));
  expect(blobs.every((each) => each.startsWith("HEAD "))).toBe(true);
  // A configuration and a layer at each of three replicas.
  expect(blobs).toHaveLength(6);
  expect(sent.filter((each) => each.includes(" data ") || each.includes("/docker/registry/"))).toEqual([]);
  // Once without a token, once with it.
  expect(sent.filter((each) => each.includes("eastus2") && each.includes("/manifests/"))).toHaveLength(2);
  expect(open.changes().filter(({ method }) => method !== "HEAD")).toEqual([]);
});

test("a replica whose regional host the service does not tell cannot be asked", async () => {
  const { open, ctx } = await openDriver(enableRegional);
  open.intercept(async (request, pass) => {
    const response = await pass(request);
    const bodyAsText = response.bodyAsText
      ?.replaceAll(`"${SHOP_WEST}",`, "")
      .replaceAll(`,"${SHOP_WEST}"`, "");
    return { ...response, bodyAsText: bodyAsText ?? null };
  });

  const result = await wait.run(wait.input.parse({ image: "shopregistry/shop/web:1.4.2" }), ctx);

  const { exit, tables } = wait.view(result);
  expect(exit).toBe(6);
  expect(JSON.stringify(tables[0]?.rows)).toContain("the service tells no regional host there");
});

test("a replica that answers again is told by what it answers", async () => {
  let left = 6;
  const unknown: Answer = (request) =>
    request.url.includes("/manifests/") && request.headers.get("authorization") !== undefined
      ? answerOf(request, left-- > 0 ? 503 : 404, "OTHER")
      : undefined;

  expect(await waitWhile(unknown)).toMatchObject({ exit: 7, west: "not there" });
});

test("a replica that is being created is left out even where it has a host already", async () => {
  const { open, ctx } = await openDriver(enableRegional);
  open.intercept(async (request, pass) => {
    const response = await pass(request);
    if (!request.url.includes("/replications?")) return response;
    const body = JSON.parse(response.bodyAsText ?? "") as {
      value: { name: string; properties: { provisioningState: string } }[];
    };
    for (const each of body.value)
      if (each.name === "westeurope") each.properties.provisioningState = "Creating";
    return { ...response, bodyAsText: JSON.stringify(body) };
  });

  const result = await wait.run(wait.input.parse({ image: "shopregistry/shop/web:1.4.2" }), ctx);

  expect((result as WaitResult).regions.map(({ name }) => name)).toEqual(["eastus2", "northeurope"]);
});
