import { stat } from "node:fs/promises";
import * as z from "zod";
import type { Registry } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { keeperOf, readDockerConfig, type DockerConfig } from "./docker-config.ts";
import { emptyInFile, removeFromFile, storeInFile } from "./docker-file.ts";
import { runHelper } from "./docker-helper.ts";
import { DOCKER_USER, OWN_HELPER } from "./docker-token.ts";
import { findRegistry } from "./find-registry.ts";
import { Region, RegistryWord } from "./flags.ts";
import { hostMeant, hostsFor, type SignInHost } from "./sign-in-hosts.ts";
import { viewLogin } from "./login-view.ts";

const LoginInput = z.object({
  registry: RegistryWord,
  region: z
    .string()
    .transform((text) => [...new Set(text.split(",").map((word) => word.trim()))])
    .pipe(z.array(Region))
    .optional(),
  remove: z.boolean().default(false),
});
type LoginInput = z.infer<typeof LoginInput>;

/** What became of a host's credentials: azwise's own helper needs none. */
export type Outcome = "stored" | "not needed" | "removed" | "none there" | "failed";

export interface HostLogin {
  host: string;
  region: string | null;
  outcome: Outcome;
  /** Name of the helper; undefined for the file. */
  helper: string | undefined;
  /** Undefined where nothing was stored, and where the token does not say. */
  expires: Date | undefined;
  problem: AppError | undefined;
}

export interface LoginResult {
  registry: Registry;
  remove: boolean;
  /** Docker's configuration. */
  file: string;
  /** Others than its owner may read the file. */
  isOpen: boolean;
  isSandbox: boolean;
  hosts: HostLogin[];
}

async function runLogin(
  { registry: wanted, region, remove }: LoginInput,
  ctx: Context,
): Promise<LoginResult> {
  // Before anything is sent: a token that cannot be kept is not asked for.
  const config = await readDockerConfig(ctx);
  const registry = await findRegistry(wanted, ctx);
  const { target } = await ctx.azure();
  const hosts: HostLogin[] = [];
  for (const at of region ? hostsFor(registry, region) : [hostMeant(registry, wanted)]) {
    ctx.progress(`${remove ? "removing" : "signing in to"} ${at.host}`);
    const step = { at, config, ctx };
    hosts.push(await orFailed(step, () => (remove ? removeOne(step) : storeOne(step)), hosts));
  }
  const [only, another] = hosts;
  if (only?.problem && !another) throw only.problem;
  const mode = await stat(config.path).then(
    (found) => found.mode,
    () => 0,
  );
  const isSandbox = target.cloud === "sandbox";
  return { registry, remove, file: config.path, isOpen: (mode & 0o077) !== 0, isSandbox, hosts };
}

interface Step {
  at: SignInHost;
  config: DockerConfig;
  ctx: Context;
}

/** What was meant to be done and could not is the host's own; an interrupt ends them all. */
async function orFailed(
  { at, config, ctx }: Step,
  work: () => Promise<HostLogin>,
  done: readonly HostLogin[],
): Promise<HostLogin> {
  try {
    ctx.signal.throwIfAborted();
    return await work();
  } catch (error) {
    if (ctx.signal.aborted && done.length > 0) {
      const names = done.map(({ host, outcome }) => `${host}: ${outcome}`).join(", ");
      throw new AppError("interrupted", `interrupted at ${at.host}; ${names}`, { cause: error });
    }
    if (ctx.signal.aborted || !(error instanceof AppError)) throw error;
    return { ...blank(at, config), outcome: "failed", problem: error };
  }
}

function blank({ host, region }: SignInHost, config: DockerConfig): HostLogin {
  const keeper = keeperOf(config, host);
  const helper = keeper.kind === "helper" ? keeper.name : undefined;
  return { host, region, helper, outcome: "none there", expires: undefined, problem: undefined };
}

async function storeOne({ at, config, ctx }: Step): Promise<HostLogin> {
  const login = blank(at, config);
  const { host, helper } = login;
  if (helper === OWN_HELPER) return { ...login, outcome: "not needed" };
  const { registryData } = await ctx.azure();
  const { token, expires } = await registryData.signIn(at);
  ctx.signal.throwIfAborted();
  const auth = Buffer.from(`${DOCKER_USER}:${token}`).toString("base64");
  if (helper === undefined) await storeInFile(config.path, host, auth);
  else {
    const input = JSON.stringify({ ServerURL: host, Username: DOCKER_USER, Secret: token });
    const end = await runHelper({ name: helper, action: "store", input, secrets: [token, auth] }, ctx);
    if (typeof end !== "string") throw notKept(end.problem, host);
    await emptyInFile(config.path, host);
  }
  return { ...login, outcome: "stored", expires };
}

function notKept(problem: string, host: string): AppError {
  return new AppError("failed", problem, {
    hint: `nothing was stored for ${host}; mend the helper, or name another one in credHelpers`,
  });
}

async function removeOne({ at, config, ctx }: Step): Promise<HostLogin> {
  const login = blank(at, config);
  const { host, helper } = login;
  const wasInFile = await removeFromFile(config.path, host);
  // Removing from the helper is not known to be possible before it is tried, so the file comes first.
  const end =
    helper === undefined || helper === OWN_HELPER
      ? "none"
      : await runHelper({ name: helper, action: "erase", input: host, secrets: [] }, ctx);
  if (typeof end !== "string") {
    throw new AppError("failed", end.problem, { hint: `${host} may still be in that helper` });
  }
  return { ...login, outcome: wasInFile || end === "done" ? "removed" : "none there" };
}

export const login = verb({
  name: "login",
  summary: "Sign Docker in at the global and regional hosts, each by itself",
  args: ["<registry>"],
  examples: [
    "acr login shopregistry",
    "acr login shopregistry --region westeurope",
    "acr login shopregistry --region all",
    "acr login shopregistry --region all --remove",
  ],
  flags: [
    {
      flag: "--region <regions>",
      summary: "regions, separated by commas; global is the login server, all is every host",
      once: true,
    },
    { flag: "--remove", summary: "take the credentials of these hosts away" },
  ],
  details: `
Without --region it is the host that REGISTRY names, or else the login server. Credentials go where Docker keeps
them: to the helper that its configuration names, or into that file. They last about three hours.
docker-credential-azwise stores nothing: {"credHelpers": {"<host>": "azwise"}}.
Exits 6 when some hosts failed and others are done.`,
  input: LoginInput,
  run: runLogin,
  view: viewLogin,
});
