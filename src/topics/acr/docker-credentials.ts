import type { Known } from "../../azure/known.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { keeperOf, readDockerConfig } from "./docker-config.ts";
import { hostOfServer } from "./docker-host.ts";
import { callHelper, helperProgram } from "./docker-helper.ts";
import { OWN_HELPER } from "./docker-token.ts";

/** Whether Docker on this machine has credentials for a host. */
export interface DockerHost {
  host: string;
  /** "its file" or "the helper NAME"; undefined when it has none. */
  kept: Known<string | undefined>;
}

const WAIT_MS = 5000;

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
      // It makes a token for each request, so that it has nothing to list.
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
async function listHelper(name: string, ctx: Pick<Context, "env" | "signal">): Promise<Known<Set<string>>> {
  const ended = await callHelper({ name, action: "list", input: "", timeoutMs: WAIT_MS }, ctx);
  if ("problem" in ended) return { unknown: ended.problem };
  // What it says instead of a list is not shown: it may be anything.
  const program = helperProgram(name);
  if (ended.exit !== 0) return { unknown: `${program} list failed (${ended.exit})` };
  const listed = keysOf(ended.stdout);
  if (listed === undefined) return { unknown: `${program} list printed no list` };
  return { value: new Set(listed.map(hostOfServer)) };
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
