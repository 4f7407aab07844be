import type { SandboxRequest } from "./handler.ts";
import type { QueryResult } from "./kql/run.ts";
import type { Column } from "../kql/values.ts";
import type { Workspace } from "./bodies.ts";
import type { World } from "./world.ts";

/** What a request handler may use of the running sandbox. */
export interface State {
  world: World;
  now(): Date;
  /** Says that the world changed and must be saved. */
  touch(): void;
  /** Times of recent Resource Graph requests; not part of the world. */
  graphRequests: number[];
  /** The same of each replica of a registry. */
  replicaRequests: Map<string, number[]>;
  /** The last Resource Graph query and its rows, until the world changes: pages repeat their query. */
  lastQuery: { key: string; result: QueryResult } | undefined;
  /** Device codes that were asked about once; not part of the world. */
  askedDevices: Set<string>;
  /** Opened by the first request about logs. */
  logs: LogDesk | undefined;
}

/** Who answers about the rows of workspaces. */
export interface LogDesk {
  query(call: Call): Reply;
  tables(world: World, workspace: Workspace): { name: string; columns: Column[] }[];
}

export interface Call {
  state: State;
  method: string;
  /** Scheme and host of the request: links in answers lead back to where the caller came from. */
  origin: string;
  path: string;
  /** Query parameters by lower-cased name. */
  query: Record<string, string>;
  /** Path parameters of the route. */
  params: Record<string, string>;
  headers: Record<string, string>;
  text: string;
  /** Tenant and identity of the bearer token, once it was checked. */
  identity: Identity | undefined;
  /** Set by a fault: the operation of this request ends with this error. */
  doom: { code: string; message: string } | undefined;
  /** Set by a fault: the token that this request asks for is of another tenant. */
  strayed: boolean;
}

export interface Identity {
  tenantId: string;
  objectId: string;
  clientId: string;
  /** As messages name it: a user's sign-in name or an application's client id. */
  name: string;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Serialised as JSON; an answer without it has an empty body. */
  body?: unknown;
  /** Compute prints single resources with line breaks. */
  pretty?: boolean;
  /** Sent as it is, instead of `body`. */
  raw?: { contentType: string; text: string };
}

/** A request that the service does not grant; becomes the error answer. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super("refused");
    this.reply = reply;
  }
}

export interface RefusalDetail {
  headers?: Record<string, string>;
  target?: string;
  details?: unknown[];
}

/** An error in Azure's usual envelope. */
export function refuse(
  status: number,
  error: { code: string; message: string },
  more: RefusalDetail = {},
): Refusal {
  const { headers = {}, ...rest } = more;
  return new Refusal({ status, headers, body: { error: { ...error, ...rest } } });
}

export function openCall(state: State, request: SandboxRequest): Call {
  const url = new URL(request.url);
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) query[name.toLowerCase()] = value;
  return {
    state,
    method: request.method.toUpperCase(),
    origin: url.origin,
    path: decodePath(url.pathname),
    query,
    params: {},
    headers: request.headers,
    text: request.body,
    identity: undefined,
    doom: undefined,
    strayed: false,
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path).replace(/(?<=.)\/+$/, "");
  } catch {
    return path;
  }
}

type Fields = Record<string, unknown>;

/** The JSON object in the request's body. */
export function bodyOf(call: Call): Fields {
  try {
    const parsed: unknown = JSON.parse(call.text);
    if (isFields(parsed)) return parsed;
  } catch {
    // Answered below: not JSON and not an object are the same to the caller.
  }
  const message = "The request content was invalid and could not be deserialized.";
  throw refuse(400, { code: "InvalidRequestContent", message });
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value deep inside a JSON body, or undefined. */
export function dig(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isFields(inner) ? inner[key] : undefined), value);
}

/** One page of a list; the token names the last item so that changes in between do no harm. */
export function pageOf<T extends { id: string }>(call: Call, items: readonly T[]): Reply {
  const after = tokenIn(call.query["$skiptoken"]);
  const start = after === undefined ? 0 : items.findIndex((item) => item.id.toLowerCase() > after);
  const size = call.state.world.settings.pageSize;
  const value = start < 0 ? [] : items.slice(start, start + size);
  const last = value.at(-1);
  if (last === undefined || start + size >= items.length) return { status: 200, body: { value } };
  return { status: 200, body: { value, nextLink: nextLink(call, last.id.toLowerCase()) } };
}

/** Lists are in the order of their ids. */
export function byId(left: { id: string }, right: { id: string }): number {
  return left.id.toLowerCase() < right.id.toLowerCase() ? -1 : 1;
}

function nextLink(call: Call, last: string): string {
  const others = Object.entries(call.query).filter(([name]) => name !== "$skiptoken");
  const query = others.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const token = Buffer.from(last).toString("base64url");
  return `${call.origin}${encodeURI(call.path)}?${[...query, `$skipToken=${token}`].join("&")}`;
}

function tokenIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text, "base64url").toString();
}
