import { expect, test } from "vitest";
import { checkWalk } from "../../../src/topics/login/doctor-checks-profile.ts";
import { account, machine, profile } from "./doctor-machine.ts";

test("the doctor writes thousands as discovery does", () => {
  const accounts = Array.from({ length: 1000 }, (_, index) => account({ tenantId: `tenant-${index}` }));

  const [finding] = checkWalk(machine({ profile: profile(accounts) }));

  expect(finding?.evidence).toBe("1,000 tenants and 1 subscription in az's profile: at least 2,001 requests");
});
