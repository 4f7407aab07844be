import { expect, test } from "vitest";
import type { PlainRegistryPort } from "../../../src/azure/plain-registry.ts";
import { begin, waitForAll } from "../../../src/topics/acr/wait-loop.ts";

test("a look that shows nothing counts from its begin: the image may have come while it was under way", async () => {
  let nowMs = 0;
  let looks = 0;
  const clock = {
    now: () => new Date(nowMs),
    elapsed: () => nowMs,
    sleep: async (ms: number) => void (nowMs += ms),
  };
  const data: Partial<PlainRegistryPort> = {
    async readManifest(_at, _repository, digest) {
      nowMs += 2000;
      looks += 1;
      return looks < 3 ? undefined : { digest, mediaType: "", images: [], blobs: [] };
    },
  };
  const at = { registry: { loginServer: "h", regionalHosts: [] }, host: "h" };
  const all = [{ name: "a", at }];
  const waited = begin(all);

  await waitForAll(waited, "sha256:aaaa", {
    sources: { data: data as PlainRegistryPort, clock, repository: "r", all },
    reference: "sha256:aaaa",
    everyMs: 5000,
    concurrency: 1,
    pushed: undefined,
    signal: new AbortController().signal,
    onLook: async () => {},
  });

  // Looks from 0 to 2 s, from 7 to 9 s, and from 14 to 16 s, which found it.
  expect(waited[0]?.found).toMatchObject({ lagMs: 16_000, withinMs: 9000 });
});
