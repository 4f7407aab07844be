import { createHash } from "node:crypto";
import { findMember, findTenant, requireAllowed, requireMember, type Member } from "./directory.ts";
import { Refusal, type Call, type Reply } from "./http.ts";
import { sameText } from "./ids.ts";
import { refuseSignIn, requireField } from "./sign-in-refusal.ts";
import { answerSignIn, readTicket, writeTicket } from "./user-tokens.ts";
import type { User } from "./world.ts";

const DEVICE_CODE_LIFETIME_S = 900;

/** Begins a sign-in on another device; a person is taken to enter the code after the first question for it. */
export function startDevice(call: Call): Reply {
  const form = new URLSearchParams(call.text);
  requireField(call, form, "client_id");
  const member = requireSomebody(call, null);
  const userCode = crypto.randomUUID().slice(0, 8).toUpperCase();
  const verificationUri = "https://microsoft.com/devicelogin";
  const body = {
    user_code: userCode,
    device_code: writeTicket("device", { user: member.user.signInName, userCode }),
    verification_uri: verificationUri,
    expires_in: DEVICE_CODE_LIFETIME_S,
    interval: call.state.world.settings.devicePollSeconds,
    message: `To sign in, use a web browser to open the page ${verificationUri} and enter the code ${userCode} to authenticate.`,
  };
  return { status: 200, body };
}

export function redeemDeviceCode(call: Call, form: URLSearchParams): Reply {
  const code = requireField(call, form, "device_code");
  const member = requireHolder(call, readTicket("device", code));
  const { askedDevices } = call.state;
  if (!askedDevices.has(code)) {
    askedDevices.add(code);
    const text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
    throw refuseSignIn(call, { error: "authorization_pending", aadsts: 70016, text });
  }
  requireAllowed(call, member.membership, true);
  return { status: 200, body: answerSignIn(call, { form, member }) };
}

/** The page in the browser: the person is known by the hint, and signs in at once. */
export function authorize(call: Call): Reply {
  const { redirect_uri: redirectUri = "", state = "", nonce, code_challenge: challenge } = call.query;
  const back = (answer: Record<string, string>): Reply => {
    const location = `${redirectUri}?${new URLSearchParams({ ...answer, state }).toString()}`;
    return { status: 302, headers: { location } };
  };
  try {
    const { user, membership } = requireSomebody(call, call.query["login_hint"] ?? null);
    requireAllowed(call, membership, true);
    const content = {
      user: user.signInName,
      redirectUri,
      ...(nonce === undefined ? {} : { nonce }),
      ...(challenge === undefined ? {} : { challenge }),
    };
    return back({ code: writeTicket("code", content) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { error: name, error_description: text } = error.reply.body as Record<string, string>;
    return back({ error: name ?? "", error_description: text ?? "" });
  }
}

export function redeemCode(call: Call, form: URLSearchParams): Reply {
  const ticket = readTicket("code", requireField(call, form, "code"));
  const member = requireHolder(call, ticket);
  const { challenge, nonce, redirectUri } = ticket ?? {};
  if (form.get("redirect_uri") !== redirectUri) {
    const text = "The reply address does not match the one that the code was requested for.";
    throw refuseSignIn(call, { error: "invalid_grant", aadsts: 500112, text });
  }
  if (challenge !== undefined && challenge !== challengeOf(form.get("code_verifier") ?? "")) {
    const text = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
    throw refuseSignIn(call, { error: "invalid_grant", aadsts: 501481, text });
  }
  return { status: 200, body: answerSignIn(call, { form, member, nonce }) };
}

function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

/** A sign-in goes on without a person, in this tenant or in another one that knows the user. */
export function redeemRefreshToken(call: Call, form: URLSearchParams): Reply {
  const member = requireHolder(call, readTicket("refresh", requireField(call, form, "refresh_token")));
  requireAllowed(call, member.membership, false);
  return { status: 200, body: answerSignIn(call, { form, member }) };
}

function requireHolder(call: Call, ticket: Record<string, string> | undefined): Member {
  const user = ticket && userNamed(call, ticket["user"] ?? "");
  if (user) return requireMember(call, findTenant(call, user), user);
  const text = "Provided grant is invalid or malformed.";
  throw refuseSignIn(call, { error: "invalid_grant", aadsts: 70000, text });
}

/** Who sits there: the one with the given name, else the first user whom the tenant knows. */
function requireSomebody(call: Call, hint: string | null): Member {
  const user = hint === null ? undefined : userNamed(call, hint);
  if (user) return requireMember(call, findTenant(call, user), user);
  const { tenantId } = findTenant(call);
  const member = hint === null ? findMember(call.state.world, tenantId) : undefined;
  if (member) return member;
  const text =
    "The user account does not exist in the directory. To sign into this application, the account must be added to it.";
  throw refuseSignIn(call, { error: "invalid_grant", aadsts: 50034, text });
}

function userNamed(call: Call, name: string): User | undefined {
  return call.state.world.users.find((user) => sameText(user.signInName, name));
}
