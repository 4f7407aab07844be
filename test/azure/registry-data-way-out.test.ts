import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { expect, onTestFinished, test, vi } from "vitest";
import { ANSWER_TIMEOUT_MS } from "../../src/azure/pipeline.ts";
import {
  ACCESS,
  at,
  challenged,
  EXCHANGE,
  GLOBAL,
  IMAGE,
  MANIFEST,
  openRegistryData as open,
  PULL,
  READ,
  REFRESH,
  TOKEN,
  type Opened,
} from "./registry-rig.ts";
import { refusalOf, reply } from "./wire.ts";

function read({ data }: Opened): ReturnType<Opened["data"]["readManifest"]> {
  return data.readManifest(at(GLOBAL), "shop/web", "1.4.2");
}

interface Held {
  httpClient: HttpClient;
  /** The next request, once it left. */
  request: Promise<PipelineRequest>;
  /** Says that there is no such image. */
  answer(): void;
}

/** A host that answers when it is told to. */
function hold(): Held {
  let answer = (): void => {};
  let leave: (request: PipelineRequest) => void = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const request = new Promise<PipelineRequest>((resolve) => (leave = resolve));
  const sendRequest = async (sent: PipelineRequest): Promise<PipelineResponse> => {
    leave(sent);
    await answered;
    return { request: sent, status: 404, headers: createHttpHeaders() };
  };
  return { httpClient: { sendRequest }, request, answer: () => answer() };
}

test("a request ends with the run", async () => {
  const run = new AbortController();
  const { httpClient, request, answer } = hold();
  const reading = read(open({}, { httpClient, signal: run.signal }));
  const { abortSignal } = await request;
  const before = abortSignal?.aborted;

  run.abort();

  expect([before, abortSignal?.aborted]).toEqual([false, true]);
  answer();
  await reading;
});

test("a host that does not answer is given up after a time", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { httpClient, request, answer } = hold();
  const reading = read(open({}, { httpClient }));
  const { abortSignal } = await request;

  vi.advanceTimersByTime(ANSWER_TIMEOUT_MS - 1);
  const before = abortSignal?.aborted;
  vi.advanceTimersByTime(1);

  expect([before, abortSignal?.aborted]).toEqual([false, true]);
  answer();
  await reading;
});

test("requests go through the proxy of the environment", async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("HTTPS_PROXY", "http://proxy.example:3128");
  const { httpClient, request, answer } = hold();
  const reading = read(open({}, { httpClient }));
  const { agent } = await request;

  expect(agent).toMatchObject({ proxy: new URL("http://proxy.example:3128") });
  answer();
  await reading;
});

test("a proxy that cannot be used is refused before anything leaves", () => {
  const env = { HTTPS_PROXY: "proxy.example:3128" };

  expect(() => open({}, { env, httpClient: undefined })).toThrow("HTTPS_PROXY is not a URL that can be used");
});

test("each request is a line of the log, without what it carries", async () => {
  const opened = open({ [MANIFEST]: [challenged(GLOBAL), IMAGE], [EXCHANGE]: REFRESH, [TOKEN]: ACCESS });

  await read(opened);

  expect(opened.log.map((line) => line.replace(/ \d+ ms$/, ""))).toEqual([
    `GET ${GLOBAL}/v2/shop/web/manifests/1.4.2 401`,
    `POST ${GLOBAL}/oauth2/exchange 200`,
    `POST ${GLOBAL}/oauth2/token 200`,
    `GET ${GLOBAL}/v2/shop/web/manifests/1.4.2 200`,
  ]);
});

test("an exchange that failed is forgotten: the next request makes another one", async () => {
  const opened = open({
    [MANIFEST]: [challenged(GLOBAL), challenged(GLOBAL), IMAGE],
    [EXCHANGE]: [reply(403, { errors: [{ code: "DENIED", message: "not yet" }] }), REFRESH],
    [TOKEN]: ACCESS,
  });

  expect(await refusalOf(read(opened))).toMatchObject({ code: "DENIED" });
  expect(await read(opened)).toEqual(READ);
});

test("requests that begin together share one exchange", async () => {
  const opened = open({
    [MANIFEST]: [challenged(GLOBAL), challenged(GLOBAL), IMAGE, IMAGE],
    [EXCHANGE]: REFRESH,
    [TOKEN]: [ACCESS, ACCESS],
  });

  expect(await Promise.all([read(opened), read(opened)])).toEqual([READ, READ]);
});

test("the token of each scope is kept beside the others", async () => {
  const tags = `GET https://${GLOBAL}/acr/v1/shop/web/_tags`;
  const opened = open({
    [MANIFEST]: [challenged(GLOBAL), IMAGE, IMAGE],
    [tags]: [challenged(GLOBAL, "repository:shop/web:metadata_read"), reply(200, { tags: [] })],
    [EXCHANGE]: REFRESH,
    [TOKEN]: [ACCESS, reply(200, { access_token: "access-2" })],
  });

  await read(opened);
  for await (const _ of opened.data.listTags(at(GLOBAL), "shop/web"));
  await read(opened);

  expect(opened.wire.requests.map(({ authorization }) => authorization).filter(Boolean)).toEqual([
    "Bearer access-1",
    "Bearer access-2",
    "Bearer access-1",
  ]);
});

test("what comes with a redirect is no answer, whatever it looks like", async () => {
  const location = "https://elsewhere.example/v2/";
  const opened = open({ [MANIFEST]: reply(307, { config: { digest: "sha256:c" } }, { location }) });

  expect(await refusalOf(read(opened))).toMatchObject({ status: 307 });
  expect(opened.wire.seen).toEqual([MANIFEST]);
});

test("a token is asked for with the scope that the registry names, or else with what is needed", async () => {
  const wider = "repository:shop/web:metadata_read,pull";
  const { "www-authenticate": header = "" } = challenged(GLOBAL).headers;
  const silent = { "www-authenticate": header.replace(/,scope=.*$/, "") };
  const first = open({
    [MANIFEST]: [challenged(GLOBAL, wider), IMAGE],
    [EXCHANGE]: REFRESH,
    [TOKEN]: ACCESS,
  });
  const second = open({ [MANIFEST]: [reply(401, {}, silent), IMAGE], [EXCHANGE]: REFRESH, [TOKEN]: ACCESS });

  await read(first);
  await read(second);

  const scopes = [first, second].map(({ wire }) =>
    new URLSearchParams(wire.requests.at(-2)?.body).get("scope"),
  );
  expect(scopes).toEqual([wider, PULL]);
});

test("a refusal of a layer is no answer of where it is", async () => {
  const blob = `GET https://${GLOBAL}/v2/shop/web/blobs/sha256:c`;
  const { data } = open({ [blob]: reply(403, { errors: [{ code: "DENIED", message: "no" }] }) });

  expect(await refusalOf(data.locateBlob(at(GLOBAL), "shop/web", "sha256:c"))).toMatchObject({
    code: "DENIED",
  });
});

test.each([
  [1000, 1000],
  [60_000, 5000],
])("of a run with %i ms a probe takes %i ms at most", async (timeoutMs, most) => {
  const timer = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => timer.mockRestore());
  const { data } = open({ [`GET https://${GLOBAL}/v2/`]: reply(401, {}) }, { timeoutMs });

  await data.probe(at(GLOBAL), 5000);

  expect(timer.mock.calls.map(([, ms]) => ms)).toEqual([most]);
});
