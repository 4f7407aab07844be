import { createHttpHeaders, proxyPolicy } from "@azure/core-rest-pipeline";
import type { RunOptions } from "./connect.ts";
import { httpClientFor } from "./pipeline.ts";
import type { RegistryDataPort } from "./registry-ports.ts";
import { createReadPipeline, pages, readsBy, requestTo, texts, type Send } from "./registry-reads.ts";

/** Registries that are not Azure's, or not asked as such: no credential is sent, and none is looked for. */
export type PlainRegistryPort = Omit<RegistryDataPort, "probe" | "signIn">;

/** Plain HTTP is spoken on this machine alone. */
export function createPlainRegistry(options: RunOptions): PlainRegistryPort {
  const httpClient = httpClientFor(options);
  const send: Send = ({ at, method, path, accept = "application/json" }) => {
    const isLocal = isLoopback(at.host);
    const pipeline = createReadPipeline(options);
    // A proxy cannot reach what is on this machine.
    if (!isLocal) pipeline.addPolicy(proxyPolicy());
    const url = `${isLocal ? "http" : "https"}://${at.host}${path}`;
    return pipeline.sendRequest(
      httpClient,
      requestTo(at, { method, url, headers: createHttpHeaders({ accept }) }),
    );
  };
  return {
    ...readsBy(send),
    async *listRepositories(at) {
      for await (const body of pages({ at, path: "/v2/_catalog?n=100", scope: "" }, send)) {
        yield* texts(body["repositories"]);
      }
    },
    async *listTags(at, repository) {
      for await (const body of pages({ at, path: `/v2/${repository}/tags/list?n=100`, scope: "" }, send)) {
        yield* texts(body["tags"]).map((name) => ({ name, updated: undefined, locks: undefined }));
      }
    },
    readTag: async () => undefined,
  };
}

/** Whether HOST[:PORT] is this machine by its address, or by the one name that always is. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
}
