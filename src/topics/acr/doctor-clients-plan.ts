import { flagWords, shellWord } from "../../azure/shell-word.ts";
import type { Cluster, NodePool } from "../../azure/graph-ports.ts";
import type { Registry } from "../../azure/registry-ports.ts";
import type { KeptAnswers, NameAnswer, NameSeen } from "../../names/name-seen.ts";
import { azwiseAcr } from "./az-command.ts";
import { cannotTell, type Finding } from "./doctor-finding.ts";
import type { Examined } from "./doctor-read.ts";

/** The node image that regional hosts need at least, and its date as a number. */
const NEW_ENOUGH = "202607.29";
const NEW_ENOUGH_DATE = 20_260_729;

/** AKS clusters whose node images are too old for the regional hosts that there are. */
export function checkClusters({ clusters }: Examined): Finding[] {
  const what = "whether node images of AKS clusters are new enough for regional hosts";
  // Where the service does not say whether there are regional hosts, that is a row of its own.
  if (clusters === undefined) return [];
  if ("unknown" in clusters) return [cannotTell("clusters-unknown", what, { reason: clusters.unknown })];
  return [
    ...clusters.value.clusters.flatMap(checkCluster),
    ...clusters.value.gaps.map((reason) =>
      cannotTell("clusters-unknown", what, { reason, because: ["azure-wire/graph-silently-absent"] }),
    ),
  ];
}

function checkCluster(cluster: Cluster): Finding[] {
  const { name, pools } = cluster;
  const old = pools.filter(({ image }) => (imageDate(image) ?? Infinity) < NEW_ENOUGH_DATE);
  const untold = pools.filter(({ image }) => imageDate(image) === undefined);
  const findings: Finding[] = [];
  if (old.length > 0) {
    findings.push({
      id: "node-image-old",
      severity: "warning",
      title: `AKS cluster ${name} has node images too old for regional hosts`,
      evidence: `before ${NEW_ENOUGH}: ${poolList(old)}; whether it pulls from this registry is not told`,
      command: upgradeCommand(cluster, old),
      because: [
        "azure-wire/acr-aks-node-image",
        "azure-wire/aks-node-image-date",
        "azure-wire/acr-aks-regional-pull",
      ],
    });
  }
  if (untold.length > 0) {
    const reason = `no date can be read from ${poolList(untold)}`;
    const because = ["azure-wire/acr-aks-node-image", "azure-wire/aks-node-image-date"];
    const what = `whether node images of AKS cluster ${name} are new enough for regional hosts`;
    findings.push(cannotTell("node-image-unknown", what, { reason, because }));
  }
  return findings;
}

function poolList(pools: readonly NodePool[]): string {
  return pools.map(({ name, image }) => `${name} (${image ?? "no image told"})`).join(", ");
}

