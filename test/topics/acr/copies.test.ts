import { expect, test } from "vitest";
import type { PlainRegistryPort } from "../../../src/azure/plain-registry.ts";
import type { Manifest } from "../../../src/azure/registry-ports.ts";
import { createCopyReader, type CopyReader } from "../../../src/topics/acr/copies.ts";

type Content = Record<string, Partial<Manifest>>;

interface Opened {
  reader: CopyReader;
  /** What was asked for since the last look. */
  asked(): string[];
  blobs: Set<string>;
  manifests: Content;
}

/** A replica as plain values. */
function open(manifests: Content, ...there: string[]): Opened {
  const blobs = new Set(there);
  const asked: string[] = [];
  const data: Pick<PlainRegistryPort, "readManifest" | "hasBlob"> = {
    async readManifest(_at, _repository, reference) {
      asked.push(reference);
      const found = manifests[reference];
      return found && { digest: reference, mediaType: "", images: [], blobs: [], ...found };
    },
    async hasBlob(_at, _repository, digest) {
      asked.push(digest);
      return blobs.has(digest);
    },
  };
  const at = { registry: { loginServer: "h", regionalHosts: [] }, host: "h" };
  const reader = createCopyReader(data as PlainRegistryPort, { at, repository: "r", concurrency: 2 });
  return { reader, blobs, manifests, asked: () => asked.splice(0).sort() };
}

test("what is not there is named, each once, and what was there is not asked for again", async () => {
  const { reader, asked, blobs, manifests } = open(
    { tag: { digest: "top", images: ["one", "two"] }, one: { blobs: ["base", "left"] } },
    "base",
  );

  expect(await reader.read("tag")).toEqual({
    digest: "top",
    missing: [
      { kind: "blob", digest: "left" },
      { kind: "manifest", digest: "two" },
    ].sort((a, b) => (a.digest < b.digest ? -1 : 1)),
  });
  expect(asked()).toEqual(["base", "left", "one", "tag", "two"]);
  manifests["two"] = { blobs: ["base", "left", "right"] };
  blobs.add("right");
  expect((await reader.read("tag")).missing).toEqual([{ kind: "blob", digest: "left" }]);
  // Asked for once, though two images lack it.
  expect(asked()).toEqual(["left", "one", "right", "tag", "two"]);
  blobs.add("left");
  expect((await reader.read("tag")).missing).toEqual([]);
  expect(asked()).toEqual(["left", "one", "tag", "two"]);
  expect((await reader.read("tag")).missing).toEqual([]);
  expect(asked()).toEqual(["tag"]);
});

test("nothing of an image is asked for where its manifest is not there", async () => {
  const { reader, asked } = open({});

  expect(await reader.read("tag")).toEqual({ digest: undefined, missing: [] });
  expect(asked()).toEqual(["tag"]);
});

test("lists are followed into lists, but not without end", async () => {
  const nested = open({ tag: { images: ["list"] }, list: { images: ["image"] }, image: { blobs: ["b"] } });
  const endless = open({ tag: { images: ["a", "b"] }, a: { images: ["b"] }, b: { images: ["a"] } });

  expect((await nested.reader.read("tag")).missing).toEqual([{ kind: "blob", digest: "b" }]);
  await expect(endless.reader.read("tag")).rejects.toThrow("h answers lists of lists without end");
});

test("four lists below each other are read, and five are not", async () => {
  const chain = (length: number): Content =>
    Object.fromEntries(
      Array.from({ length }, (_, depth) => [depth === 0 ? "tag" : `${depth}`, { images: [`${depth + 1}`] }]),
    );
  const [four, five] = [
    open({ ...chain(4), 4: { blobs: ["b"] } }),
    open({ ...chain(5), 5: { blobs: ["b"] } }),
  ];

  expect((await four.reader.read("tag")).missing).toEqual([{ kind: "blob", digest: "b" }]);
  await expect(five.reader.read("tag")).rejects.toThrow("without end");
});
