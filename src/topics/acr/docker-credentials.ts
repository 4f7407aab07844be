import { runGroup } from "../../azure/process-group.ts";
import type { Known } from "../../azure/known.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { keeperOf, readDockerConfig } from "./docker-config.ts";
import { hostOfServer } from "./docker-host.ts";
import { limitTime } from "../../time-limit.ts";

/** Whether Docker on this machine has credentials for a host. */
export interface DockerHost {
  host: string;
  /** "its file" or "the helper NAME"; undefined when it has none. */
  kept: Known<string | undefined>;
}

/** Its own program makes a token for each request, so that it has nothing to list. */
const OWN_HELPER = "azwise";
const WAIT_MS = 5000;
const MOST_BYTES = 1_000_000;

/** Where Docker keeps the credentials of these hosts. No secret is read: helpers are asked for their list. */
export async function readDockerHosts(
  hosts: readonly string[],
  ctx: Pick<Context, "env" | "cwd" | "signal">,
): Promise<Known<DockerHost[]>> {
  try {
    const config = await readDockerConfig(ctx);
    const lists = new Map<string, Promise<Known<Set<string>>>>();
    const listOf = (name: string): Promise<Known<Set<string>>> => {
      const list = lists.get(name) ?? listHelper(name, ctx);
      lists.set(name, list);
      return list;
    };
    const found = hosts.map(async (host): Promise<DockerHost> => {
      const keeper = keeperOf(config, host);
      if (keeper.kind !== "helper") {
        return { host, kept: { value: keeper.kind === "file" ? "its file" : undefined } };
      }
      const where = `the helper ${keeper.name}`;
      if (keeper.name === OWN_HELPER) return { host, kept: { value: where } };
      const list = await listOf(keeper.name);
      if ("unknown" in list) return { host, kept: list };
      return { host, kept: { value: list.value.has(host) ? where : undefined } };
    });
    return { value: await Promise.all(found) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { unknown: error.message };
  }
}

/** Hosts that a helper has credentials for, as Docker's protocol lists them: with user names and without secrets. */
async function listHelper(
  name: string,
  { env, signal }: Pick<Context, "env" | "signal">,
): Promise<Known<Set<string>>> {
  const program = `docker-credential-${name}`;
  const limit = limitTime(WAIT_MS, signal);
  try {
    // Not the working directory: Windows looks for programs there first.
    const run = { cwd: "/", env: { ...env }, shell: false, mostBytes: MOST_BYTES };
    const ended = await runGroup(program, ["list"], { ...run, signal: limit.signal });
    if (ended.exit !== 0) return { unknown: `${program} list failed (${ended.exit})` };
    const listed = keysOf(ended.stdout);
    if (listed === undefined) return { unknown: `${program} list printed no list` };
    return { value: new Set(listed.map(hostOfServer)) };
  } catch (error) {
    signal.throwIfAborted();
    if (limit.isOver()) return { unknown: `${program} list gave no answer within ${WAIT_MS / 1000} s` };
    const { code } = error as NodeJS.ErrnoException;
    const cause = code === "ENOENT" ? "there is no such program" : (code ?? "it printed too much");
    return { unknown: `${program} list cannot be run: ${cause}` };
  } finally {
    limit.clear();
  }
}

function keysOf(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.keys(value)
      : undefined;
  } catch {
    return undefined;
  }
}
