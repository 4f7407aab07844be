import { test } from "vitest";
import { roomy, stateIn } from "../topics/acr/change-world.ts";
import { openDouble } from "./azure-double.ts";
import { runCli } from "./cli.ts";

/** The typed client would send `{}` here, and call it a success. */
test.concurrent(
  "enabling regional endpoints is one PATCH with that property on the wire",
  async (context) => {
    const { expect, onTestFinished } = context;
    const bodies: unknown[] = [];
    const double = await openDouble({
      edit: roomy,
      before: async ({ method, url, body }) => {
        if (method === "PATCH") bodies.push([new URL(url).searchParams.get("api-version"), body]);
      },
    });
    onTestFinished(() => double.close());

    const command = ["acr", "regional", "enable", "shopregistry", "--apply", "--yes"];
    const { exit, stdout, stderr } = await runCli(double, command);

    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(bodies).toEqual([["2026-03-01-preview", '{"properties":{"regionalEndpoints":"Enabled"}}']]);
    expect(stateIn(double.world).regional).toBe("Enabled");
    expect(stdout).toMatch(/^1\tEnable regional endpoints for eastus2, northeurope, westeurope\tdone/);
  },
);
