import type { JsonObject } from "../../json.ts";
import type { Note, View } from "../../output/view.ts";
import { contextJson, contextTable } from "./context-table.ts";
import { principalJson, utc } from "./identity-json.ts";
import type { LoginResult } from "./login.ts";
import { describeTarget } from "./login-name.ts";
import { pinNotes } from "./pin-note.ts";

/** One row: the context, whom it stands for, and until when its token lasts. */
export function viewLogin(result: LoginResult): View {
  const { name, context, pin } = result;
  const table = contextTable([{ name, context, active: true }]);
  const ends = utc(result.signedIn.expires);
  return {
    data: loginJson(result),
    tables: [
      {
        columns: [...table.columns.slice(0, -1), { header: "token ends" }],
        rows: table.rows.map(({ cells }) => ({ cells: [...cells.slice(0, -1), ends] })),
      },
    ],
    notes: [
      ...replacedNotes(result),
      ...opaqueNotes(result),
      ...subscriptionNotes(result),
      ...pinNotes(context, pin),
    ],
  };
}

function replacedNotes({ name, replaced }: LoginResult): Note[] {
  if (!replaced) return [];
  return [{ level: "info", text: `the context "${name}" led elsewhere before: ${describeTarget(replaced)}` }];
}

function opaqueNotes({ signedIn: { principal } }: LoginResult): Note[] {
  if (principal.id !== undefined || principal.appId !== undefined) return [];
  const text = "the token is opaque: neither its tenant nor whose it is can be told";
  return [{ level: "warning", text }];
}

function subscriptionNotes({ subscription, signedIn }: LoginResult): Note[] {
  if (!subscription) return [];
  const { id, state, tenantId: home } = subscription;
  const away: Note = {
    level: "info",
    text: `subscription ${id} belongs to tenant ${home} and is seen through ${signedIn.tenantId}`,
    because: ["azure-wire/home-tenant-differs"],
  };
  return [
    ...(home !== "" && home.toLowerCase() !== signedIn.tenantId ? [away] : []),
    ...(state === "Enabled" ? [] : [{ level: "warning" as const, text: `subscription ${id} is ${state}` }]),
  ];
}

function loginJson({ name, context, subscription, signedIn, replaced }: LoginResult): JsonObject {
  const { auth, principal, expires, tenantId } = signedIn;
  return {
    context: name,
    cloud: context.cloud ?? null,
    tenant: { id: tenantId, domain: context.domain ?? null },
    subscription: subscription
      ? {
          id: subscription.id,
          name: subscription.name,
          state: subscription.state,
          homeTenantId: subscription.tenantId,
        }
      : null,
    principal: principalJson(principal),
    auth,
    token: { expires: utc(expires) },
    replaced: replaced ? contextJson({ name, context: replaced, active: false }) : null,
  };
}