/** `…-202607.29.0` and the older `…-2021.10.12` as a number such as 20260729; undefined for any other end. */
export function imageDate(image: string | undefined): number | undefined {
  const [, ...parts] =
    /-(\d{4})(\d{2})\.(\d{2})\.\d+$/.exec(image ?? "") ??
    /-(\d{4})\.(\d{2})\.(\d{2})$/.exec(image ?? "") ??
    [];
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  if (year < 2000 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return (year * 100 + month) * 100 + day;
}

function upgradeCommand(cluster: Cluster, old: readonly NodePool[]): string {
  const { name, resourceGroup, subscriptionId } = cluster;
  const [first, another] = old;
  const which =
    first && another === undefined
      ? ["nodepool", "upgrade", ...flagWords("--cluster-name", name), ...flagWords("--name", first.name)]
      : ["upgrade", ...flagWords("--name", name)];
  const where = [
    ...flagWords("--resource-group", resourceGroup),
    ...flagWords("--subscription", subscriptionId),
  ];
  return ["az", "aks", ...which, ...where, "--node-image-only"].map(shellWord).join(" ");
}

const LONG = "acr-geo-operations/long-lived-dns-cache";
/** From here on a cache counts as long-lived; the article names no number, and says that failover takes minutes. */
const LONG_SECONDS = 300;

/** Whether this machine keeps clients at an old address of the login server. */
export function checkNames({ registry, names }: Examined): Finding[] {
  const what = `how long this machine keeps the address of ${registry.loginServer}`;
  if ("unknown" in names)
    return [cannotTell("names-unknown", what, { reason: names.unknown, because: [LONG] })];
  const { entries, answers, kept } = names.value;
  const unknown = [entries, answers, kept].flatMap((each) => ("unknown" in each ? [each.unknown] : []));
  return [
    ...checkEntries(registry, names.value),
    ...("value" in answers ? checkAnswers(answers.value, names.value) : []),
    ...("value" in kept ? checkKept(kept.value, names.value) : []),
    ...unknown.map((reason) => cannotTell("names-unknown", what, { reason, because: [LONG] })),
  ];
}

function checkEntries({ loginServer }: Registry, { entries }: NameSeen): Finding[] {
  if ("unknown" in entries) return [];
  return entries.value.map(({ file, line, address }) => ({
    id: "name-in-hosts",
    severity: isPrivate(address) ? "info" : "warning",
    title: `this machine's hosts file has ${loginServer}`,
    evidence: `${file} line ${line}: ${address}${privateText([address])}; neither failover nor routing changes that`,
    because: ["azure-wire/hosts-file-first", LONG],
  }));
}

function checkAnswers(answers: readonly NameAnswer[], { servers }: NameSeen): Finding[] {
  const lifetimes = answers.map(({ seconds }) => seconds);
  const longest = Math.max(...lifetimes);
  const isCached = lifetimes.some((each) => each !== longest);
  const isLong = longest > LONG_SECONDS;
  if (!isCached && !isLong) return [];
  const addresses = [...new Set(answers.flatMap((each) => each.addresses))];
  const by = `${serverList(servers)} ${servers.length === 1 ? "answers" : "answer"}`;
  const fall = isCached ? `, which differ and so come from a cache` : "";
  return [
    {
      id: isLong ? "name-kept" : "name-cached",
      severity: isLong && !addresses.every(isPrivate) ? "warning" : "info",
      title: `this machine may be kept at an old address for at least ${longest} s`,
      evidence: `${by} ${addresses.join(", ")}${privateText(addresses)} with lifetimes of ${lifetimes.join(", ")} s${fall}`,
      because: ["azure-wire/dns-lifetime-falls", LONG],
    },
  ];
}

/** dnsmasq matters where a server of this machine is asked; which program that is cannot be seen. */
function checkKept(kept: readonly KeptAnswers[], { servers }: NameSeen): Finding[] {
  const isOwn = servers.some((each) => OWN_SERVER.test(each));
  return kept.flatMap(({ cache, file, seconds }): Finding[] => {
    if (cache === "dnsmasq" && !isOwn) return [];
    const isLong = cache === "dnsmasq" && seconds > LONG_SECONDS;
    const least = cache === "dnsmasq" ? "at least " : "";
    return [
      {
        id: isLong ? "name-kept" : "name-cached",
        severity: isLong ? "warning" : "info",
        title: `${cache} of this machine keeps addresses for ${least}${seconds} s`,
        evidence: `${file}${cache === "nscd" ? "; an answer's own lifetime may come first" : `, if it is what answers at ${serverList(servers)}`}`,
        because: [cache === "dnsmasq" ? "azure-wire/dnsmasq-least" : "azure-wire/nscd-keeps-hosts", LONG],
      },
    ];
  });
}

const OWN_SERVER = /^(127\.|\[?::1\b)/;

/** Where systemd-resolved listens, a cache of this machine. */
const RESOLVED = "127.0.0.53";

function serverList(servers: readonly string[]): string {
  const words = servers.map((each) => {
    if (each === RESOLVED) return `${each} (systemd-resolved of this machine)`;
    return OWN_SERVER.test(each) ? `${each} (this machine)` : each;
  });
  return words.join(", ");
}

function privateText(addresses: readonly string[]): string {
  if (!addresses.every(isPrivate)) return "";
  return " (private, so of a private endpoint as it seems, whose address need not change with routing)";
}

function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/i.test(address);
}

/** Each host is a place of its own to sign in to. */
export function checkDocker({ registry, docker }: Examined): Finding[] {
  if (docker === undefined) return [];
  const what = "for which hosts Docker has credentials";
  const because = ["azure-wire/acr-docker-config-per-host", "acr-geo-operations/sign-in-per-endpoint"];
  if ("unknown" in docker) return [cannotTell("docker-unknown", what, { reason: docker.unknown, because })];
  const reasons = docker.value.flatMap(({ kept }) => ("unknown" in kept ? [kept.unknown] : []));
  const unknown = [...new Set(reasons)].map((reason) =>
    cannotTell("docker-unknown", what, { reason, because }),
  );
  const told = docker.value.flatMap(({ host, kept }) =>
    "value" in kept ? [{ host, kept: kept.value }] : [],
  );
  const has = told.filter(({ kept }) => kept !== undefined);
  const lacks = told.filter(({ kept }) => kept === undefined);
  if (has.length === 0 || lacks.length === 0) return unknown;
  const partly: Finding = {
    id: "docker-partly",
    severity: "info",
    title: "Docker here has credentials for some hosts only",
    evidence: `for ${has.map(({ host, kept }) => `${host} in ${kept}`).join(", ")}; none for ${lacks.map(({ host }) => host).join(", ")}`,
    command: azwiseAcr("login", registry, ["--region", "all"]),
    because,
  };
  return [partly, ...unknown];
}
