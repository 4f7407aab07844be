import { expect, test } from "vitest";
import { findPinMismatches, pinMismatches, requirePin, type Aim } from "../../src/azure/pin.ts";
import type { Pin } from "../../src/azure/settings.ts";
import { isGuid } from "../../src/resource-id.ts";
import { given, kindOf } from "./given.ts";

const A = "aaaaaaaa-0000-4000-8000-000000000000";
const B = "bbbbbbbb-0000-4000-8000-000000000000";
const S = "11111111-0000-4000-8000-000000000000";
const T = "22222222-0000-4000-8000-000000000000";
const FILE = "/x/.azwise.json";

type From = Record<string, string>;

/** Each part as the value and who gave it, e.g. `{ tenant: { "--tenant": A } }`. */
function aimOf({ cloud = { default: "public" }, tenant, subscription = {} }: Record<string, From>): Aim {
  const [[cloudFrom, name] = ["", ""]] = Object.entries(cloud);
  const [[from, value] = [undefined, ""]] = Object.entries(tenant ?? {});
  return {
    cloud: { name },
    cloudFrom,
    cloudBy: kindOf(cloudFrom),
    tenant: from === undefined ? undefined : given(value, from),
    subscriptions: Object.entries(subscription).map(([by, id]) => given(id, by)),
  };
}

function settingsOf(pin: Pin): { pin: Pin; pinFile: string } {
  return { pin, pinFile: FILE };
}

const SANDBOX = { AZWISE_CLOUD: "sandbox" };

test.each<{ what: string; pin: Pin; aim: Record<string, From> }>([
  { what: "the pin itself", pin: { tenant: A }, aim: { tenant: { [FILE]: A } } },
  {
    what: "the same tenant in capitals",
    pin: { tenant: A },
    aim: { tenant: { "--tenant": A.toUpperCase() } },
  },
  {
    what: "the same subscription in capitals",
    pin: { subscription: S.toUpperCase() },
    aim: { subscription: { AZURE_SUBSCRIPTION_ID: S } },
  },
  { what: "the same domain", pin: { tenant: "contoso.com" }, aim: { tenant: { "--tenant": "Contoso.com" } } },
  { what: "what the pin leaves open", pin: { cloud: "public" }, aim: { tenant: { "--tenant": B } } },
  { what: "a folder without a pin", pin: {}, aim: { tenant: { "--tenant": B } } },
  {
    what: "a rehearsal below the pin of a real cloud",
    pin: { cloud: "public", tenant: A, subscription: S },
    aim: { cloud: SANDBOX, tenant: { "--tenant": B }, subscription: { "--subscription": T } },
  },
  {
    what: "a rehearsal's own target below a pin without a cloud",
    pin: { tenant: A, subscription: S },
    aim: {
      cloud: SANDBOX,
      tenant: { "the sandbox's world": B },
      subscription: { "context rehearsal": T },
    },
  },
  {
    what: "a plan made in a rehearsal below a pin without a cloud",
    pin: { tenant: A },
    aim: { cloud: { "the plan": "sandbox" }, tenant: { "the plan": B } },
  },
])("$what keeps to the pin", ({ pin, aim }) => {
  expect(pinMismatches(aimOf(aim), settingsOf(pin))).toEqual([]);
});

test.each<{ what: string; pin: Pin; aim: Record<string, From>; actualBy: string }>([
  { what: "a cloud", pin: { cloud: "public" }, aim: { cloud: { "--cloud": "usgov" } }, actualBy: "--cloud" },
  {
    what: "a cloud by variable",
    pin: { cloud: "public" },
    aim: { cloud: { AZWISE_CLOUD: "usgov" } },
    actualBy: "AZWISE_CLOUD",
  },
  {
    what: "a real cloud where the sandbox is pinned",
    pin: { cloud: "sandbox" },
    aim: { cloud: { "--cloud": "public" } },
    actualBy: "--cloud",
  },
  { what: "a tenant", pin: { tenant: A }, aim: { tenant: { "--tenant": B } }, actualBy: "--tenant" },
  {
    what: "a tenant by variable",
    pin: { tenant: A },
    aim: { tenant: { AZURE_TENANT_ID: B } },
    actualBy: "AZURE_TENANT_ID",
  },
  {
    what: "a domain where a GUID is pinned",
    pin: { tenant: A },
    aim: { tenant: { "--tenant": "contoso.com" } },
    actualBy: "--tenant",
  },
  {
    what: "a subscription",
    pin: { subscription: S },
    aim: { subscription: { AZURE_SUBSCRIPTION_ID: T } },
    actualBy: "AZURE_SUBSCRIPTION_ID",
  },
  {
    what: "a tenant in the pinned sandbox",
    pin: { cloud: "sandbox", tenant: A },
    aim: { cloud: SANDBOX, tenant: { "--tenant": B } },
    actualBy: "--tenant",
  },
  {
    what: "a tenant in the sandbox below a pin without a cloud",
    pin: { tenant: A },
    aim: { cloud: SANDBOX, tenant: { AZWISE_TENANT: B } },
    actualBy: "AZWISE_TENANT",
  },
])("$what that is not the pinned one is a mismatch", ({ pin, aim, actualBy }) => {
  const [[what, pinned] = ["", ""]] = Object.entries(pin).slice(-1);
  const actual = Object.values(Object.values(aim).at(-1) ?? {})[0];

  expect(pinMismatches(aimOf(aim), settingsOf(pin))).toEqual([
    { what, pinned, actual, pinnedBy: FILE, actualBy, actualKind: kindOf(actualBy) },
  ]);
});

