import { expect, test } from "vitest";
import type { Principal, SignedIn } from "../../../src/azure/login-ports.ts";
import { viewLogin } from "../../../src/topics/login/login-view.ts";
import type { LoginResult } from "../../../src/topics/login/login.ts";

const ADA: Principal = { kind: "user", id: "o", name: "ada@contoso.com", appId: "az" };
const NOBODY: Principal = { kind: "unknown", id: undefined, name: undefined, appId: undefined };

function resultFor(principal: Principal): LoginResult {
  const signedIn: Partial<SignedIn> = {
    tenantId: "T",
    auth: "device",
    principal,
    expires: new Date("2026-11-21T09:12:34.567Z"),
  };
  return {
    name: "prod",
    context: {
      cloud: "public",
      tenant: "T",
      domain: "contoso.com",
      auth: "device",
      principal: "ada@contoso.com",
    },
    replaced: undefined,
    subscription: undefined,
    signedIn: signedIn as SignedIn,
    pin: undefined,
  };
}

test("one row says where the context leads, whom it stands for, and how long its token lasts", () => {
  const { tables, notes } = viewLogin(resultFor(ADA));

  expect(tables).toEqual([
    {
      columns: [
        ...["context", "cloud", "tenant", "subscription"].map((header) => ({ header })),
        ...["auth", "principal"].map((header) => ({ header, wide: true })),
        { header: "token ends" },
      ],
      rows: [
        {
          cells: ["prod", "public", "contoso.com", null, "device", "ada@contoso.com", "2026-11-21T09:12:34Z"],
        },
      ],
    },
  ]);
  expect(notes).toEqual([]);
});

test("an opaque token is told: nothing proves whose it is", () => {
  expect(viewLogin(resultFor(NOBODY)).notes).toEqual([
    { level: "warning", text: "the token is opaque: neither its tenant nor whose it is can be told" },
  ]);
});
