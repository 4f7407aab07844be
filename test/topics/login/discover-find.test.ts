import { expect, test } from "vitest";
import type { AppError } from "../../../src/errors.ts";
import { findByName, notFound } from "../../../src/topics/login/discover-find.ts";
import { subscriptionRecord, tenantRecord, walkOf } from "./walks.ts";

const PROD = subscriptionRecord("s1", "Contoso Prod", "a");
const SANDBOX_A = subscriptionRecord("s2", "Sandbox", "a");
const SANDBOX_B = subscriptionRecord("s3", "sandbox", "b", "c");
const WALK = walkOf([tenantRecord("a"), tenantRecord("b")], [PROD, SANDBOX_A, SANDBOX_B]);

test("a name is found whatever its case, and only as a whole", () => {
  expect(findByName(WALK, { name: "contoso PROD" })).toBe(PROD);
  expect(findByName(WALK, { name: "Contoso" })).toBeUndefined();
});

test("two of the same name are refused with both ids", () => {
  const find = (): unknown => findByName(WALK, { name: "Sandbox" });

  expect(find).toThrow('2 subscriptions are called "Sandbox": s2 of tenant a, s3 of tenant b');
});

test("a tenant chooses among them, also one that only manages it", () => {
  expect(findByName(WALK, { name: "Sandbox", tenantId: "a" })).toBe(SANDBOX_A);
  expect(findByName(WALK, { name: "Sandbox", tenantId: "c" })).toBe(SANDBOX_B);
  expect(findByName(WALK, { name: "Contoso Prod", tenantId: "b" })).toBeUndefined();
});

test("a name that was not found may be in a tenant that was not walked", () => {
  const partial = { ...WALK, tenants: [tenantRecord("a"), tenantRecord("b", { state: "needs MFA" })] };
  const told = ({ kind, message, hint }: AppError): unknown => ({ kind, message, hint });

  expect(told(notFound({ name: "x" }, WALK))).toEqual({
    kind: "auth",
    message: 'no subscription is called "x" among 3 subscriptions seen',
    hint: "azwise login discover --cached --subscriptions lists them",
  });
  expect(told(notFound({ name: "x", tenantId: "b" }, partial))).toEqual({
    kind: "auth",
    message: 'no subscription through tenant b is called "x" among 3 subscriptions seen',
    hint: "1 of 2 tenants could not be walked: azwise login discover --cached says why",
  });
});
