import { expect, test } from "vitest";
import { serving } from "../../../src/topics/acr/serving.ts";
import { openDriver, type Driver } from "../../harness.ts";

/** A list of images for two platforms. */
const LIST = { repository: "shop/web", reference: "1.4.2" };

/** Notes each manifest that was had; `isLost` says of which the replica has none. */
function watch({ open }: Driver, isLost: (reference: string) => boolean = () => false): [string, string][] {
  const seen: [string, string][] = [];
  open.intercept(async (request, pass) => {
    const response = await pass(request);
    const reference = /\/manifests\/([^/]+)$/.exec(new URL(request.url).pathname)?.[1];
    if (reference === undefined || response.status !== 200) return response;
    seen.push([decodeURIComponent(reference), response.headers.get("docker-content-digest") ?? ""]);
    return isLost(seen.at(-1)![0]) ? { ...response, status: 404 } : response;
  });
  return seen;
}

test("a list of images is told by its own digest, and a layer of its first image is asked for", async () => {
  const driver = await openDriver();
  const seen = watch(driver);

  const { data } = serving.view(await serving.run({ registry: "shopregistry", image: LIST }, driver.ctx));

  const [[, list], [first, image]] = seen as [[string, string], [string, string]];
  expect(data).toMatchObject({ digest: list, region: "eastus2", unknown: null });
  expect([seen.length, first === image, image === list]).toEqual([2, true, false]);
});

test("a list without its image at the replica that answers leads to no configuration", async () => {
  const driver = await openDriver();
  const seen = watch(driver, (reference) => reference.startsWith("sha256:"));

  const { data, exit } = serving.view(
    await serving.run({ registry: "shopregistry", image: LIST }, driver.ctx),
  );

  expect(data).toMatchObject({ digest: seen[0]?.[1], unknown: "shop/web:1.4.2 leads to no configuration" });
  expect(exit).toBe(6);
});
