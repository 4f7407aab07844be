import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { replica } from "../../../src/topics/acr/replica.ts";
import { route } from "../../../src/topics/acr/route.ts";
import { openDriver } from "../../harness.ts";
import { cutRun, killAt } from "../killing.ts";
import { end } from "../odcr/attach-world.ts";
import { rehearse } from "../../../src/topics/acr/rehearse.ts";
import { again, onlyIn, regionsIn } from "./route-world.ts";

const REHEARSE = { registry: "shopregistry", region: "westeurope", hold: "5s", apply: true };

test("what a live rehearsal is to put back is not taken out or removed, a dead one's is", async () => {
  const driver = await openDriver(onlyIn("eastus2", "northeurope", "westeurope"));
  // A look of the proof or the hold: the replica is out by then.
  const killing = killAt(driver, [1, "before"], ({ url }) => {
    return url.includes("/blobs/") && !regionsIn(driver.open.world).includes("westeurope");
  });
  const cut = end(rehearse, REHEARSE, driver.ctx).catch(() => {});
  await killing.killed;
  const other = await again(driver);
  const changes = other.open.changes().length;
  writeFileSync(join(other.host.folder, "routing.yaml"), "regions: {westeurope: out}\n");
  const ask = async (): Promise<unknown[]> =>
    Promise.all([
      end(route, { way: "out", registry: "shopregistry", region: "westeurope" }, other.ctx),
      end(route, { way: "plan", registry: "shopregistry", file: "routing.yaml" }, other.ctx),
      end(
        replica,
        { way: "remove", registry: "shopregistry", region: "westeurope", keepRegional: true },
        other.ctx,
      ),
    ]).then((all) => all.map(({ exit, error }) => [exit, error?.message, error?.hint]));

  const refused = [
    EXIT.changes,
    expect.stringMatching(
      /^run \S+ \(process \d+ since \S+\) would undo it, as it is to do this: Put westeurope back into global routing$/,
    ),
    expect.stringMatching(/^see azwise runs show \S+; kill -INT \d+ ends it, with the replica back/),
  ];
  expect(await ask()).toEqual([refused, refused, refused]);
  expect(
    (await end(route, { way: "out", registry: "shopregistry", region: "northeurope" }, other.ctx)).error,
  ).toBeUndefined();
  await cutRun(driver.host);
  expect((await ask()).map((each) => (each as unknown[])[1])).toEqual([undefined, undefined, undefined]);
  expect(other.open.changes().length).toBe(changes);
  killing.bury();
  await cut;
});
