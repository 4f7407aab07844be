import { requireUsableProxy } from "../../azure/proxy.ts";
import type { Env } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { cannotTell, type Finding } from "./doctor-finding.ts";
import { valueOf, type Machine } from "./doctor-machine.ts";

/** Entra refuses assertions that are further off. */
const REFUSED_MS = 5 * 60_000;
/** A clock that nobody sets goes on drifting. */
const DRIFTING_MS = 60_000;

export function checkClock({ login }: Machine): Finding[] {
  const seen = valueOf(login);
  if (!seen) return [];
  const because = ["azure-wire/assertion-validity"];
  const { aheadMs } = seen;
  if ("reason" in aheadMs) {
    return [
      cannotTell({ id: "clock-unknown", title: "whether the clock is right", because }, aheadMs.reason),
    ];
  }
  const offMs = Math.abs(aheadMs.value);
  if (offMs <= DRIFTING_MS) return [];
  const direction = aheadMs.value > 0 ? "ahead of" : "behind";
  return [
    {
      id: "clock-skew",
      severity: offMs > REFUSED_MS ? "error" : "warning",
      title: "this machine's clock is wrong",
      evidence: `${Math.round(offMs / 1000)} s ${direction} the resource manager's`,
      because,
    },
  ];
}

const PROXIES = ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY", "NO_PROXY"];

const PROXY_FACTS = ["azure-wire/proxy-variables"];

export function checkProxy({ env }: Machine): Finding[] {
  return [...checkProxyUrl(env), ...PROXIES.flatMap((name) => checkCases(env, name)), ...checkNoProxy(env)];
}

function checkProxyUrl(env: Env): Finding[] {
  try {
    requireUsableProxy(env);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message, hint } = error;
    const evidence = hint ?? "";
    return [{ id: "proxy-unusable", severity: "error", title: message, evidence, because: PROXY_FACTS }];
  }
}

/** azwise takes the one in capitals, az (Python) the other. */
function checkCases(env: Env, name: string): Finding[] {
  const lower = name.toLowerCase();
  const [first, second] = [env[name], env[lower]];
  if (!first || !second || first === second) return [];
  return [
    {
      id: "proxy-differs",
      severity: "warning",
      title: `azwise takes ${name}, az takes ${lower}, and they differ`,
      evidence: `${name}=${hidePassword(first)}, ${lower}=${hidePassword(second)}`,
      command: `export ${lower}="$${name}"`,
      because: PROXY_FACTS,
    },
  ];
}

/** The SDK compares names; a star is a name to it that no host has. */
function checkNoProxy(env: Env): Finding[] {
  const name = ["NO_PROXY", "no_proxy"].find((each) => env[each]);
  const hasProxy = PROXIES.slice(0, 3).some((each) => env[each] || env[each.toLowerCase()]);
  const value = name === undefined ? "" : (env[name] ?? "");
  if (name === undefined || !hasProxy || !value.includes("*")) return [];
  return [
    {
      id: "no-proxy-star",
      severity: "warning",
      title: `a star in ${name} means nothing to azwise, which uses the proxy all the same`,
      evidence: `${name}=${value}`,
      command: `export ${name}=.azure.com,.microsoftonline.com`,
      because: PROXY_FACTS,
    },
  ];
}

/** A proxy's URL may hold a password, also where it is not a URL at all. */
function hidePassword(url: string): string {
  return url.replace(/^(\w+:\/\/)?.*@/s, "$1***@");
}

/** Who is trusted to be Azure. */
export function checkTrust({ env, az, extraCaProblem }: Machine): Finding[] {
  const extra = env["NODE_EXTRA_CA_CERTS"];
  const bundle = env["REQUESTS_CA_BUNDLE"];
  const findings: Finding[] = [];
  const add = (finding: Omit<Finding, "because">): void =>
    void findings.push({ ...finding, because: ["azure-wire/certificates-per-tool"] });
  if (extra && extraCaProblem !== undefined) {
    add({
      id: "ca-file",
      severity: "error",
      title: "the certificates that NODE_EXTRA_CA_CERTS names are not used",
      evidence: `${extra}: ${extraCaProblem}`,
    });
  }
  if (bundle && !extra) {
    add({
      id: "ca-az-only",
      severity: "warning",
      title: "az trusts certificates that azwise does not know",
      evidence: `REQUESTS_CA_BUNDLE=${bundle}, NODE_EXTRA_CA_CERTS is not set`,
      command: 'export NODE_EXTRA_CA_CERTS="$REQUESTS_CA_BUNDLE"',
    });
  }
  if (extra && extraCaProblem === undefined && !bundle && az.state !== "missing") {
    add({
      id: "ca-azwise-only",
      severity: "warning",
      title: "azwise trusts certificates that az does not know",
      evidence: `NODE_EXTRA_CA_CERTS=${extra}, REQUESTS_CA_BUNDLE is not set`,
    });
  }
  return [...findings, ...checkVerification(env)];
}

function checkVerification(env: Env): Finding[] {
  const off = [
    {
      tool: "azwise",
      name: "NODE_TLS_REJECT_UNAUTHORIZED",
      isOff: env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0",
    },
    // Any value counts, "0" and "false" too.
    {
      tool: "az",
      name: "AZURE_CLI_DISABLE_CONNECTION_VERIFICATION",
      isOff: Boolean(env["AZURE_CLI_DISABLE_CONNECTION_VERIFICATION"]),
    },
  ].filter(({ isOff }) => isOff);
  return off.map(({ tool, name }) => ({
    id: "tls-unverified",
    severity: "error",
    title: `${tool} sends secrets and tokens to whoever answers`,
    evidence: `${name}=${env[name] ?? ""} turns the check of certificates off`,
    command: `unset ${name}`,
    because: ["azure-wire/unchecked-certificates"],
  }));
}
