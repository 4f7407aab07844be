import { createEmptyPipeline, createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { answerTimeoutPolicy } from "../../src/azure/policies.ts";
import { ARM, openPorts, refusalOf, reply, TOKEN } from "./wire.ts";

const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`;
const LIST = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines`;
const CHANGE = { method: "PATCH", path: VM, apiVersion: "2024-11-01", body: {} } as const;

test.each([
  ["another host", "https://attacker.example/poll?t=1", "https://attacker.example"],
  ["plain http", "http://management.azure.com/poll", "http://management.azure.com"],
  ["another port", "https://management.azure.com:8443/poll", "https://management.azure.com:8443"],
  ["a name that ends alike", "https://evil-management.azure.com/poll", "https://evil-management.azure.com"],
  ["a host behind a user name", "https://management.azure.com@evil.example/poll", "https://evil.example"],
  ["a host without a scheme", "//evil.example/poll", "something that is not a URL"],
  ["no URL at all", "nonsense", "something that is not a URL"],
])("a poll URL that names %s is refused, and no request leaves", async (_, url, where) => {
  const { arm, wire, log } = openPorts({
    [`PATCH ${ARM}${VM}`]: reply(202, undefined, { "azure-asyncoperation": url }),
  });

  expect(await refusalOf(arm.change(CHANGE))).toEqual({
    kind: "failed",
    message: `refused to send credentials to ${where}`,
    code: "ForeignHost",
    uncertain: false,
    hint: "only https://management.azure.com may be asked here; nothing was sent there",
  });
  expect(wire.seen).toEqual([`PATCH ${ARM}${VM}?api-version=2024-11-01`]);
  expect(log).toHaveLength(1);
});

test("a next link to a foreign host is refused, and no token leaves", async () => {
  const { compute, wire } = openPorts({
    [`GET ${ARM}${LIST}`]: reply(200, { value: [], nextLink: "https://attacker.example/list?$skipToken=1" }),
  });

  expect(await refusalOf(compute.listVirtualMachines({ subscriptionId: SUBSCRIPTION }))).toMatchObject({
    code: "ForeignHost",
    message: "refused to send credentials to https://attacker.example",
  });
  expect(wire.requests.map(({ authorization }) => authorization)).toEqual([`Bearer ${TOKEN}`]);
});

test("the case of the host does not matter", async () => {
  const { arm, wire } = openPorts({
    [`PATCH ${ARM}${VM}`]: reply(202, undefined, {
      location: "https://Management.Azure.com/op?t=AbC%2f&s=x+y",
    }),
    [`GET https://management.azure.com/op`]: reply(200),
  });

  await arm.change(CHANGE);

  expect(wire.seen[1]).toBe("GET https://Management.Azure.com/op?t=AbC%2f&s=x+y");
});

test("a redirect is not followed", async () => {
  const { arm, wire } = openPorts({
    [`GET ${ARM}${VM}`]: reply(307, undefined, { location: "https://attacker.example/" }),
  });

  expect(await refusalOf(arm.read(CHANGE))).toMatchObject({ message: "the service answered HTTP 307" });
  expect(wire.seen).toHaveLength(1);
});

test("a page in the place of JSON is named as such, not read as an empty resource", async () => {
  const { arm } = openPorts({ [`GET ${ARM}${VM}`]: reply(200, "<html>Please accept our terms</html>") });

  expect(await refusalOf(arm.read(CHANGE))).toEqual({
    kind: "failed",
    message: "management.azure.com answered something that is not JSON",
    code: "NotJson",
    status: 200,
    uncertain: false,
    hint: "check that no proxy or portal answers in Azure's place",
  });
});

test("JSON that a gateway relabelled as plain text is read all the same", async () => {
  const { compute } = openPorts({
    [`GET ${ARM}${LIST}`]: { ...reply(200, { value: [] }), headers: { "content-type": "text/plain" } },
  });

  expect(await compute.listVirtualMachines({ subscriptionId: SUBSCRIPTION })).toEqual([]);
});

test("the log holds method, host, path, status and request id, and neither query nor token", async () => {
  const { arm, log } = openPorts({
    [`GET ${ARM}${VM}`]: reply(200, {}, { "x-ms-request-id": "id-1" }),
  });

  await arm.read({ path: VM, apiVersion: "2024-11-01", query: { $expand: "instanceView" } });

  expect(log.map((line) => line.replace(/\d+ ms/, "0 ms"))).toEqual([
    `GET management.azure.com${VM} 200 0 ms id-1`,
  ]);
});

test("an answer that never ends counts as lost, without ending the run", async () => {
  const run = new AbortController();
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(answerTimeoutPolicy(5));
  const request = createPipelineRequest({ url: ARM, abortSignal: run.signal });
  const silent = {
    sendRequest: ({ abortSignal }: typeof request) =>
      new Promise<never>((_, reject) => {
        abortSignal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  };

  await expect(pipeline.sendRequest(silent, request)).rejects.toThrow("aborted");
  expect(request.abortSignal).toBe(run.signal);
  expect(run.signal.aborted).toBe(false);
});

test("an answer in time is passed on", async () => {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(answerTimeoutPolicy(60_000));
  const request = createPipelineRequest({ url: ARM });
  const prompt = {
    sendRequest: async () => ({ request, status: 204, headers: createHttpHeaders() }),
  };

  expect((await pipeline.sendRequest(prompt, request)).status).toBe(204);
});
