import { dig, type Call } from "./http.ts";
import { guidFrom, sameText } from "./ids.ts";
import { refuseSignIn, requireField } from "./sign-in-refusal.ts";
import { TOKEN_LIFETIME_S, writeToken, type Claims } from "./token.ts";
import type { World } from "./world.ts";

/** Whose token it becomes. */
export type Subject = Pick<Claims, "tid" | "oid" | "appid" | "idtyp"> & Partial<Claims>;

/** The part of the answer that every grant shares: an access token for the scope that the form asks for. */
export function issueToken(call: Call, form: URLSearchParams, subject: Subject): Record<string, unknown> {
  const now = Math.floor(call.state.now().getTime() / 1000);
  const tid = call.strayed ? anotherTenant(call.state.world, subject.tid) : subject.tid;
  const token = writeToken({
    ...subject,
    ...contextsIn(form.get("claims")),
    tid,
    aud: audienceOf(call, requireField(call, form, "scope")),
    iss: `https://sts.windows.net/${tid}/`,
    iat: now,
    exp: now + TOKEN_LIFETIME_S,
    uti: crypto.randomUUID(),
  });
  return {
    token_type: "Bearer",
    expires_in: TOKEN_LIFETIME_S,
    ext_expires_in: TOKEN_LIFETIME_S,
    access_token: token,
  };
}

export function audienceOf(call: Call, scope: string): string {
  const wanted = scope.split(" ").find((each) => each.endsWith("/.default"));
  if (wanted !== undefined) return wanted.slice(0, -"/.default".length);
  const text = `The provided request must include a 'scope' input parameter that ends in /.default. The scope ${scope} is not valid.`;
  throw refuseSignIn(call, { error: "invalid_scope", aadsts: 70011, text });
}

function anotherTenant({ tenants }: World, tenantId: string): string {
  const other = tenants.find((each) => !sameText(each.tenantId, tenantId));
  return other?.tenantId ?? guidFrom("another tenant");
}

/** A token that was asked for with the claims of a challenge carries what the challenge wanted. */
function contextsIn(claims: string | null): { acrs?: string[] } {
  if (claims === null) return {};
  const acrs = dig(parse(claims), "access_token", "acrs");
  const values = dig(acrs, "values") ?? [dig(acrs, "value")];
  const texts = Array.isArray(values) ? values.filter((each) => typeof each === "string") : [];
  return texts.length > 0 ? { acrs: texts } : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Claims that are not JSON ask for nothing that could be recognised.
    return undefined;
  }
}
