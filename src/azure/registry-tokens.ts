import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { JsonObject } from "../json.ts";
import { asObject } from "./arm.ts";
import { AzureError } from "./azure-error.ts";
import type { RunCredential } from "./cached-credential.ts";
import type { RegistryHost } from "./registry-ports.ts";
import { errorFromResponse } from "./service-error.ts";

/** What a registry's own hosts ask of those who come without a token of theirs. */
export interface Challenge {
  service: string;
  scope: string | undefined;
}

export interface RegistryTokenOptions {
  credential: RunCredential;
  /** Of the Microsoft Entra tokens that registries exchange. */
  scope: string;
  tenantId: string;
  /** Posts a form; any answer counts. */
  post(at: RegistryHost, path: string, form: Record<string, string>): Promise<PipelineResponse>;
}

const EXCHANGE = "/oauth2/exchange";
const TOKEN = "/oauth2/token";

/**
 * Tokens of registries, kept in memory for this run and nowhere else. The Microsoft Entra token goes to /oauth2/exchange
 * of the host that was asked, and what it is exchanged for to /oauth2/token of the same host.
 */
export function createRegistryTokens(options: RegistryTokenOptions): {
  get(at: RegistryHost, challenge: Challenge): Promise<string>;
  /** What a Microsoft Entra token is exchanged for. */
  refresh(at: RegistryHost, service: string): Promise<string>;
} {
  const refreshTokens = new Map<string, Promise<string>>();

  const refreshTokenOf = (at: RegistryHost, service: string): Promise<string> => {
    const known = refreshTokens.get(at.host);
    if (known) return known;
    const asked = exchange(at, service, options);
    refreshTokens.set(at.host, asked);
    asked.catch(() => refreshTokens.delete(at.host));
    return asked;
  };

  return {
    refresh: refreshTokenOf,
    async get(at, { service, scope }) {
      const ask = async (): Promise<PipelineResponse> =>
        options.post(at, TOKEN, {
          grant_type: "refresh_token",
          service,
          ...(scope === undefined ? {} : { scope }),
          refresh_token: await refreshTokenOf(at, service),
        });
      let response = await ask();
      if (response.status === 401) {
        // It may have ended; a new one is had for the Microsoft Entra token.
        refreshTokens.delete(at.host);
        response = await ask();
      }
      return tokenIn(response, "access_token");
    },
  };
}

async function exchange(
  at: RegistryHost,
  service: string,
  { credential, scope, tenantId, post }: RegistryTokenOptions,
): Promise<string> {
  const ask = async (): Promise<{ response: PipelineResponse; token: string }> => {
    const token = (await credential.getToken(scope))?.token ?? "";
    const form = { grant_type: "access_token", service, tenant: tenantId, access_token: token };
    return { response: await post(at, EXCHANGE, form), token };
  };
  let { response, token } = await ask();
  if (response.status === 401) {
    credential.forget(token);
    ({ response, token } = await ask());
  }
  return tokenIn(response, "refresh_token");
}

function tokenIn(response: PipelineResponse, name: string): string {
  const token = bodyOf(response)[name];
  if (typeof token === "string" && token !== "") return token;
  throw new AzureError("failed", `${hostOf(response)} answered without a token`, { status: response.status });
}

/** The answer as an object; a refusal, and what is not JSON, is an AzureError. */
export function bodyOf(response: PipelineResponse): JsonObject {
  const { status, bodyAsText } = response;
  if (status >= 300) throw errorFromResponse(response);
  try {
    return asObject(JSON.parse(bodyAsText ?? ""));
  } catch (cause) {
    throw new AzureError("failed", `${hostOf(response)} answered something that is not JSON`, {
      code: "NotJson",
      hint: "check that no proxy or portal answers in the registry's place",
      status,
      cause,
    });
  }
}

function hostOf({ request }: PipelineResponse): string {
  return new URL(request.url).host;
}

/**
 * What the answer asks for. The token address must be on the host that was asked, and the service one of the
 * registry's names: whoever could choose others would be sent tokens.
 */
export function readChallenge(response: PipelineResponse, at: RegistryHost): Challenge {
  const header = response.headers.get("www-authenticate") ?? "";
  if (!/^Bearer /i.test(header)) throw errorFromResponse(response);
  const fields = Object.fromEntries(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name.toLowerCase(), value]),
  );
  const { realm = "", service = "", scope } = fields;
  const isOurs = [at.registry.loginServer, at.host].includes(service.toLowerCase());
  if (realm.toLowerCase() === `https://${at.host}${TOKEN}` && isOurs) return { service, scope };
  throw new AzureError("failed", `${at.host} asks for a sign-in elsewhere`, {
    code: "ForeignRealm",
    hint: "no token was sent; check that no proxy answers in the registry's place",
    because: ["azure-wire/acr-regional-challenge"],
  });
}
