import { join } from "node:path";
import type { World } from "../../../src/sandbox/world.ts";
import { saveWorld } from "../../../src/sandbox/world-file.ts";
import { createTestHost, loadWorld, type HostOptions, type TestHost } from "../../harness.ts";

/** A command line whose sandbox is contoso with a change. */
export async function hostWith(change: (world: World) => void, options: HostOptions = {}): Promise<TestHost> {
  const host = createTestHost(options);
  const world = await loadWorld();
  change(world);
  await saveWorld(join(host.state, "sandbox", "world.json"), world);
  return host;
}
