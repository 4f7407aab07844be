import type { Env } from "../../context.ts";
import type { ToolPrincipal, ToolReading, ToolTarget } from "./tools-reading.ts";

export interface DefaultCredentialSources {
  env: Env;
  az: ToolReading;
  azd: ToolReading;
}

interface Answer {
  does: "answer";
  from: string;
  target: ToolTarget;
  /** When it is refused, the chain does not go on. */
  stops?: true;
}

/** What a member of the chain would do, as far as that can be told without trying it. */
type Outcome = Answer | { does: "pass"; unless?: string } | { does: "cannot tell"; reason: string };

interface Member {
  name: string;
  ask(sources: DefaultCredentialSources): Outcome;
}

const PRODUCTION: readonly Member[] = [
  { name: "EnvironmentCredential", ask: askEnvironment },
  { name: "WorkloadIdentityCredential", ask: askWorkload },
  { name: "ManagedIdentityCredential", ask: askManaged },
];

const DEVELOPMENT: readonly Member[] = [
  {
    name: "VisualStudioCodeCredential",
    ask: () => ({ does: "pass", unless: "the program brings VS Code's sign-in" }),
  },
  { name: "AzureCliCredential", ask: ({ az }) => askTool(az) },
  {
    name: "AzurePowerShellCredential",
    ask: () => ({ does: "pass", unless: "Azure PowerShell is signed in" }),
  },
  { name: "AzureDeveloperCliCredential", ask: ({ azd }) => askTool(azd) },
];

const TOOL: Pick<ToolReading, "tool" | "because"> = {
  tool: "DefaultAzureCredential",
  because: ["azure-wire/default-credential-order", "azure-wire/default-credential-takes-first"],
};

/** Which member of the chain would answer first, and as whom. Nothing is tried or sent. */
export function findDefaultCredential(sources: DefaultCredentialSources): ToolReading {
  const named = sources.env["AZURE_TOKEN_CREDENTIALS"]?.trim() ?? "";
  const members = membersOf(named.toLowerCase());
  if (members) return walk(members, sources);
  const reason = `its constructor throws: AZURE_TOKEN_CREDENTIALS is "${named}"`;
  return { ...TOOL, from: "AZURE_TOKEN_CREDENTIALS", state: "unknown", reason };
}

/** Undefined for a name that the library does not know. */
function membersOf(named: string): readonly Member[] | undefined {
  if (named === "") return [...PRODUCTION, ...DEVELOPMENT];
  if (named === "prod") return PRODUCTION;
  if (named === "dev") return DEVELOPMENT;
  const only = [...PRODUCTION, ...DEVELOPMENT].filter(({ name }) => name.toLowerCase() === named);
  return only.length === 0 ? undefined : only;
}

function walk(members: readonly Member[], sources: DefaultCredentialSources): ToolReading {
  const passed: string[] = [];
  for (const { name, ask } of members) {
    const outcome = ask(sources);
    if (outcome.does === "cannot tell") {
      return { ...TOOL, from: name, state: "unknown", reason: outcome.reason };
    }
    if (outcome.does === "answer") return describe(name, outcome, passed);
    if (outcome.unless !== undefined) passed.push(outcome.unless);
  }
  const unless = unlessOf(passed);
  const reason = `nothing that it would take is signed in${unless === undefined ? "" : `, ${unless}`}`;
  return { ...TOOL, from: members.map(({ name }) => name).join(", "), state: "unknown", reason };
}

function describe(name: string, answer: Answer, passed: readonly string[]): ToolReading {
  const { from, target, stops } = answer;
  const found = { ...TOOL, from: `${name}: ${from}`, state: "in use", target } as const;
  if (!stops) return { ...found, remark: unlessOf(passed) };
  const because = [...(TOOL.because ?? []), "azure-wire/default-credential-stops"];
  return { ...found, because, remark: "and when that is refused, nothing else is tried" };
}

function unlessOf(passed: readonly string[]): string | undefined {
  return passed.length === 0 ? undefined : `unless ${passed.join(" or ")}`;
}

function askEnvironment({ env }: DefaultCredentialSources): Outcome {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_USERNAME: user } = env;
  if (!tenant || !client) return { does: "pass" };
  const secret = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH"].find((name) => env[name]);
  if (secret !== undefined) {
    return { does: "answer", from: secret, target: { tenant, principal: application(client) }, stops: true };
  }
  if (!user || !env["AZURE_PASSWORD"]) return { does: "pass" };
  const principal: ToolPrincipal = { by: "sign-in name", value: user };
  return { does: "answer", from: "AZURE_USERNAME", target: { tenant, principal }, stops: true };
}

function askWorkload({ env }: DefaultCredentialSources): Outcome {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_FEDERATED_TOKEN_FILE: file } = env;
  if (!tenant || !client || !file) return { does: "pass" };
  const target = { tenant, principal: application(client) };
  return { does: "answer", from: "AZURE_FEDERATED_TOKEN_FILE", target, stops: true };
}

/** Without an endpoint variable the library asks the network whether the machine has an identity; this does not. */
function askManaged({ env }: DefaultCredentialSources): Outcome {
  const endpoint = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT"].find((name) => env[name]);
  if (endpoint === undefined) {
    return { does: "pass", unless: "this machine has a managed identity (not probed)" };
  }
  const client = env["AZURE_CLIENT_ID"];
  const unsure = "only the machine knows which managed identity it has";
  const own: ToolPrincipal = { by: "nothing", value: "managed identity", unsure };
  return { does: "answer", from: endpoint, target: { principal: client ? application(client) : own } };
}

/** Signs in as that tool does; a subscription is not part of it. */
function askTool(tool: ToolReading): Outcome {
  if (tool.state !== "in use") {
    return tool.state === "unknown" ? { does: "cannot tell", reason: tool.reason } : { does: "pass" };
  }
  const { cloud, tenant, principal } = tool.target;
  return { does: "answer", from: tool.tool, target: { cloud, tenant, principal } };
}

function application(clientId: string): ToolPrincipal {
  return { by: "client id", value: clientId };
}
