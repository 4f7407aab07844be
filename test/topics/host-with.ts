import type { World } from "../../src/sandbox/world.ts";
import { createTestHost, type HostOptions, type TestHost } from "../harness.ts";
import { changeWorld } from "../plan/saved-plan.ts";

/** A command line whose sandbox is contoso with a change. */
export async function hostWith(change: (world: World) => void, options: HostOptions = {}): Promise<TestHost> {
  const host = createTestHost(options);
  await changeWorld(host, change);
  return host;
}
