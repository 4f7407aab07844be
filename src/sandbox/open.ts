import { channel } from "node:diagnostics_channel";
import { setImmediate } from "node:timers/promises";
import { createClock, type SandboxClock } from "./clock.ts";
import { SandboxConnectionLost, type SandboxRequest, type SandboxResponse } from "./handler.ts";
import type { State } from "./http.ts";
import { respond } from "./respond.ts";
import { needsLogs } from "./workspace/log-calls.ts";
import type { World } from "./world.ts";

export interface SandboxOptions {
  world: World;
  now: () => Date;
  /** Called after answers that changed the world, never twice at a time. */
  save?: (world: World) => Promise<void>;
}

export interface Sandbox extends SandboxClock {
  /** Answers as Azure would; throws SandboxConnectionLost when a fault breaks the connection. */
  answer(request: SandboxRequest): Promise<SandboxResponse>;
  world: World;
}

/** What is told of each request, at the moment at which the world is as it left it. */
export interface Answered {
  request: SandboxRequest;
  world: World;
}

export const ANSWERED = "azwise:sandbox:answered";
const answered = channel(ANSWERED);

/** An Azure inside the process. `world` is changed in place. */
export function openSandbox({ world, now, save }: SandboxOptions): Sandbox {
  const saver = createSaver(async () => save?.(world));
  let changed = false;
  let underWay = 0;
  const clock = createClock({
    realNow: now,
    offsetMs: () => world.clockOffsetMs,
    jumpTo: (offsetMs) => {
      world.clockOffsetMs = offsetMs;
      changed = true;
    },
    isBusy: () => underWay > 0,
  });
  const state: State = {
    world,
    now: clock.now,
    touch() {
      changed = true;
      state.lastQuery = undefined;
    },
    graphRequests: [],
    replicaRequests: new Map(),
    lastQuery: undefined,
    askedDevices: new Set(),
    logs: undefined,
  };

  async function answer(request: SandboxRequest): Promise<SandboxResponse> {
    underWay += 1;
    try {
      await setImmediate();
      if (needsLogs(request.url)) {
        state.logs ??= await (await import("./workspace/log-desk.ts")).openLogDesk();
      }
      const response = respond(state, request);
      answered.publish({ request, world } satisfies Answered);
      const mustSave = changed;
      changed = false;
      if (mustSave) await saver();
      if (response instanceof SandboxConnectionLost) throw response;
      return response;
    } finally {
      underWay -= 1;
    }
  }

  return { answer, ...clock, world };
}

/** Runs one save at a time; changes that come meanwhile share the next one. */
function createSaver(save: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function startAfter(previous: Promise<void> | undefined): Promise<void> {
    await previous?.catch(() => undefined);
    next = undefined;
    running = save();
    await running.finally(() => (running = undefined));
  }

  return () => (next ??= startAfter(running));
}
