import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import * as z from "zod";
import { cloudFromAz } from "../../azure/clouds.ts";
import type { Env } from "../../context.ts";
import { homeOf, orUnknown, readToolFile, readToolJson } from "./tools-file.ts";
import type { ToolPrincipal, ToolReading } from "./tools-reading.ts";

const User = z.object({
  managedIdentity: z.boolean().optional(),
  /** "<object id>.<home tenant>" of a person. */
  homeAccountId: z.string().optional(),
  clientId: z.string().optional(),
  tenantId: z.string().optional(),
});
type User = z.infer<typeof User>;

/** config.json and auth.json: older versions of azd kept the user in the former. */
const AzdConfig = z.object({
  auth: z
    .object({
      account: z.object({ currentUser: User.optional() }).optional(),
      useAzCliAuth: z.union([z.string(), z.boolean()]).optional(),
    })
    .optional(),
  defaults: z.object({ subscription: z.string().optional() }).optional(),
  cloud: z.object({ name: z.string().optional() }).optional(),
});

const ProjectConfig = z.object({ defaultEnvironment: z.string().optional() });

/** The values that Go's ParseBool takes for true. */
const TRUE = /^(1|t|true)$/i;

interface Project {
  file: string;
  tenant: string | undefined;
  subscription: string | undefined;
}

export interface AzdPlace {
  env: Env;
  cwd: string;
  /** Where az leads: azd can be told to sign in as az does. */
  az: ToolReading;
}

/** Where azd leads: the environment of the project around the working directory, else azd's own defaults. */
export async function readAzd(place: AzdPlace): Promise<ToolReading> {
  const { env, cwd } = place;
  const own = env["AZD_CONFIG_DIR"];
  const folder = own ? resolve(cwd, own) : join(homeOf(env) ?? "", ".azd");
  return orUnknown({ tool: "azd", from: folder }, () => read(folder, place));
}

async function read(folder: string, { env, cwd, az }: AzdPlace): Promise<ToolReading> {
  const authFile = join(folder, "auth.json");
  const config = await readToolJson(join(folder, "config.json"), AzdConfig);
  const user = ((await readToolJson(authFile, AzdConfig)) ?? config)?.auth?.account?.currentUser;
  const asAz = TRUE.test(String(config?.auth?.useAzCliAuth ?? ""));
  if (!user && !asAz) {
    return { tool: "azd", from: folder, state: "not in use", reason: "nobody is signed in to azd" };
  }
  const project = await readProject(cwd, env);
  const subscription = project?.subscription ?? config?.defaults?.subscription;
  const identity = asAz || !user ? identityOfAz(az) : identityOf(user);
  const cloud = config?.cloud?.name;
  const target = {
    cloud: cloud === undefined ? undefined : cloudFromAz(cloud),
    // A person goes to the tenant of the subscription, which is not said, and home only without one.
    tenant: project?.tenant ?? identity.tenant ?? (subscription === undefined ? identity.home : undefined),
    subscription,
    principal: identity.principal,
  };
  const from = [asAz ? join(folder, "config.json") : authFile, ...(project ? [project.file] : [])];
  return { tool: "azd", from: from.join(", "), state: "in use", target };
}

interface Identity {
  /** The only tenant of a service principal. */
  tenant?: string | undefined;
  /** A person's own tenant, or az's. */
  home?: string | undefined;
  principal: ToolPrincipal | undefined;
}

function identityOf({ homeAccountId, managedIdentity, clientId, tenantId }: User): Identity {
  const [id, home] = homeAccountId?.split(".") ?? [];
  if (id && home) return { home, principal: { by: "object id", value: id, tenantId: home } };
  return { tenant: tenantId, principal: applicationOf(clientId, managedIdentity === true) };
}

function applicationOf(clientId: string | undefined, isManaged: boolean): ToolPrincipal | undefined {
  if (clientId) return { by: "client id", value: clientId };
  const unsure = "azd does not say which managed identity this machine has";
  return isManaged ? { by: "nothing", value: "managed identity", unsure } : undefined;
}

function identityOfAz(az: ToolReading): Identity {
  if (az.state === "in use") return { home: az.target.tenant, principal: az.target.principal };
  return {
    principal: { by: "nothing", value: "as az", unsure: `azd signs in as az does, and ${az.reason}` },
  };
}

/** azd finds its project by azure.yaml, and keeps the environments beside it. */
async function readProject(cwd: string, env: Env): Promise<Project | undefined> {
  const root = await findUpward(cwd, "azure.yaml");
  if (root === undefined) return undefined;
  const folder = join(root, ".azure");
  const config = await readToolJson(join(folder, "config.json"), ProjectConfig);
  const name = env["AZURE_ENV_NAME"] || config?.defaultEnvironment;
  if (!name) return undefined;
  const file = join(folder, name, ".env");
  const text = await readToolFile(file);
  if (text === undefined) return undefined;
  const { AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID } = parseEnv(text);
  return { file, tenant: AZURE_TENANT_ID || undefined, subscription: AZURE_SUBSCRIPTION_ID || undefined };
}

async function findUpward(cwd: string, name: string): Promise<string | undefined> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (await isFile(join(folder, name))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

async function isFile(file: string): Promise<boolean> {
  // A folder above that may not be looked into holds no project of this user.
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
