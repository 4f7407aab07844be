import { readdir, readFile, stat } from "node:fs/promises";
import { platform } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { getuid } from "node:process";
import { chooseAuth } from "../../azure/auth-kind.ts";
import { openAzFolder, QUIET_AZ, SIGN_IN_FILES } from "../../azure/az-folder.ts";
import { azFolder, readAzProfile } from "../../azure/az-profile.ts";
import { readAzVersion } from "../../azure/az.ts";
import type { LoginPort } from "../../azure/login-ports.ts";
import { findPinMismatches } from "../../azure/pin.ts";
import { configPath, contextNamed, readConfig } from "../../azure/settings.ts";
import type { Context, Env } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type {
  AzSeen,
  ConfigSeen,
  FileSeen,
  LoginSeen,
  Machine,
  Seen,
  TokenFolder,
} from "./doctor-machine.ts";
import { chooseTarget } from "./login-choice.ts";
import { limitTime } from "../../time-limit.ts";

/** Files in az's folder that hold tokens or secrets; the last one is what az before 2.30 wrote. */
const AZ_TOKEN_FILES = new Set([...SIGN_IN_FILES, "accessTokens.json"]);

/** One answer of the resource manager takes less; whoever is offline wants the other findings. */
const CLOCK_WAIT_MS = 3000;

/** Everything that the checks look at. What cannot be read says why; only an interrupt is thrown. */
export async function readMachine(ctx: Context): Promise<Machine> {
  const { env, cwd, folders, signal } = ctx;
  const [az, profile, azTokens, ownTokens, config, login, azFolderMissing, extraCaProblem] =
    await Promise.all([
      readAz(env, signal),
      readAzProfile(env),
      see(signal, () => readTokenFolder(azFolder(env), (name) => AZ_TOKEN_FILES.has(name))),
      see(signal, () => readTokenFolder(join(folders.cache, "tokens"), () => true)),
      see(signal, () => readOwnConfig(folders.config)),
      see(signal, async () => readLogin(await ctx.login(), signal)),
      isFolderMissing(env),
      findCaProblem(env, cwd),
    ]);
  const now = ctx.now();
  return { env, now, az, profile, azFolderMissing, azTokens, ownTokens, config, extraCaProblem, login };
}

async function see<T>(signal: AbortSignal, work: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (signal.aborted) throw error;
    return { reason: reasonOf(error) };
  }
}

/** What people are told; a bug is thrown on. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.hint ? `${error.message}; ${error.hint}` : error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string" && /^E[A-Z]+$/.test(code)) return code;
  throw error;
}

/** az writes into its folder even to tell its version, so it gets one of its own: the user's is only read. */
async function readAz(env: Env, signal: AbortSignal): Promise<AzSeen> {
  const folder = await see(signal, openAzFolder);
  if (!("value" in folder)) return { state: "unknown", reason: folder.reason };
  try {
    const azEnv = { ...env, ...QUIET_AZ, AZURE_CONFIG_DIR: folder.value.path };
    const told = await readAzVersion({ env: azEnv, signal });
    return "version" in told ? { state: "installed", ...told } : { state: "unknown", ...told };
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    return { state: "missing" };
  } finally {
    // Nobody is signed in there, and the next run removes what is left.
    await folder.value.remove().catch(() => {});
  }
}

async function readTokenFolder(
  path: string,
  holdsTokens: (name: string) => boolean,
): Promise<TokenFolder | undefined> {
  const folder = isAbsolute(path) ? await lookAt(path) : undefined;
  if (!folder) return undefined;
  const names = (await readdir(path)).filter(holdsTokens).sort();
  const files = await Promise.all(names.map((name) => lookAt(join(path, name))));
  return { folder, files: files.filter((file) => file !== undefined) };
}

async function lookAt(path: string): Promise<FileSeen | undefined> {
  try {
    const { mode, uid, mtime } = await stat(path);
    const hasModes = platform() !== "win32";
    return {
      path,
      mode: hasModes ? mode & 0o777 : undefined,
      isOurs: !hasModes || uid === getuid?.(),
      modified: mtime,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function readOwnConfig(folder: string): Promise<ConfigSeen> {
  const config = await readConfig(folder);
  const dangling = contextNamed(config, config.active) === undefined ? config.active : undefined;
  return { file: await lookAt(configPath(folder)), dangling };
}

async function isFolderMissing(env: Env): Promise<boolean> {
  const path = env["AZURE_CONFIG_DIR"];
  if (!path || !isAbsolute(path)) return false;
  return stat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
}

async function findCaProblem(env: Env, cwd: string): Promise<string | undefined> {
  const path = env["NODE_EXTRA_CA_CERTS"];
  if (!path) return undefined;
  try {
    const text = await readFile(resolve(cwd, path), "utf8");
    return text.includes("-----BEGIN") ? undefined : "it holds no certificate in PEM form";
  } catch (error) {
    return `it cannot be read (${reasonOf(error)})`;
  }
}

async function readLogin(login: LoginPort, signal: AbortSignal): Promise<LoginSeen> {
  const { wanted, env } = login;
  const aheadMs = await readClock(login, signal);
  // Where one request had no answer, the tries for a domain's owner would only be waited for.
  const findTenantId: LoginPort["findTenantId"] =
    "reason" in aheadMs
      ? () => Promise.reject(new AppError("failed", aheadMs.reason))
      : (domain) => login.findTenantId(domain);
  const [auth, choice, pin] = await Promise.all([
    see(signal, async () => chooseAuth(wanted.auth.value, { cloud: wanted.cloud, env })),
    see(signal, async () => chooseTarget(wanted)),
    see(signal, () => findPinMismatches({ ...login, findTenantId })),
  ]);
  return { wanted, auth, choice, pin, aheadMs };
}

/** One request without a token. The service's clock counts whole seconds, so its time is half a second later. */
export async function readClock(
  login: Pick<LoginPort, "clock" | "readServerTime">,
  signal: AbortSignal,
  waitMs = CLOCK_WAIT_MS,
): Promise<Seen<number>> {
  const limit = limitTime(waitMs);
  try {
    const asked = login.clock.now().getTime();
    const told = await login.readServerTime(limit.signal);
    const answered = login.clock.now().getTime();
    if (told === undefined) return { reason: "its answer has no date" };
    return { value: (asked + answered) / 2 - (told.getTime() + 500) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { reason: limit.isOver() ? `no answer within ${waitMs / 1000} s` : reasonOf(error) };
  } finally {
    limit.clear();
  }
}
