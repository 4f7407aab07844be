import { AppError } from "../errors.ts";

/** Where one Azure cloud answers. */
export interface Cloud {
  name: string;
  /** Base URL of Azure Resource Manager, without a trailing slash. */
  resourceManager: string;
  /** Base URL of Microsoft Entra, without a trailing slash. */
  authority: string;
  /** Entra knows this authority, so sign-in needs no discovery request. */
  wellKnown: boolean;
  /** Base URL of the public price list, without a trailing slash; undefined when we know of none. */
  prices?: string;
  /** Base URL of the query address of Log Analytics, without a trailing slash; undefined when we know of none. */
  logs?: string;
  /** Where events are sent to; undefined when we know of no such address. */
  ingestion?: Ingestion;
}

export interface Ingestion {
  /** What every host of this kind ends with; outside of the public cloud taken from the audience, not seen. */
  suffix: string;
  /** The audience of tokens. */
  scope: string;
}

const CLOUDS: readonly Cloud[] = [
  {
    name: "public",
    resourceManager: "https://management.azure.com",
    authority: "https://login.microsoftonline.com",
    wellKnown: true,
    prices: "https://prices.azure.com",
    logs: "https://api.loganalytics.io",
    ingestion: { suffix: ".ingest.monitor.azure.com", scope: "https://monitor.azure.com/.default" },
  },
  {
    name: "usgov",
    resourceManager: "https://management.usgovcloudapi.net",
    authority: "https://login.microsoftonline.us",
    wellKnown: true,
    logs: "https://api.loganalytics.us",
    ingestion: { suffix: ".ingest.monitor.azure.us", scope: "https://monitor.azure.us/.default" },
  },
  {
    name: "china",
    resourceManager: "https://management.chinacloudapi.cn",
    authority: "https://login.partner.microsoftonline.cn",
    wellKnown: true,
    logs: "https://api.loganalytics.azure.cn",
    ingestion: { suffix: ".ingest.monitor.azure.cn", scope: "https://monitor.azure.cn/.default" },
  },
  {
    name: "sandbox",
    resourceManager: "https://management.sandbox.invalid",
    authority: "https://login.sandbox.invalid",
    wellKnown: false,
    prices: "https://prices.sandbox.invalid",
    logs: "https://api.loganalytics.sandbox.invalid",
    ingestion: { suffix: ".ingest.monitor.sandbox.invalid", scope: "https://monitor.azure.com/.default" },
  },
];

/** Names that az uses for the clouds in its profile. */
const AZ_NAMES: Record<string, string> = {
  AzureCloud: "public",
  AzureUSGovernment: "usgov",
  AzureChinaCloud: "china",
};

export type CustomClouds = Record<string, { resourceManager: string; authority: string }>;

/** The cloud of that name; custom ones come from the configuration file. */
export function findCloud(name: string, custom: CustomClouds): Cloud {
  const known = CLOUDS.find((cloud) => cloud.name === name);
  if (known) return known;
  const own = Object.hasOwn(custom, name) ? custom[name] : undefined;
  if (own) return { name, ...own, wellKnown: false };
  const names = [...CLOUDS.map((cloud) => cloud.name), ...Object.keys(custom)];
  throw new AppError("usage", `unknown cloud "${name}"`, {
    hint: `use --cloud ${names.join("|")}, or describe it under "clouds" in azwise's config.json`,
  });
}

/** What the hosts of ingestion addresses end with, in every cloud that azwise knows. */
export function ingestionSuffixes(): string[] {
  return CLOUDS.flatMap(({ ingestion }) => (ingestion === undefined ? [] : [ingestion.suffix]));
}

export function cloudFromAz(environmentName: string): string {
  const known = Object.hasOwn(AZ_NAMES, environmentName) ? AZ_NAMES[environmentName] : undefined;
  return known ?? environmentName;
}

/** The name of this cloud in az; a custom one is taken to be registered there under the same name. */
export function azCloudName({ name }: Cloud): string {
  return Object.keys(AZ_NAMES).find((each) => AZ_NAMES[each] === name) ?? name;
}

/** The audience of ARM tokens in this cloud. */
export function armScope(cloud: Cloud): string {
  return `${cloud.resourceManager}/.default`;
}

/** The audience of tokens that registries exchange; elsewhere than in the public cloud Azure's SDK takes ARM's. */
export function registryScope(cloud: Cloud): string {
  const isPublic = ["public", "sandbox"].includes(cloud.name);
  return isPublic ? "https://containerregistry.azure.net/.default" : armScope(cloud);
}

/** What a federated token must be meant for, so that this cloud's Entra takes it; custom clouds are taken to be like the public one. */
export function federatedAudience({ name }: Cloud): string {
  const suffix = { usgov: "USGov", china: "China" }[name] ?? "";
  return `api://AzureADTokenExchange${suffix}`;
}
