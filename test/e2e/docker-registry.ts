import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Whether Debian's package of that name is installed. */
export const IS_INSTALLED = spawnSync("docker-registry", ["--version"]).status === 0;

export interface PlainRegistry {
  /** HOST:PORT */
  host: string;
  /** Uploads what is new and writes the tag; the manifest's digest. */
  push(image: string, layers: readonly string[]): Promise<string>;
  /** The same for a list of such images, one for each text. */
  pushList(image: string, texts: readonly string[]): Promise<string>;
  /** A manifest with all its tags. */
  remove(repository: string, digest: string): Promise<void>;
  /** Takes a blob out of the storage, as the registry itself refuses manifests without their blobs. */
  lose(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a registry of its own on a free port, or on this one; it is gone when the test is. */
export async function startRegistry({
  port = 0,
  auth = false,
}: { port?: number; auth?: boolean } = {}): Promise<PlainRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "azwise-registry-"));
  const file = join(folder, "config.json");
  // JSON is YAML.
  const config = {
    version: "0.1",
    storage: { filesystem: { rootdirectory: folder }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}` },
    ...(auth ? { auth: { silly: { realm: "somewhere", service: "registry" } } } : {}),
  };
  await writeFile(file, JSON.stringify(config));
  const child = spawn("docker-registry", ["serve", file], { stdio: ["ignore", "ignore", "pipe"] });
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  onTestFinished(stop);
  const host = await listening(child);
  return {
    host,
    stop,
    push: (image, layers) => pushImage(host, image, layers),
    pushList: (image, texts) => pushList(host, image, texts),
    async remove(repository, digest) {
      await send(host, { method: "DELETE", path: `/v2/${repository}/manifests/${digest}` });
    },
    async lose(text) {
      const hex = digestOf(text).replace("sha256:", "");
      const path = ["docker", "registry", "v2", "blobs", "sha256", hex.slice(0, 2), hex];
      await rm(join(folder, ...path), { recursive: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.on("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

async function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      const host = /listening on (127\.0\.0\.1:\d+)/.exec(told)?.[1];
      if (host !== undefined) resolve(host);
    });
    child.on("exit", () => reject(new Error(`docker-registry ended: ${told}`)));
  });
}

const OCI = "application/vnd.oci.image";

async function pushImage(host: string, image: string, layers: readonly string[]): Promise<string> {
  const config = JSON.stringify({ architecture: "amd64", os: "linux", of: layers });
  const [repository = "", tag] = image.split(":");
  for (const text of [config, ...layers]) await upload(host, repository, text);
  const body = manifestText("manifest", {
    config: describe("config", config),
    layers: layers.map((text) => describe("layer", text)),
  });
  return put(host, { repository, reference: tag ?? digestOf(body), kind: "manifest", body });
}

async function pushList(host: string, image: string, texts: readonly string[]): Promise<string> {
  const [repository = "", tag = ""] = image.split(":");
  const digests: string[] = [];
  for (const text of texts) digests.push(await pushImage(host, repository, [text]));
  const manifests = digests.map((digest) => ({ mediaType: `${OCI}.manifest.v1+json`, digest, size: 1 }));
  return put(host, { repository, reference: tag, kind: "index", body: manifestText("index", { manifests }) });
}

function manifestText(kind: string, body: object): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.${kind}.v1+json`, ...body });
}

function describe(kind: "config" | "layer", text: string): object {
  const mediaType = kind === "config" ? `${OCI}.config.v1+json` : `${OCI}.layer.v1.tar`;
  return { mediaType, digest: digestOf(text), size: Buffer.byteLength(text) };
}

export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

async function upload(host: string, repository: string, text: string): Promise<void> {
  const { location } = await send(host, { method: "POST", path: `/v2/${repository}/blobs/uploads/` });
  const { pathname, searchParams } = new URL(location);
  searchParams.set("digest", digestOf(text));
  const type = "application/octet-stream";
  await send(host, { method: "PUT", path: `${pathname}?${searchParams.toString()}`, type, body: text });
}

interface Written {
  repository: string;
  reference: string;
  kind: "manifest" | "index";
  body: string;
}

async function put(host: string, { repository, reference, kind, body }: Written): Promise<string> {
  const path = `/v2/${repository}/manifests/${reference}`;
  await send(host, { method: "PUT", path, type: `${OCI}.${kind}.v1+json`, body });
  return digestOf(body);
}

interface Sent {
  method: string;
  path: string;
  type?: string;
  body?: string;
}

async function send(host: string, { method, path, type, body = "" }: Sent): Promise<{ location: string }> {
  const headers = { ...(type ? { "content-type": type } : {}), "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(`http://${host}${path}`, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () => {
        const { statusCode = 0, headers: answered } = answer;
        if (statusCode < 300) resolve({ location: answered.location ?? "" });
        else reject(new Error(`${method} ${path}: HTTP ${statusCode} ${text}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
