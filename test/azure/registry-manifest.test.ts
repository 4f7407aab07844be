import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { toManifest } from "../../src/azure/registry-manifest.ts";
import type { Manifest } from "../../src/azure/registry-ports.ts";
import { digestOf, manifestReply, OCI_IMAGE, OCI_INDEX } from "./registry-rig.ts";
import { refusalOf, reply, type Reply } from "./wire.ts";

const DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG = { digest: "sha256:c" };
const LAYER = { digest: "sha256:l" };
const CONTENT = { config: CONFIG, layers: [LAYER] };

function read({ status, headers, body }: Reply, reference = "1.4.2"): Manifest {
  const request = createPipelineRequest({ url: "https://x.example/v2/a/manifests/1.4.2" });
  const response = { request, status, headers: createHttpHeaders(headers), bodyAsText: body };
  return toManifest(response as PipelineResponse, reference);
}

const refused = async (answer: Reply, reference?: string): Promise<object> =>
  refusalOf((async () => read(answer, reference))());

const without = (answer: Reply, header: string): Reply => ({
  ...answer,
  headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => name !== header)),
});

test("a digest is what the bytes say, with or without the header", () => {
  const image = manifestReply(OCI_IMAGE, CONTENT);
  const digest = digestOf(image.body);

  for (const answer of [image, without(image, "docker-content-digest")]) {
    for (const reference of ["1.4.2", digest]) {
      expect(read(answer, reference)).toEqual({
        digest,
        mediaType: OCI_IMAGE,
        images: [],
        blobs: ["sha256:c", "sha256:l"],
      });
    }
  }
});

test("a digest of SHA-512 is checked as well, and stays the one that was asked for", () => {
  const image = manifestReply(OCI_IMAGE, CONTENT);
  const asked = digestOf(image.body, "sha512");

  expect(read(image, asked).digest).toBe(asked);
});

test.each([
  ["the digest that was asked for", manifestReply(OCI_IMAGE, CONTENT), digestOf("other")],
  ["the same of SHA-512", manifestReply(OCI_IMAGE, CONTENT), digestOf("other", "sha512")],
  [
    "the digest in the header",
    manifestReply(OCI_IMAGE, CONTENT, { "docker-content-digest": digestOf("other") }),
    "1.4.2",
  ],
  ["the digest of a child that is answered with an empty object", reply(200, "{}"), digestOf("child")],
  ["the digest, by an error with HTTP 200", reply(200, { errors: [{ code: "UNAVAILABLE" }] }), digestOf("x")],
])(
  "bytes that are not those of %s are no answer, and may be asked for again",
  async (_, answer, reference) => {
    expect(await refused(answer, reference)).toMatchObject({
      kind: "failed",
      code: "OtherBytes",
      message: expect.stringMatching(/^x.example answered other bytes than those of sha/),
    });
  },
);

const SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+json";
const ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";

test.each<[string, Reply]>([
  ["schema 1", manifestReply(SCHEMA_1, { schemaVersion: 1, fsLayers: [{ blobSum: "sha256:l" }] })],
  ["an artifact manifest of OCI", manifestReply(ARTIFACT, { blobs: [LAYER] })],
  ["an empty object", reply(200, {})],
  ["an error with HTTP 200", reply(200, { errors: [{ code: "UNAVAILABLE" }] })],
  ["an array", manifestReply(OCI_IMAGE, "[]")],
  ["an empty object that is called an image", manifestReply(OCI_IMAGE, {})],
  ["layers that are an object", manifestReply(OCI_IMAGE, { config: CONFIG, layers: {} })],
  ["layers that are null", manifestReply(OCI_IMAGE, { config: CONFIG, layers: null })],
  ["no layers", manifestReply(DOCKER, { config: CONFIG })],
  ["no configuration", manifestReply(OCI_IMAGE, { layers: [LAYER] })],
  ["a layer without a digest", manifestReply(OCI_IMAGE, { config: CONFIG, layers: [{}] })],
  ["a layer that is a text", manifestReply(OCI_IMAGE, { config: CONFIG, layers: ["sha256:l"] })],
  ["a digest that is a path", manifestReply(OCI_IMAGE, { config: CONFIG, layers: [{ digest: "../../x" }] })],
  ["a list whose images are null", manifestReply(OCI_INDEX, { manifests: null })],
  ["a list whose images are an object", manifestReply(OCI_INDEX, { manifests: {} })],
  ["a list with the layers of an image", manifestReply(OCI_INDEX, { manifests: [], layers: [LAYER] })],
  ["an image with a list of images", manifestReply(OCI_IMAGE, { ...CONTENT, manifests: [] })],
  [
    "another kind in its text than in its header",
    manifestReply(OCI_INDEX, { ...CONTENT, mediaType: OCI_IMAGE }),
  ],
  ["an image that is called JSON", manifestReply(OCI_IMAGE, CONTENT, { "content-type": "application/json" })],
])("%s is a kind that cannot be looked into", async (_, answer) => {
  expect(await refused(answer)).toMatchObject({
    kind: "partial",
    code: "UnknownManifest",
    message: "x.example answered a kind of manifest that azwise cannot look into",
  });
});

test("a digest that azwise cannot check is not taken at its word", async () => {
  const digest = `blake3:${"0".repeat(64)}`;
  const image = manifestReply(OCI_IMAGE, CONTENT, { "docker-content-digest": digest });

  expect(await refused(image, digest)).toMatchObject({ code: "UnknownManifest" });
  expect(read(image).digest).toBe(digestOf(image.body));
});

test("without a header it is of the kind that it says, and parameters of the header do not count", () => {
  const image = manifestReply(DOCKER, CONTENT, { "content-type": `${DOCKER}; charset=utf-8` });
  const index = manifestReply(OCI_INDEX, { manifests: [{ digest: "sha256:1" }] });

  expect(read(image)).toMatchObject({ mediaType: DOCKER, blobs: ["sha256:c", "sha256:l"] });
  expect(read(without(index, "content-type"))).toMatchObject({ images: ["sha256:1"], blobs: [] });
});

test.each([
  ["application/vnd.oci.image.layer.v1.tar+gzip", ["https://example.com/x"], true],
  [undefined, ["https://example.com/x"], true],
  ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", ["https://mcr.microsoft.com/x"], false],
  ["application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", ["https://example.com/x"], false],
  ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", [], true],
  ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", undefined, true],
])("whether a layer %s with urls %j belongs to the registry: %s", (mediaType, urls, isAsked) => {
  const layers = [{ digest: "sha256:w", mediaType, urls }];

  const { blobs } = read(manifestReply(OCI_IMAGE, { config: CONFIG, layers }));

  expect(blobs).toEqual(isAsked ? ["sha256:c", "sha256:w"] : ["sha256:c"]);
});
