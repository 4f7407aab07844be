import { isContextInForce, isOutsideRehearsal } from "../../azure/target.ts";
import { EXIT } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import type { Cell, Note, Row, Table, View } from "../../output/view.ts";
import { principalJson, utc } from "./identity-json.ts";
import { toolJson, toolNotes, toolsTable } from "./tools-view.ts";
import type { WhoamiResult } from "./whoami.ts";

/** What is shown of a value that nobody could tell. */
function unknown(reason: string): Cell {
  return { text: `unknown, because ${reason}`, tone: "warn" };
}

/** One row for each thing that a run depends on; exit 4 when a run from here would be refused. */
export function viewWhoami(result: WhoamiResult): View {
  const { subscription, tools, mismatches } = result;
  const notes = [...problemNotes(result), ...toolNotes(tools ?? [])];
  const isWrong =
    mismatches.length > 0 ||
    subscription?.problem !== undefined ||
    tools?.some(({ agreement }) => agreement.agrees === false) === true;
  return {
    data: whoamiJson(result),
    // First, as TSV prints one table: who asks for all tools wants to see them in a pipe, too.
    tables: [...(tools ? [toolsTable(tools)] : []), whoamiTable(result)],
    notes,
    exit: isWrong ? EXIT.auth : EXIT.ok,
  };
}

function problemNotes({ mismatches, subscription, azProfile }: WhoamiResult): Note[] {
  const pins = mismatches.map(
    ({ what, pinned, pinnedBy, actual, actualBy }) =>
      `${pinnedBy} pins this folder to ${what} ${pinned}, but ${actualBy} says ${actual}`,
  );
  const problems = subscription?.problem === undefined ? [] : [subscription.problem];
  const { file, state } = azProfile;
  const unread =
    state === "broken" ? [`${file} cannot be read, or is half-written, and so says nothing`] : [];
  return [...pins, ...problems, ...unread].map((text) => ({ level: "warning", text }));
}

function whoamiTable(result: WhoamiResult): Table {
  const { wanted, tenant, domain } = result;
  const isKnown = "value" in domain;
  const rows: Row[] = [
    row("cloud", wanted.cloud.name, wanted.cloudFrom),
    row("tenant", tenant.value, tenant.from),
    row("tenant domain", isKnown ? domain.value : unknown(domain.unknown), isKnown ? domain.from : null),
    ...principalRows(result),
    ...subscriptionRows(result),
    ...signInRows(result),
    ...settingRows(result),
  ];
  return { columns: [{ header: "item" }, { header: "value" }, { header: "from" }], rows };
}

function row(item: string, value: Cell, from: string | null): Row {
  return { cells: [item, value, from] };
}

function principalRows({ signedIn: { principal } }: WhoamiResult): Row[] {
  const { kind, id, name, appId } = principal;
  if (id === undefined && appId === undefined) {
    return [row("principal", unknown("the token is opaque"), null)];
  }
  const told = (value: string | undefined): Cell => value ?? unknown("the token does not say");
  return [
    row("principal", kind === "unknown" ? told(undefined) : kind, "the token"),
    row("principal id", told(id), "the token"),
    row("principal name", told(name), "the token"),
    row("application", told(appId), "the token"),
  ];
}

function subscriptionRows({ subscription }: WhoamiResult): Row[] {
  if (!subscription) return [row("subscription", { text: "none", tone: "dim" }, null)];
  const { id, from, name, state, reason } = subscription;
  const isNamed = name !== undefined;
  const shown = state === "Enabled" ? (name ?? "") : `${name ?? ""} (${state ?? ""})`;
  return [
    row("subscription", id, from),
    row("subscription name", isNamed ? shown : unknown(reason ?? ""), isNamed ? "the subscription" : null),
  ];
}

function signInRows({ wanted, signedIn, now }: WhoamiResult): Row[] {
  const { auth, expires } = signedIn;
  const minutes = minutesLeft(expires, now);
  const chosen = wanted.auth.value === "auto" ? `${auth} (chosen by auto)` : auth;
  return [
    row("credential", chosen, wanted.auth.from),
    row("token ends", `${utc(expires)}, in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`, "the token"),
  ];
}

function settingRows({ settings, wanted }: WhoamiResult): Row[] {
  const { pin, pinFile, context, contextName } = settings;
  const { name } = wanted.cloud;
  const where = name === "sandbox" ? "the sandbox" : `cloud ${name}`;
  const shown = (value: string | undefined, isInForce: boolean): Cell => {
    if (value === undefined) return { text: "none", tone: "dim" };
    return isInForce ? value : { text: `${value} (not in force in ${where})`, tone: "dim" };
  };
  return [
    row("pin", shown(pinFile, !isOutsideRehearsal(pin, name)), null),
    row("context", shown(contextName, isContextInForce(context, name)), null),
  ];
}

function minutesLeft(expires: Date, now: Date): number {
  return Math.floor((expires.getTime() - now.getTime()) / 60_000);
}

function whoamiJson(result: WhoamiResult): JsonObject {
  const { wanted, tenant, domain, signedIn, now, settings, mismatches, tools } = result;
  return {
    cloud: wanted.cloud.name,
    cloudFrom: wanted.cloudFrom,
    tenant: {
      id: tenant.value,
      from: tenant.from,
      domain: "value" in domain ? domain.value : null,
      domainFrom: "value" in domain ? domain.from : null,
      domainReason: "value" in domain ? null : domain.unknown,
    },
    principal: principalJson(signedIn.principal),
    subscription: subscriptionJson(result),
    auth: { kind: signedIn.auth, asked: wanted.auth.value, from: wanted.auth.from },
    token: { expires: utc(signedIn.expires), minutesLeft: minutesLeft(signedIn.expires, now) },
    pin: pinJson(result),
    context: settings.contextName ?? null,
    mismatches: mismatches.map(({ what, pinned, actual, pinnedBy, actualBy }) => ({
      what,
      pinned,
      actual,
      pinnedBy,
      actualBy,
    })),
    ...(tools ? { tools: tools.map(toolJson) } : {}),
  };
}

function pinJson({ settings: { pin, pinFile } }: WhoamiResult): JsonObject | null {
  const { cloud = null, tenant = null, subscription = null } = pin;
  return pinFile === undefined ? null : { file: pinFile, cloud, tenant, subscription };
}

function subscriptionJson({ subscription }: WhoamiResult): JsonObject | null {
  if (!subscription) return null;
  const { id, from, name = null, state = null, reason = null } = subscription;
  return { id, from, name, state, reason };
}
