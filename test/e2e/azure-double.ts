import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  SandboxConnectionLost,
  type SandboxRequest,
  type SandboxResponse,
} from "../../src/sandbox/handler.ts";
import { openSandbox } from "../../src/sandbox/open.ts";
import type { World } from "../../src/sandbox/world.ts";
import { loadBundledWorld } from "../../src/sandbox/world-file.ts";
import { refuseSecrets } from "../written.ts";
import { makeCertificates, type Certificates } from "./certificates.ts";

export const LOGIN = "login.microsoftonline.com";
export const ARM = "management.azure.com";
export const PRICES = "prices.azure.com";
/** A registry's global and one of its regional hosts. */
export const REGISTRY = "shopregistry.azurecr.io";
export const REGIONAL = "shopregistry.westeurope.geo.azurecr.io";
const OTHER_REGIONALS = ["eastus2", "northeurope"].map((region) => `shopregistry.${region}.geo.azurecr.io`);
/** The query address of Log Analytics. */
export const LOGS = "api.loganalytics.io";
/** The ingestion address of a data collection rule. */
export const INGEST = "dcr-pipeline-failures-7d01-westeurope.logs.z1.ingest.monitor.azure.com";
const AZURE = [LOGIN, ARM, PRICES, REGISTRY, REGIONAL, ...OTHER_REGIONALS, LOGS, INGEST];
export const ATTACKER = "attacker.example";
/** Where GitHub and Azure Pipelines vouch for a job; a test answers for them. */
export const GITHUB = "run.actions.githubusercontent.com";
export const PIPELINES = "dev.azure.com";

/** One request that reached the double, without its query. */
export interface Seen {
  method: string;
  host: string;
  path: string;
  status: number;
}

export interface Double {
  world: World;
  seen: Seen[];
  /** Hosts that were asked for through the proxy. */
  connects: string[];
  /** Connections that reached the attacker's listener. */
  attacks: number;
  /** Tokens that were issued. */
  tokens: string[];
  /** Other secrets that went to or fro: refresh tokens, codes, assertions. */
  secrets: Set<string>;
  /** What the command lines under test printed. */
  printed: string[];
  /** Where the server itself listens, for clients that use no proxy. */
  port: number;
  /** A folder of this double alone; home of the command line under test. */
  home: string;
  env: Record<string, string>;
  /** Throws when a secret was printed, or is in a file of the home where it does not belong. */
  close(): Promise<void>;
}

export interface DoubleOptions {
  edit?: (world: World) => void;
  /** Sees each request first; may answer in the service's stead, or hold it back. */
  before?: (request: SandboxRequest) => Promise<SandboxResponse | void>;
  /** Told of each request that took effect, before its answer leaves; what it throws cuts the connection. */
  after?: (request: SandboxRequest) => Promise<void>;
  /** How answers are written: kept alive in one piece, or in chunks with the connection closed. */
  wire?: "plain" | "chunked-close";
  /** Leaves waits as long as the service asks for. */
  patient?: boolean;
  /** World time that passes with each poll. */
  pollStepMs?: number;
}

/** Enough for most operations to end at their first poll. */
const POLL_STEP_MS = 6000;

let certificates: Promise<Certificates> | undefined;

/** Azure as a TLS server in place of its public hosts, behind a CONNECT proxy. */
export async function openDouble(options: DoubleOptions = {}): Promise<Double> {
  certificates ??= makeCertificates([...AZURE, ATTACKER, GITHUB, PIPELINES, "localhost"]);
  const pems = await certificates;
  const home = await mkdtemp(join(tmpdir(), "azwise-e2e-"));
  await writeFile(join(home, "ca.pem"), pems.ca);
  const world = (await loadBundledWorld("contoso"))!;
  world.settings.associationLagMs = 0;
  world.settings.strictPolls = true;
  options.edit?.(world);
  const sockets = new Set<Socket>();
  const double: Omit<Double, "env" | "close" | "port"> = {
    world,
    seen: [],
    connects: [],
    attacks: 0,
    tokens: [],
    secrets: new Set(),
    printed: [],
    home,
  };
  const azure = await listen(createTlsServer(pems, answerWith(double, options)), sockets);
  const attacker = await listen(
    createTlsServer(pems, (_, response) => response.end("{}")),
    sockets,
  );
  attacker.server.on("connection", () => (double.attacks += 1));
  const proxy = await listen(createProxy(double, { azure: azure.port, attacker: attacker.port }), sockets);
  return Object.assign(double, {
    port: azure.port,
    env: environment(home, proxy.port),
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const { server } of [azure, attacker, proxy]) server.close();
      const known = [...double.tokens, ...double.secrets];
      try {
        refuseSecrets({ folder: home, printed: double.printed.join("\n"), known });
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    },
  });
}

