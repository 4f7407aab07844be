import { join } from "node:path";
import { openSandbox } from "../sandbox/open.ts";
import { loadWorld, saveWorld } from "../sandbox/world-file.ts";
import type { OpenOptions, Place } from "./open.ts";
import { createSandboxClient } from "./sandbox-client.ts";

/** The sandbox in the place of the network; loaded only when it is asked for. */
export async function openSandboxPlace({ folders, now }: OpenOptions): Promise<Place> {
  const file = join(folders.state, "sandbox", "world.json");
  const world = await loadWorld(file);
  const sandbox = openSandbox({ world, now, save: (changed) => saveWorld(file, changed) });
  const [first] = world.subscriptions;
  return {
    clock: {
      now: () => sandbox.now(),
      elapsed: () => sandbox.elapsed(),
      sleep: (ms, signal) => sandbox.sleep(ms, signal),
    },
    httpClient: createSandboxClient((request) => sandbox.answer(request)),
    ...(first ? { defaults: { tenantId: first.tenantId, subscriptionId: first.subscriptionId } } : {}),
  };
}
