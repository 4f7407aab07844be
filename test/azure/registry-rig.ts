import { createHash } from "node:crypto";
import { createRegistryData, type RegistryDataOptions } from "../../src/azure/registry-data.ts";
import type { RegistryDataPort } from "../../src/azure/registry-ports.ts";
import { hosts, registry } from "../topics/acr/builders.ts";
import { createClock, openWire, reply, type Outcome, type Reply, type Wire } from "./wire.ts";

export const GLOBAL = "shopimages.azurecr.io";
export const WEST = "shopimages.westeurope.geo.azurecr.io";
export const TENANT = "a0000000-0000-4000-8000-00000000000a";
export const SCOPE = "https://containerregistry.azure.net/.default";
export const PULL = "repository:shop/web:pull";
export const MANIFEST = `GET https://${GLOBAL}/v2/shop/web/manifests/1.4.2`;
export const EXCHANGE = `POST https://${GLOBAL}/oauth2/exchange`;
export const TOKEN = `POST https://${GLOBAL}/oauth2/token`;
/** No token here looks like one, so that only care keeps them from being printed. */
export const ENTRA = "entra-token-of-this-test";

export const SHOP = registry({ regionalHosts: hosts("geo", "eastus2", "westeurope") });
export const at = (host: string): { registry: typeof SHOP; host: string } => ({ registry: SHOP, host });

export interface Opened {
  data: RegistryDataPort;
  wire: Wire;
  log: string[];
  clock: ReturnType<typeof createClock>;
  /** What the credential was asked for, and told to forget. */
  asked: string[];
}

type Given = Partial<Pick<RegistryDataOptions, "env" | "httpClient" | "signal" | "timeoutMs">>;

/** The port over a script instead of the network, unless another client is given. */
export function openRegistryData(script: Record<string, Outcome | Outcome[]>, given: Given = {}): Opened {
  const wire = openWire(script);
  const clock = createClock();
  const log: string[] = [];
  const asked: string[] = [];
  const data = createRegistryData({
    credential: {
      async getToken(scopes) {
        asked.push(String(scopes));
        return { token: ENTRA, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
      },
      forget: (token) => asked.push(`forget ${token}`),
    },
    scope: SCOPE,
    tenantId: TENANT,
    env: {},
    httpClient: wire.httpClient,
    clock,
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    log: (line) => log.push(line),
    onWait: () => {},
    ...given,
  });
  return { data, wire, log, clock, asked };
}

export function challenged(host: string, scope = PULL, realm = `https://${host}/oauth2/token`): Reply {
  const header = `Bearer realm="${realm}",service="${GLOBAL}",scope="${scope}"`;
  return reply(401, { errors: [{ code: "UNAUTHORIZED" }] }, { "www-authenticate": header });
}

export const REFRESH = reply(200, { refresh_token: "refresh-1" });
export const ACCESS = reply(200, { access_token: "access-1" });
export const OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";

export function digestOf(text: string, algorithm = "sha256"): string {
  return `${algorithm}:${createHash(algorithm).update(text).digest("hex")}`;
}

/** As registries answer it, with its real digest; other headers win. */
export function manifestReply(
  mediaType: string,
  content: object | string,
  headers: Record<string, string> = {},
): Reply {
  const text = typeof content === "string" ? content : JSON.stringify({ mediaType, ...content });
  const own = { "content-type": mediaType, "docker-content-digest": digestOf(text) };
  return reply(200, text, { ...own, ...headers });
}

export const IMAGE = manifestReply(OCI_IMAGE, {
  config: { digest: "sha256:c" },
  layers: [{ digest: "sha256:l" }],
});
export const READ = {
  digest: digestOf(IMAGE.body),
  mediaType: OCI_IMAGE,
  images: [],
  blobs: ["sha256:c", "sha256:l"],
};
