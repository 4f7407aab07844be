import { openSandbox, type Sandbox } from "../../src/sandbox/open.ts";
import type { Fault, World } from "../../src/sandbox/world.ts";
import { loadBundledWorld } from "../../src/sandbox/world-file.ts";

export const TENANT = "a0000000-0000-4000-8000-00000000000a";
export const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
export const CLIENT = "a1000000-0000-4000-8000-00000000000a";
export const OTHER_CLIENT = "b1000000-0000-4000-8000-00000000000b";
export const SECRET = "sandbox-secret-not-real";
export const MAIN = "5a000000-0000-4000-8000-000000000001";
export const SHARED = "5a000000-0000-4000-8000-000000000002";
export const FOREIGN = "5b000000-0000-4000-8000-000000000003";
export const VERSION = "2026-03-01";
export const START = new Date("2026-11-21T08:00:00Z");

const ARM = "https://management.azure.com";
export const LOGIN = "https://login.microsoftonline.com";
export const SCOPE = `${ARM}/.default`;

export const SHOP = `/subscriptions/${MAIN}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute`;
export const CAPACITY = `/subscriptions/${MAIN}/resourceGroups/rg-capacity/providers/Microsoft.Compute`;
export const GROUPS = `${CAPACITY}/capacityReservationGroups`;
export const CRG_SHOP = `${GROUPS}/crg-shop`;
export const CRG_PLATFORM = `/subscriptions/${SHARED}/resourceGroups/Rg-Platform-Capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-platform`;

export interface Answer {
  status: number;
  headers: Record<string, string>;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies are read as a client would read unknown JSON
  body: any;
  text: string;
}

export interface Cloud {
  sandbox: Sandbox;
  world: World;
  send(method: string, target: string, options?: SendOptions): Promise<Answer>;
  /** Follows the operation of an answer to its end; returns the last poll's body. */
  finish(answer: Answer): Promise<{ status: string; error?: { code: string; message: string } }>;
  /** Sends a change and expects its operation to succeed. */
  change(method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface SendOptions {
  body?: unknown;
  headers?: Record<string, string>;
  version?: string | null;
  token?: string | null;
}

export interface CloudOptions {
  /** Contoso when left out. */
  name?: string;
  edit?: (world: World) => void;
  save?: (world: World) => Promise<void>;
}

/** A bundled world behind raw requests, with a real clock that stands still. */
export async function openCloud({ name = "contoso", edit, save }: CloudOptions = {}): Promise<Cloud> {
  const world = (await loadBundledWorld(name))!;
  edit?.(world);
  const sandbox = openSandbox({ world, now: () => START, ...(save ? { save } : {}) });
  let token: string | undefined;
  const send: Cloud["send"] = async (method, target, options = {}) => {
    const { body, headers = {}, version = VERSION } = options;
    const bearer = options.token === undefined ? (token ??= await signIn(sandbox)) : options.token;
    const url = new URL(target.startsWith("https:") ? target : ARM + target);
    if (version !== null && !url.searchParams.has("api-version"))
      url.searchParams.append("api-version", version);
    return request(sandbox, {
      method,
      url: target.startsWith("https:") ? target : url.href,
      headers: { ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }), ...headers },
      body: body === undefined ? "" : JSON.stringify(body),
    });
  };
  const finish: Cloud["finish"] = async (answer) => {
    let last = answer;
    let url = answer.headers["azure-asyncoperation"];
    if (url === undefined) throw new Error(`no operation: ${answer.status} ${answer.text}`);
    do {
      await sandbox.sleep(1000);
      last = await send("GET", url);
      if (last.status !== 200) throw new Error(`poll: ${last.status} ${last.text}`);
      url = last.headers["azure-asyncoperation"] ?? url;
    } while (!["Succeeded", "Failed"].includes(last.body.status));
    return last.body;
  };
  const change: Cloud["change"] = async (method, path, body) => {
    const answer = await send(method, path, { body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    const end = answer.headers["azure-asyncoperation"] === undefined ? undefined : await finish(answer);
    if (end && end.status !== "Succeeded") throw new Error(`${method} ${path}: ${JSON.stringify(end)}`);
    return answer;
  };
  return { sandbox, world, send, finish, change };
}

interface RawRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

export async function request(sandbox: Sandbox, raw: RawRequest): Promise<Answer> {
  const { status, headers, body: text } = await sandbox.answer(raw);
  const isJson = headers["content-type"]?.startsWith("application/json") ?? false;
  return { status, headers, text, body: isJson ? JSON.parse(text) : undefined };
}

export interface SignIn {
  tenant?: string;
  form?: Record<string, string>;
}

export async function postToken(
  sandbox: Sandbox,
  { tenant = TENANT, form = {} }: SignIn = {},
): Promise<Answer> {
  const credentials = { grant_type: "client_credentials", client_id: CLIENT, client_secret: SECRET };
  return postForm(sandbox, `${tenant}/oauth2/v2.0/token`, { ...credentials, scope: SCOPE, ...form });
}

/** The sign-in of a rehearsal, which names nobody. */
export async function rehearse(
  sandbox: Sandbox,
  { tenant = TENANT, form = {} }: SignIn = {},
): Promise<Answer> {
  const fields = { grant_type: "client_credentials", scope: SCOPE, ...form };
  return postForm(sandbox, `${tenant}/oauth2/v2.0/token`, fields);
}

export async function postForm(
  sandbox: Sandbox,
  path: string,
  fields: Record<string, string>,
): Promise<Answer> {
  return request(sandbox, {
    method: "POST",
    url: `${LOGIN}/${path}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
}

export const ADA = "ada@contoso.com";
export const ADA_AT_HOME = "a3000000-0000-4000-8000-00000000000a";
export const ADA_AS_GUEST = "a3000000-0000-4000-8000-00000000000b";

/** Ada of Contoso is a guest of Fabrikam, where `refusal` may stop her. */
export function addAda(world: World, refusal?: number): void {
  const guest = { tenantId: OTHER_TENANT, objectId: ADA_AS_GUEST };
  world.users.push({
    signInName: ADA,
    displayName: "Ada Lovelace",
    homeTenantId: TENANT,
    memberships: [
      { tenantId: TENANT, objectId: ADA_AT_HOME },
      refusal === undefined ? guest : { ...guest, refusal },
    ],
  });
}

export async function signIn(sandbox: Sandbox, options: SignIn = {}): Promise<string> {
  const answer = await postToken(sandbox, options);
  if (answer.status !== 200) throw new Error(`sign-in: ${answer.text}`);
  return answer.body.access_token;
}

export function machine(name: string): string {
  return `${SHOP}/virtualMachines/${name}`;
}

export function attach(groupId: string | null): unknown {
  return { properties: { capacityReservation: { capacityReservationGroup: { id: groupId } } } };
}

export function reservationBody(size: string, capacity: number, zone?: string): unknown {
  return { location: "eastus2", sku: { name: size, capacity }, ...(zone ? { zones: [zone] } : {}) };
}

export function fault(name: Fault["name"], more: Partial<Omit<Fault, "name">> = {}): Fault {
  return { name, match: {}, times: 1, skip: 0, ...more };
}