test("each of several subscriptions must be the pinned one", () => {
  const wanted = {
    ...aimOf({}),
    subscriptions: [S, T, A].map((value) => given(value, "--subscription")),
  };

  expect(
    pinMismatches(wanted, settingsOf({ subscription: S })).map(({ what, actual }) => [what, actual]),
  ).toEqual([
    ["subscription", T],
    ["subscription", A],
  ]);
});

/** Owners of domains; the answer holds what was asked. */
function entraOf(owners: Record<string, string>): {
  asked: string[];
  findTenantId(domain: string): Promise<string>;
} {
  const asked: string[] = [];
  return {
    asked,
    async findTenantId(domain) {
      if (isGuid(domain)) return domain;
      asked.push(domain);
      const owner = owners[domain];
      if (owner === undefined) throw new Error(`nobody owns ${domain}`);
      return owner;
    },
  };
}

test.each([
  ["a domain of the pinned tenant", A, "Contoso.com", ["contoso.com"], []],
  ["the pinned domain's tenant", "contoso.com", A, ["contoso.com"], []],
  [
    "another domain of the pinned one's tenant",
    "contoso.com",
    "shop.example",
    ["contoso.com", "shop.example"],
    [],
  ],
  ["a domain of another tenant", A, "fabrikam.com", ["fabrikam.com"], ["tenant"]],
  ["another GUID", A, B, [], ["tenant"]],
  ["the same GUID", A, A, [], []],
])("%s is compared after asking only for what is not known", async (_, pinned, actual, asked, whats) => {
  const entra = entraOf({ "contoso.com": A, "shop.example": A, "fabrikam.com": B });
  const wanted = aimOf({ tenant: { "--tenant": actual } });

  const mismatches = await findPinMismatches({ wanted, settings: settingsOf({ tenant: pinned }), ...entra });

  expect(mismatches.map(({ what }) => what)).toEqual(whats);
  expect(entra.asked).toEqual(asked);
});

test("a domain whose owner cannot be found is not taken for the pinned tenant, nor for another", async () => {
  const wanted = aimOf({ tenant: { "--tenant": "nobody.example" } });

  await expect(requirePin({ wanted, settings: settingsOf({ tenant: A }), ...entraOf({}) })).rejects.toThrow(
    "nobody owns nobody.example",
  );
});

test("domains of different clouds are not asked for", async () => {
  const entra = entraOf({});
  const wanted = aimOf({ cloud: { "--cloud": "usgov" }, tenant: { "--tenant": "contoso.com" } });

  const mismatches = await findPinMismatches({
    wanted,
    settings: settingsOf({ cloud: "public", tenant: A }),
    ...entra,
  });

  expect(mismatches.map(({ what }) => what)).toEqual(["cloud", "tenant"]);
  expect(entra.asked).toEqual([]);
});

test.each<{ aim: Record<string, From>; message: string; hint: string }>([
  {
    aim: { tenant: { "--tenant": B } },
    message: `this folder is pinned to tenant ${A} (${FILE}), but --tenant says ${B}`,
    hint: "drop --tenant, or azwise login unpin",
  },
  {
    aim: { tenant: { "--tenant": B }, subscription: { AZURE_SUBSCRIPTION_ID: T } },
    message: `this folder is pinned to tenant ${A} and subscription ${S} (${FILE}), but --tenant says ${B} and AZURE_SUBSCRIPTION_ID says ${T}`,
    hint: "drop --tenant and unset AZURE_SUBSCRIPTION_ID, or azwise login unpin",
  },
  {
    aim: { cloud: { AZWISE_CLOUD: "" } },
    message: `this folder is pinned to cloud public (${FILE}), but AZWISE_CLOUD says ""`,
    hint: "unset AZWISE_CLOUD, or azwise login unpin",
  },
  {
    aim: { cloud: { "context old": "usgov" } },
    message: `this folder is pinned to cloud public (${FILE}), but context old says usgov`,
    hint: "choose another context, or azwise login unpin",
  },
  {
    aim: { subscription: { "the plan": T } },
    message: `this folder is pinned to subscription ${S} (${FILE}), but the plan says ${T}`,
    hint: "run the plan where it was made, or azwise login unpin",
  },
])("the refusal has both values and both sources: $message", async ({ aim, message, hint }) => {
  const run = {
    wanted: aimOf(aim),
    settings: settingsOf({ cloud: "public", tenant: A, subscription: S }),
    ...entraOf({}),
  };

  await expect(requirePin(run)).rejects.toMatchObject({ kind: "auth", message, hint });
});

test("two GUIDs are compared without asking anybody, so that it works offline", async () => {
  const run = {
    wanted: aimOf({ tenant: { AZURE_TENANT_ID: B } }),
    settings: settingsOf({ tenant: A }),
    findTenantId: () => Promise.reject(new Error("offline")),
  };

  expect(await findPinMismatches(run)).toMatchObject([{ what: "tenant", pinned: A, actual: B }]);
});
