import type { Member } from "./directory.ts";
import type { Call } from "./http.ts";
import { audienceOf, issueToken } from "./issue-token.ts";
import { requireField } from "./sign-in-refusal.ts";
import { TOKEN_LIFETIME_S, writeJwt } from "./token.ts";

/** The application that people sign in with when they name none: the one of Azure's own command line. */
const DEFAULT_CLIENT = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** An access token for a user, as the shared part of an answer. */
export function issueUserToken(call: Call, form: URLSearchParams, member: Member): Record<string, unknown> {
  const { user, membership } = member;
  return issueToken(call, form, {
    tid: membership.tenantId,
    oid: membership.objectId,
    appid: form.get("client_id") ?? DEFAULT_CLIENT,
    idtyp: "user",
    upn: user.signInName,
    unique_name: user.signInName,
    name: user.displayName,
    scp: "user_impersonation",
  });
}

export interface SignInAnswer {
  form: URLSearchParams;
  member: Member;
  /** Repeated in the id token, so that the client knows the answer for its own. */
  nonce?: string | undefined;
}

/** All tokens of an interactive sign-in: the access token, who it is, and what renews it. */
export function answerSignIn(call: Call, { form, member, nonce }: SignInAnswer): Record<string, unknown> {
  const audience = audienceOf(call, requireField(call, form, "scope"));
  return {
    ...issueUserToken(call, form, member),
    scope: `${audience}/user_impersonation ${audience}/.default`,
    refresh_token: writeTicket("refresh", { user: member.user.signInName }),
    id_token: writeIdToken(call, { form, member, nonce }),
    client_info: writeClientInfo(member),
  };
}

function writeIdToken(call: Call, { form, member, nonce }: SignInAnswer): string {
  const { user, membership } = member;
  const now = Math.floor(call.state.now().getTime() / 1000);
  return writeJwt({
    aud: form.get("client_id") ?? DEFAULT_CLIENT,
    iss: `${call.origin}/${membership.tenantId}/v2.0`,
    iat: now,
    nbf: now,
    exp: now + TOKEN_LIFETIME_S,
    name: user.displayName,
    ...(nonce === undefined ? {} : { nonce }),
    oid: membership.objectId,
    preferred_username: user.signInName,
    sub: membership.objectId,
    tid: membership.tenantId,
    ver: "2.0",
  });
}

/** Guests stay one account across tenants, because it is named after their home. */
function writeClientInfo({ user, membership }: Member): string {
  const home = user.memberships.find((each) => each.tenantId === user.homeTenantId) ?? membership;
  return encode({ uid: home.objectId, utid: home.tenantId });
}

type TicketKind = "refresh" | "code" | "device";

/** What a client gives back later, opaque to it; the sandbox keeps no list of those that it gave out. */
export function writeTicket(kind: TicketKind, content: Record<string, string>): string {
  return `sandbox-${kind}-${encode(content)}`;
}

/** The content of a ticket, or undefined when it is not one of this kind. */
export function readTicket(kind: TicketKind, text: string): Record<string, string> | undefined {
  const prefix = `sandbox-${kind}-`;
  if (!text.startsWith(prefix)) return undefined;
  try {
    return JSON.parse(Buffer.from(text.slice(prefix.length), "base64url").toString());
  } catch {
    return undefined;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
