import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../context.ts";
import { AppError } from "../errors.ts";
import type { AuthKind } from "./auth-kind.ts";
import { writePinnedProfile } from "./az-account.ts";
import {
  certificateFlag,
  hasFastLogin,
  identityFlag,
  readAzVersion,
  runAz,
  type AzOptions,
  type AzResult,
} from "./az.ts";
import { AzureError } from "./azure-error.ts";
import { azCloudName, type Cloud } from "./clouds.ts";
import { writePrivate } from "./private-file.ts";
import { errorFromSignIn } from "./sign-in-error.ts";

export interface AzSignIn {
  kind: AuthKind;
  cloud: Cloud;
  /** GUID. */
  tenantId: string;
  subscriptionId: string | undefined;
  /** az's configuration folder, of this run alone. */
  folder: string;
  /** With that folder, and the variables that credentials are taken from; az runs elsewhere, so paths are absolute. */
  env: Env;
  signal: AbortSignal;
  /** The platform's token for a federated identity. */
  askAssertion: () => Promise<string>;
}

/** The walk of an old az through many subscriptions takes minutes. */
const LOGIN_TIMEOUT_MS = 30 * 60_000;

/** How az is told who signs in. Secrets are in a file, because arguments can be read by everybody. */
interface Words {
  args: string[];
  /** What az reads with `@file`. */
  secret?: string;
}

/**
 * Signs az in as the run's own service principal or managed identity, and makes the pinned subscription its only
 * default. Returns what a person should know about it. Throws AzureError "auth" when az was refused.
 */
export async function signInAz(request: AzSignIn): Promise<string[]> {
  const why = await cannotSignIn(request);
  if (why !== undefined) return [`az is not signed in here: ${why}`];
  const az = { env: request.env, signal: request.signal, timeoutMs: LOGIN_TIMEOUT_MS };
  try {
    const told = await readAzVersion(az);
    const version = "version" in told ? told.version : undefined;
    // az refuses a tenant beside --identity, and skipping demands one; a machine has no other tenant to walk.
    const isFast = hasFastLogin(version) && request.kind !== "managed";
    await login(request, az, { version, isFast });
    if (!isFast) await chooseSubscription(request, az);
    return isFast || request.kind === "managed" ? [] : [slowNote(version)];
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "AzNotFound") throw error;
    return ["az is not signed in here: it is not on the path"];
  }
}

function slowNote(version: string | undefined): string {
  const which = version === undefined ? "this az, which does not tell its version," : `az ${version}`;
  return `${which} lists all subscriptions of the tenant when it signs in; 2.86.0 and later need not (azwise docs show az-login-discovery/needs-2-86)`;
}

async function cannotSignIn({ kind, cloud, folder, env }: AzSignIn): Promise<string | undefined> {
  if (kind === "sandbox") return "it cannot reach the sandbox";
  if (kind === "browser" || kind === "device") return `it cannot use the sign-in of --auth ${kind}`;
  if (kind === "environment" && !env["AZURE_CLIENT_SECRET"] && env["AZURE_CLIENT_CERTIFICATE_PASSWORD"]) {
    return "it cannot use a certificate with a password";
  }
  if (cloud.wellKnown) return undefined;
  // az would fall back to the public cloud, and send it the secret.
  const clouds = await readFile(join(folder, "clouds.config"), "utf8").catch(() => "");
  const isKnown = clouds.split(/\r?\n/).includes(`[${azCloudName(cloud)}]`);
  return isKnown ? undefined : `it does not know the cloud ${cloud.name}; az cloud register tells it`;
}

interface LoginStyle {
  version: string | undefined;
  isFast: boolean;
}

async function login(request: AzSignIn, az: AzOptions, style: LoginStyle): Promise<void> {
  const file = join(request.folder, "secret");
  const { args, secret } = await signInWords(request, style.version);
  const secretFile = secret === undefined ? [] : [`@${file}`];
  try {
    if (secret !== undefined) await writePrivate(file, secret);
    const words = ["login", ...args, ...secretFile, ...scopeWords(request, style), "--output", "none"];
    const result = await runAz(words, az);
    if (result.exit !== 0) throw refusedLogin(result, request);
  } finally {
    await rm(file, { force: true });
  }
}

/** The secret's own flag comes last. */
async function signInWords(request: AzSignIn, version: string | undefined): Promise<Words> {
  const { kind, env, tenantId, askAssertion } = request;
  const { AZURE_CLIENT_ID: client = "", AZURE_CLIENT_SECRET: secret } = env;
  if (kind === "managed") {
    const flag = identityFlag(version);
    return { args: ["--identity", ...(client ? [flag, client] : [])] };
  }
  if (kind !== "environment") {
    const federated = kind === "pipelines" ? (env["AZURESUBSCRIPTION_CLIENT_ID"] ?? "") : client;
    return {
      args: [...servicePrincipal(federated, tenantId), "--federated-token"],
      secret: await askAssertion(),
    };
  }
  if (secret) return { args: [...servicePrincipal(client, tenantId), "--password"], secret };
  const flag = certificateFlag(version);
  return {
    args: [...servicePrincipal(client, tenantId), flag, env["AZURE_CLIENT_CERTIFICATE_PATH"] ?? ""],
  };
}

function servicePrincipal(clientId: string, tenantId: string): string[] {
  return ["--service-principal", "--username", clientId, "--tenant", tenantId];
}

/** Nothing but the pinned subscription is asked for where az can do that. */
function scopeWords({ subscriptionId }: AzSignIn, { isFast }: LoginStyle): string[] {
  if (!isFast) return subscriptionId === undefined ? ["--allow-no-subscriptions"] : [];
  const subscription = subscriptionId === undefined ? [] : ["--subscription", subscriptionId];
  return ["--skip-subscription-discovery", ...subscription];
}

/** az has made the first subscription that it found the default one. */
async function chooseSubscription(request: AzSignIn, az: AzOptions): Promise<void> {
  const { subscriptionId, folder } = request;
  if (subscriptionId === undefined) return writePinnedProfile(folder, folder, request);
  const result = await runAz(["account", "set", "--subscription", subscriptionId], az);
  if (result.exit !== 0) throw refusedLogin(result, request);
}

/** az's words are read but never repeated, as nobody promises that they hold no secret. */
function refusedLogin({ exit, stderr }: AzResult, request: AzSignIn): AzureError {
  if (/AADSTS\d+/.test(stderr)) return errorFromSignIn(new Error(stderr), request);
  return new AzureError("auth", `az could not sign in to tenant ${request.tenantId} (exit ${exit})`, {
    hint: "run az login by hand, with the same identity, to see why; azwise itself is signed in",
  });
}
