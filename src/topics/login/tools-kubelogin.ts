import { delimiter, join, resolve } from "node:path";
import * as z from "zod";
import { readAzProfile } from "../../azure/az-profile.ts";
import type { Env } from "../../context.ts";
import { readAz } from "./tools-az.ts";
import { checkToolFile, homeOf, orUnknown, readToolFile } from "./tools-file.ts";
import type { ToolPlace, ToolPrincipal, ToolReading, ToolTarget } from "./tools-reading.ts";

const Exec = z.object({
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
type Exec = z.infer<typeof Exec>;

const Kubeconfig = z.object({
  "current-context": z.string().nullish(),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ user: z.string().nullish() }) }))
    .nullish(),
  users: z
    .array(z.object({ name: z.string(), user: z.object({ exec: Exec.nullish() }).nullish() }))
    .nullish(),
});
type Kubeconfig = z.infer<typeof Kubeconfig>;

const CLOUDS: Record<string, string> = {
  azurepubliccloud: "public",
  azureusgovernment: "usgov",
  azureusgovernmentcloud: "usgov",
  azurechinacloud: "china",
};

export interface KubeloginPlace {
  env: Env;
  cwd: string;
  azd: ToolReading;
}

/** Where the current context of kubectl signs in, when kubelogin does it. */
export async function readKubelogin(place: KubeloginPlace): Promise<ToolReading> {
  const { env, cwd } = place;
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((each) => each !== "");
  const home = join(homeOf(env) ?? "", ".kube", "config");
  const files = listed.length === 0 ? [home] : listed.map((each) => resolve(cwd, each));
  return orUnknown({ tool: "kubelogin", from: files.join(", ") }, () => read(files, place));
}

async function read(files: readonly string[], place: KubeloginPlace): Promise<ToolReading> {
  const configs = await Promise.all(files.map(readKubeconfig));
  const current = configs.find((each) => each["current-context"])?.["current-context"];
  const from = current ? `${files.join(", ")}, context ${current}` : files.join(", ");
  const exec = current ? execOf(configs, current) : undefined;
  if (!exec || !isKubelogin(exec)) {
    const reason = current ? "the current context does not use it" : "kubectl has no current context";
    return { tool: "kubelogin", from, state: "not in use", reason };
  }
  const inner = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  return readLogin({ args: exec.args ?? [], env: { ...place.env, ...inner } }, place.azd, from);
}

async function readKubeconfig(file: string): Promise<Kubeconfig> {
  const text = await readToolFile(file);
  if (text === undefined) return {};
  // A bundle gives a CommonJS package its default export only.
  const { parse } = (await import("yaml")).default;
  return checkToolFile(file, Kubeconfig, () => parse(text, { logLevel: "error" }) ?? {});
}

/** kubectl merges its files: of two entries with one name the first counts. */
function execOf(configs: readonly Kubeconfig[], current: string): Exec | undefined {
  const contexts = configs.flatMap((each) => each.contexts ?? []);
  const user = contexts.find(({ name }) => name === current)?.context.user;
  const users = configs.flatMap((each) => each.users ?? []);
  return users.find(({ name }) => name === user)?.user?.exec ?? undefined;
}

/** Another kubelogin, for any OpenID provider, has the same name and flags of its own. */
function isKubelogin({ command, args }: Exec): boolean {
  return /kubelogin/i.test(command) && !args?.some((each) => each.startsWith("--oidc-"));
}

interface Login {
  args: readonly string[];
  env: Env;
}

async function readLogin(login: Login, azd: ToolReading, from: string): Promise<ToolReading> {
  const mode = variable(login, ["AAD_LOGIN_METHOD"]) ?? flag(login, "--login", "-l") ?? "devicecode";
  const place = { tool: "kubelogin", from: `${from} (--login ${mode})` };
  if (mode === "azurecli") return follow(readAz(await readAzProfile(login.env)), login, place);
  if (mode === "azd") return follow(azd, login, place);
  const environment = flag(login, "--environment", "-e") ?? "AzurePublicCloud";
  const target: ToolTarget = {
    cloud: mode === "msi" ? undefined : CLOUDS[environment.toLowerCase()],
    tenant: mode === "msi" ? undefined : tenantOf(login),
    principal: principalOf(mode, login),
  };
  return { ...place, state: "in use", target };
}

/** Signs in as another tool does; a subscription is not part of that. */
function follow(other: ToolReading, login: Login, place: ToolPlace): ToolReading {
  if (other.state !== "in use") return { ...other, ...place, because: undefined };
  const { cloud, tenant, principal } = other.target;
  return { ...place, state: "in use", target: { cloud, tenant: tenantOf(login) ?? tenant, principal } };
}

function tenantOf(login: Login): string | undefined {
  return (
    variable(login, [terraform(login) ? "ARM_TENANT_ID" : "AZURE_TENANT_ID"]) ??
    flag(login, "--tenant-id", "-t")
  );
}

function clientOf(login: Login): string | undefined {
  const names = terraform(login) ? ["ARM_CLIENT_ID"] : ["AZURE_CLIENT_ID", "AAD_SERVICE_PRINCIPAL_CLIENT_ID"];
  return variable(login, names) ?? flag(login, "--client-id");
}

function principalOf(mode: string, login: Login): ToolPrincipal {
  const client = clientOf(login);
  // Where a person signs in, the client is kubelogin's own application.
  const byClient = ["spn", "workloadidentity", "azurepipelines", "msi"].includes(mode);
  if (byClient && client !== undefined) return { by: "client id", value: client };
  const user = variable(login, ["AZURE_USERNAME", "AAD_USER_PRINCIPAL_NAME"]) ?? flag(login, "--username");
  if (mode === "ropc" && user !== undefined) return { by: "sign-in name", value: user };
  const unsure = `its file does not say who signs in with --login ${mode}`;
  return { by: "nothing", value: "", unsure };
}

function terraform({ args }: Login): boolean {
  return args.includes("--use-azurerm-env-vars");
}

/** Variables win over flags in kubelogin, unless it is told otherwise. */
function variable({ args, env }: Login, names: readonly string[]): string | undefined {
  if (args.includes("--disable-environment-override")) return undefined;
  return names.map((name) => env[name]).find((value) => value);
}

function flag({ args }: Login, ...names: string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (names.includes(arg)) return args[index + 1];
    const name = names.find((each) => arg.startsWith(`${each}=`));
    if (name !== undefined) return arg.slice(name.length + 1);
  }
  return undefined;
}
