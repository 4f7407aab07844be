import { EXIT } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import type { Row, Table, Tone, View } from "../../output/view.ts";
import type { AssertResult } from "./assert.ts";
import type { Check } from "./assert-check.ts";
import { principalJson } from "./identity-json.ts";

const TONES: Record<Check["verdict"], Tone> = {
  same: "good",
  differs: "bad",
  unusable: "bad",
  unknown: "warn",
};

/** One row of what is so when all is as expected; else one for each expectation, and exit 4. */
export function viewAssert(result: AssertResult): View {
  const { checks } = result;
  const isAsExpected = checks.every(({ verdict }) => verdict === "same");
  return {
    data: { asExpected: isAsExpected, ...identityJson(result), checks: checks.map(checkJson) },
    tables: [isAsExpected ? identityTable(result) : checksTable(checks)],
    notes: [],
    exit: isAsExpected ? EXIT.ok : EXIT.auth,
  };
}

function identityJson({ cloud, signedIn, subscription }: AssertResult): JsonObject {
  const { tenantId, auth, principal } = signedIn;
  return {
    cloud,
    tenant: tenantId,
    subscription: subscription ?? null,
    principal: principalJson(principal),
    auth,
  };
}

function identityTable({ cloud, signedIn, subscription }: AssertResult): Table {
  const { tenantId, auth, principal } = signedIn;
  const cells = [cloud, tenantId, subscription ?? null, principal.name ?? principal.id ?? null, auth];
  return { columns: columns("cloud", "tenant", "subscription", "principal", "auth"), rows: [{ cells }] };
}

function checksTable(checks: readonly Check[]): Table {
  return {
    columns: columns("what", "result", "expected", "actual", "from", "reason"),
    rows: checks.map(checkRow),
  };
}

function checkRow({ what, verdict, expected, actual, from, reason }: Check): Row {
  const result = { text: verdict, tone: TONES[verdict] };
  return { cells: [what, result, expected, actual ?? null, from ?? null, reason ?? null] };
}

function checkJson({ what, verdict, expected, actual, from, reason }: Check): JsonObject {
  return {
    what,
    result: verdict,
    expected,
    actual: actual ?? null,
    from: from ?? null,
    reason: reason ?? null,
  };
}

function columns(...headers: string[]): Table["columns"] {
  return headers.map((header) => ({ header }));
}
