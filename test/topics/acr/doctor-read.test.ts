import { expect, test } from "vitest";
import { doctor } from "../../../src/topics/acr/doctor.ts";
import { examine } from "../../../src/topics/acr/doctor-read.ts";
import { openDriver } from "../../harness.ts";
import { enableRegional } from "../../sandbox/registry-data.ts";

test("clusters that the service dropped from its answer are not taken for none", async () => {
  const { open, ctx } = await openDriver(enableRegional);
  open.intercept(async (request, pass) => {
    const response = await pass(request);
    if (!/managedclusters/i.test(String(request.body))) return response;
    const body = JSON.parse(response.bodyAsText ?? "") as object;
    return { ...response, bodyAsText: JSON.stringify({ ...body, resultTruncated: "true" }) };
  });

  const examined = await examine("shopregistry", ctx);
  const { exit } = doctor.view(
    await doctor.run(doctor.input.parse({ registry: "shopregistry", failOn: "none" }), ctx),
  );

  expect(examined.clusters).toMatchObject({ value: { gaps: ["the service dropped rows"] } });
  expect(exit).toBe(6);
});
