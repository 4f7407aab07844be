import type { SandboxRequest, SandboxResponse } from "../../src/sandbox/handler.ts";

const SUBSCRIPTION = "/subscriptions/5a000000-0000-4000-8000-000000000001";
const COMPUTE = "providers/Microsoft.Compute";
const VM = `${SUBSCRIPTION}/resourceGroups/RG-ONE/${COMPUTE}/virtualMachines/vm-1`;

type Body = Record<string, unknown>;

interface Call {
  method: string;
  path: string;
  body: Body;
}

/** What is there, by lower-cased path, and the operations under way, by the path that must be asked next. */
interface State {
  resources: Map<string, Body>;
  operations: Map<string, { polls: number; effect: () => void }>;
}

/**
 * An Azure by another hand than the sandbox's, as terse as the protocol allows: opaque tokens, no optional
 * fields, polls by Location only that name a new URL each time, and 404 for everything it does not know.
 */
export function createStranger(): (request: SandboxRequest) => Promise<SandboxResponse> {
  const state: State = { resources: new Map(), operations: new Map() };
  state.resources.set(VM.toLowerCase(), {
    id: VM,
    name: "vm-1",
    location: "westus3",
    zones: ["1"],
    properties: {
      hardwareProfile: { vmSize: "Standard_D4s_v5" },
      instanceView: { statuses: [{ code: "PowerState/running" }] },
    },
  });
  return async ({ method, url, body: text }) => {
    const { host, pathname: path } = new URL(url);
    if (host.startsWith("login.")) return answer(200, { access_token: "opaque-token-1", expires_in: "3599" });
    const body = text === "" ? {} : (JSON.parse(text) as Body);
    const call = { method, path, body };
    return method === "GET" ? read(state, call) : change(state, call);
  };
}

function read(state: State, { path }: Call): SandboxResponse {
  if (path === SUBSCRIPTION) return answer(200, {});
  if (state.operations.has(path)) return poll(state, path);
  if (path.endsWith("/skus")) return answer(200, { value: [SIZE] });
  const name = path.split("/").at(-1) ?? "";
  if (["virtualMachines", "capacityReservationGroups", "capacityReservations"].includes(name)) {
    return answer(200, { value: listOf(state, path, name) });
  }
  const found = state.resources.get(path.toLowerCase());
  return found ? answer(200, found) : UNKNOWN;
}

function listOf(state: State, path: string, type: string): Body[] {
  const kind = new RegExp(`/${type}/[^/]+$`, "i");
  const found = [...state.resources.values()].filter(({ id }) => kind.test(String(id)));
  const nested = type === "capacityReservations";
  return found.filter(({ id }) => !nested || String(id).toLowerCase().startsWith(path.toLowerCase()));
}

function change(state: State, { method, path, body }: Call): SandboxResponse {
  const key = path.toLowerCase();
  const had = state.resources.get(key);
  if (method === "PUT" && !key.includes("/capacityreservations/")) {
    const group = { id: path, ...body };
    state.resources.set(key, group);
    return answer(201, group);
  }
  if (method !== "PUT" && !had) return UNKNOWN;
  // No provisioningState: a service need not tell one.
  const properties = { ...part(had, "properties"), ...part(body, "properties") };
  const sku = { ...part(had, "sku"), ...part(body, "sku") };
  const next = { id: path, ...had, ...body, properties, sku };
  return begin(state, 2, () => state.resources.set(key, next));
}

function part(body: Body | undefined, name: string): Body {
  return (body?.[name] ?? {}) as Body;
}

function begin(state: State, polls: number, effect: () => void): SandboxResponse {
  const path = `/polls/${crypto.randomUUID()}`;
  state.operations.set(path, { polls, effect });
  const location = `https://management.azure.com${path}?c=x%2Fy`;
  return answer(202, undefined, { location, "retry-after": "0" });
}

/** A URL serves once. */
function poll(state: State, path: string): SandboxResponse {
  const { polls = 0, effect = () => {} } = state.operations.get(path) ?? {};
  state.operations.delete(path);
  if (polls > 1) return begin(state, polls - 1, effect);
  effect();
  return answer(200);
}

const SIZE = {
  resourceType: "virtualMachines",
  name: "Standard_D4s_v5",
  locations: ["westus3"],
  locationInfo: [{ location: "westus3", zones: ["1", "2", "3"] }],
  capabilities: [{ name: "CapacityReservationSupported", value: "True" }],
};

function answer(status: number, body?: unknown, headers: Record<string, string> = {}): SandboxResponse {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  return { status, headers: { ...type, ...headers }, body: body === undefined ? "" : JSON.stringify(body) };
}

const UNKNOWN = answer(404, { error: { code: "NotFound", message: "not found" } });
