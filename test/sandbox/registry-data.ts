import { list, REGISTRY } from "../../src/sandbox/bodies.ts";
import type { Sandbox } from "../../src/sandbox/open.ts";
import type { Change, World } from "../../src/sandbox/world.ts";
import { openCloud, postToken, request, TENANT, type Answer, type Cloud } from "./azure.ts";

export const SHOP_HOST = "shopregistry.azurecr.io";
export const SHOP_WEST = "shopregistry.westeurope.geo.azurecr.io";
export const REGISTRY_SCOPE = "https://containerregistry.azure.net/.default";
export const ACCEPT =
  "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json; q=0.9";

/** Regional endpoints of the shop's registry are on. */
export function enableRegional(world: World): void {
  const shop = list(world, REGISTRY).find(({ name }) => name === "shopregistry")!;
  shop.properties.regionalEndpoints = "Enabled";
}

/** Something happens to the shop's images. */
export function add(world: World, ...changes: Change[]): void {
  const shop = list(world, REGISTRY).find(({ name }) => name === "shopregistry")!;
  world.images[shop.id.toLowerCase()]!.changes.push(...changes);
}

/** A push of one layer, at the home region unless told otherwise. */
export function pushed(change: Partial<Extract<Change, { kind: "push" }>>): Change {
  const at = { time: "2026-11-21T08:00:00Z", region: "eastus2", repository: "shop/web" };
  return { kind: "push", ...at, tag: "1.5.0", layers: [{ text: "shop web 1.5.0" }], ...change };
}

export interface DataCloud extends Cloud {
  /** A request to a host of a registry, with a token of the registry for the scope if one is given. */
  ask(target: string, options?: AskOptions): Promise<Answer>;
  /** A token of the registry for one scope. */
  tokenFor(scope: string, host?: string): Promise<string>;
}

export interface AskOptions {
  method?: string;
  scope?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Contoso's registries behind raw requests to their own hosts. */
export async function openData(edit: (world: World) => void = () => {}): Promise<DataCloud> {
  const cloud = await openCloud({ edit });
  const { sandbox } = cloud;
  const tokenFor = async (scope: string, host = SHOP_HOST): Promise<string> => {
    const refresh = (await exchange(sandbox, { host })).body.refresh_token as string;
    const form = { grant_type: "refresh_token", service: serviceOf(host), scope, refresh_token: refresh };
    return (await post(sandbox, `https://${host}/oauth2/token`, form)).body.access_token as string;
  };
  return {
    ...cloud,
    tokenFor,
    async ask(target, { method = "GET", scope, headers = {}, body = "" } = {}) {
      const url = target.startsWith("https:") ? target : `https://${SHOP_HOST}${target}`;
      const token = scope === undefined ? undefined : await tokenFor(scope, new URL(url).host);
      const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return request(sandbox, { method, url, headers: { ...bearer, ...headers }, body });
    },
  };
}

/** Regional hosts name the global one. */
function serviceOf(host: string): string {
  return host.replace(/\.[a-z0-9]+\.geo\./, ".");
}

export async function exchange(
  sandbox: Sandbox,
  {
    host = SHOP_HOST,
    scope = REGISTRY_SCOPE,
    form = {},
  }: { host?: string; scope?: string; form?: object } = {},
): Promise<Answer> {
  const token = (await postToken(sandbox, { form: { scope } })).body.access_token as string;
  const fields = {
    grant_type: "access_token",
    service: serviceOf(host),
    tenant: TENANT,
    access_token: token,
  };
  return post(sandbox, `https://${host}/oauth2/exchange`, { ...fields, ...form });
}

export async function post(sandbox: Sandbox, url: string, form: Record<string, string>): Promise<Answer> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return request(sandbox, { method: "POST", url, headers, body: new URLSearchParams(form).toString() });
}

export function dataCode({ status, body }: Answer): [number, string] {
  return [status, body.errors[0].code];
}

/** Asks a host for a layer of an image, the way a client does. */
export async function locate(cloud: DataCloud, host: string, name = "shop/web"): Promise<Answer> {
  const scope = `repository:${name}:pull`;
  const tag = name === "app" ? "7" : "1.4.2";
  const at = (path: string): Promise<Answer> =>
    cloud.ask(`https://${host}/v2/${name}/${path}`, { scope, headers: { accept: "*/*" } });
  const body = JSON.parse((await at(`manifests/${tag}`)).text);
  const image = body.manifests ? JSON.parse((await at(`manifests/${body.manifests[0].digest}`)).text) : body;
  return at(`blobs/${image.config.digest}`);
}
