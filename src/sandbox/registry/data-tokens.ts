import { isAllowed } from "../access.ts";
import type { Registry } from "../bodies.ts";
import { isVisibleTo } from "../directory.ts";
import { dig, Refusal, type Call, type Reply } from "../http.ts";
import { sameText, subscriptionOf } from "../ids.ts";
import { readToken, writeJwt } from "../token.ts";

const AUDIENCE = "https://containerregistry.azure.net";
const REFRESH_LIFETIME_S = 3 * 3600;
const ACCESS_LIFETIME_S = 75 * 60;

/** An error in the shape of a registry's own hosts. */
export function refuseData(
  status: number,
  error: { code: string; message: string; detail?: unknown },
  headers: Record<string, string> = {},
): Refusal {
  return new Refusal({ status, headers, body: { errors: [error] } });
}

/** The realm is on the host that was asked, the service is the registry's global name. */
export function challenge(
  call: Call,
  { properties }: Registry,
  { scope, error }: { scope?: string; error?: string } = {},
): Refusal {
  const fields = [
    `realm="${call.origin}/oauth2/token"`,
    `service="${properties.loginServer}"`,
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
    ...(error === undefined ? [] : [`error="${error}"`]),
  ];
  const [Type, Name, Action] = (scope ?? "registry:catalog:*").split(":");
  const message = "authentication required, visit https://aka.ms/acr/authorization for more information.";
  const body = { code: "UNAUTHORIZED", message, detail: [{ Type, Name, Action }] };
  return refuseData(401, body, { "www-authenticate": `Bearer ${fields.join(",")}` });
}

interface RegistryClaims {
  aud: string;
  exp: number;
  kind: "refresh" | "access";
  /** Who asked, or "" for nobody. */
  sub: string;
  scopes: string[];
}

function writeRegistryToken(call: Call, claims: Omit<RegistryClaims, "exp">): string {
  const lifetime = claims.kind === "refresh" ? REFRESH_LIFETIME_S : ACCESS_LIFETIME_S;
  return writeJwt({ ...claims, exp: Math.floor(call.state.now().getTime() / 1000) + lifetime });
}

function readRegistryToken(call: Call, registry: Registry, token: string): RegistryClaims | undefined {
  const claims = parse(token.split(".")[1] ?? "");
  const { loginServer } = registry.properties;
  if (dig(claims, "aud") !== loginServer) return undefined;
  const isLasting = Number(dig(claims, "exp")) * 1000 > call.state.now().getTime();
  return isLasting ? (claims as RegistryClaims) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    // Whatever is not a token of a registry is refused in the same words.
    return undefined;
  }
}

/** Lets a request through whose token has the scope; otherwise it is told where to get one. */
export function requireScope(call: Call, registry: Registry, scope: string): void {
  const scopes = requireToken(call, registry, scope);
  if (!scopes.includes(scope)) throw challenge(call, registry, { scope, error: "insufficient_scope" });
}

/** The scopes of a token of this registry, whatever they are. */
export function requireToken(call: Call, registry: Registry, scope?: string): string[] {
  const [scheme = "", token = ""] = (call.headers["authorization"] ?? "").split(" ");
  const claims = sameText(scheme, "bearer") ? readRegistryToken(call, registry, token) : undefined;
  if (claims?.kind === "access") return claims.scopes;
  throw challenge(call, registry, scope === undefined ? {} : { scope });
}

/** A Microsoft Entra token for one of the registry. */
export function exchange(call: Call, registry: Registry): Reply {
  const form = new URLSearchParams(call.text);
  const { loginServer } = registry.properties;
  const claims = readToken(form.get("access_token") ?? "");
  const subscription = call.state.world.subscriptions.find((each) =>
    sameText(each.subscriptionId, subscriptionOf(registry.id)),
  );
  const isUsable =
    claims !== undefined &&
    form.get("grant_type") === "access_token" &&
    form.get("service") === loginServer &&
    isMeantFor(claims.aud, registry) &&
    claims.exp * 1000 > call.state.now().getTime() &&
    subscription !== undefined &&
    isVisibleTo(subscription, claims.tid);
  if (!isUsable) throw challenge(call, registry);
  const token = writeRegistryToken(call, { aud: loginServer, kind: "refresh", sub: claims.oid, scopes: [] });
  return { status: 200, body: { refresh_token: token } };
}

function isMeantFor(audience: string, { properties }: Registry): boolean {
  if (audience.replace(/\/+$/, "") === AUDIENCE) return true;
  const policy = dig(properties, "policies", "azureADAuthenticationAsArmPolicy", "status");
  return policy === "enabled" && audience.startsWith("https://management.");
}

/** A token of the registry for one of certain scopes; without one, for what anybody may pull. */
export function issueAccess(call: Call, registry: Registry): Reply {
  const asked = call.method === "POST" ? new URLSearchParams(call.text) : new URLSearchParams(call.query);
  const refresh = readRegistryToken(call, registry, refreshTokenOf(call, asked));
  const isAnonymous = refresh === undefined && call.headers["authorization"] === undefined;
  const mayPull = registry.properties["anonymousPullEnabled"] === true;
  const isKnown = refresh?.kind === "refresh" || (isAnonymous && mayPull && !asked.has("refresh_token"));
  if (!isKnown || asked.get("service") !== registry.properties.loginServer) throw challenge(call, registry);
  const wanted = asked.getAll("scope").flatMap((each) => each.split(" "));
  const isGranted = (scope: string): boolean =>
    refresh ? isAllowed(call.state.world, registry.id, actionFor(scope)) : scope.endsWith(":pull");
  const { loginServer: aud } = registry.properties;
  const scopes = wanted.filter(isGranted);
  const token = writeRegistryToken(call, { aud, kind: "access", sub: refresh?.sub ?? "", scopes });
  return { status: 200, body: { access_token: token } };
}

/** Docker sends it as the password of a user without a name. */
function refreshTokenOf(call: Call, asked: URLSearchParams): string {
  if (call.method === "POST") return asked.get("refresh_token") ?? "";
  const [, basic = ""] = (call.headers["authorization"] ?? "").split(" ");
  return Buffer.from(basic, "base64").toString().split(":")[1] ?? "";
}

function actionFor(scope: string): string {
  const kind = scope.endsWith(":delete")
    ? "artifacts/delete"
    : scope.includes("push")
      ? "push/write"
      : "pull/read";
  return `Microsoft.ContainerRegistry/registries/${kind}`;
}