function environment(home: string, proxyPort: number): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
    NODE_EXTRA_CA_CERTS: join(home, "ca.pem"),
    AZURE_TENANT_ID: "a0000000-0000-4000-8000-00000000000a",
    AZURE_CLIENT_ID: "a1000000-0000-4000-8000-00000000000a",
    AZURE_CLIENT_SECRET: "sandbox-secret-not-real",
    AZURE_SUBSCRIPTION_ID: "5a000000-0000-4000-8000-000000000001",
  };
}

type Listening = { server: Server | ReturnType<typeof createHttpServer>; port: number };

async function listen(server: Listening["server"], sockets: Set<Socket>): Promise<Listening> {
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function createProxy(
  double: { connects: string[] },
  ports: { azure: number; attacker: number },
): Listening["server"] {
  const proxy = createHttpServer((_, response) => response.writeHead(405).end());
  proxy.on("connect", (request: IncomingMessage, client: Socket) => {
    const host = (request.url ?? "").replace(/:\d+$/, "");
    double.connects.push(host);
    const upstream = connect(host === ATTACKER ? ports.attacker : ports.azure, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  return proxy;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function answerWith(
  double: Pick<Double, "world" | "seen" | "tokens" | "secrets">,
  { before, after, wire = "plain", patient = false, pollStepMs = POLL_STEP_MS }: DoubleOptions,
): Handler {
  const { world, seen, tokens, secrets } = double;
  const sandbox = openSandbox({ world, now: () => new Date() });
  const answer = async (request: SandboxRequest): Promise<SandboxResponse> => {
    if (/\/operations\//.test(request.url)) world.clockOffsetMs += pollStepMs;
    const response = (await before?.(request)) ?? (await sandbox.answer(request));
    const token = /"access_token":"([^"]+)"/.exec(response.body)?.[1];
    if (token !== undefined) tokens.push(token);
    for (const secret of secretsIn(request, response)) secrets.add(secret);
    await after?.(request);
    return response;
  };
  return async (incoming, outgoing) => {
    const request = await toSandbox(incoming);
    const { host, pathname: path } = new URL(request.url);
    const entry = { method: request.method, host, path, status: 0 };
    seen.push(entry);
    try {
      const response = await answer(request);
      entry.status = response.status;
      write(outgoing, patient ? response : impatient(response), wire);
    } catch (error) {
      incoming.socket.destroy();
      if (!(error instanceof SandboxConnectionLost)) throw error;
    }
  };
}

/** What only the client and Entra may know, besides access tokens and the client secret. */
function secretsIn({ url, body }: SandboxRequest, response: SandboxResponse): string[] {
  if (!url.includes("/oauth2/")) return [];
  const form = new URLSearchParams(body);
  const sent = ["client_assertion", "refresh_token", "code", "code_verifier", "device_code"];
  const answered = /"(?:refresh_token|device_code|id_token)":"([^"]+)"/g;
  return [
    ...sent.flatMap((name) => form.get(name) ?? []),
    ...[...response.body.matchAll(answered)].map(([, secret]) => secret ?? ""),
  ].filter((secret) => secret !== "");
}

/** Waits are short, so that the tests are. */
function impatient({ status, headers, body }: SandboxResponse): SandboxResponse {
  const waits = "retry-after" in headers || "azure-asyncoperation" in headers;
  return { status, body, headers: { ...headers, ...(waits ? { "retry-after": "1" } : {}) } };
}

function write(
  outgoing: ServerResponse,
  { status, headers, body }: SandboxResponse,
  wire: "plain" | "chunked-close",
): void {
  // As on the wire: reason phrases are often empty.
  if (wire === "plain") {
    outgoing.writeHead(status, "", { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
    return;
  }
  outgoing.writeHead(status, "", { ...headers, connection: "close" });
  const middle = Math.floor(body.length / 2);
  outgoing.write(body.slice(0, middle));
  outgoing.end(body.slice(middle));
}

async function toSandbox(incoming: IncomingMessage): Promise<SandboxRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  const encoding = headers["content-encoding"] === "gzip" ? "latin1" : "utf8";
  return {
    method: incoming.method ?? "GET",
    url: `https://${incoming.headers.host}${incoming.url}`,
    headers,
    body: Buffer.concat(chunks).toString(encoding),
  };
}
