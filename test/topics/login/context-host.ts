import { mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config, SavedContext } from "../../../src/azure/settings.ts";
import {
  createTestHost,
  OTHER_TENANT,
  SUBSCRIPTION,
  TENANT,
  type HostOptions,
  type TestHost,
} from "../../harness.ts";

export const PROD: SavedContext = {
  cloud: "sandbox",
  tenant: TENANT,
  domain: "contoso.com",
  subscription: SUBSCRIPTION,
  subscriptionName: "Contoso Shop Production",
  auth: "sandbox",
  principal: "ada@contoso.com",
};
/** Of OTHER_TENANT. */
export const FOREIGN = "5b000000-0000-4000-8000-000000000003";
export const PLAY: SavedContext = { cloud: "public", tenant: OTHER_TENANT };

/** A machine on which somebody has signed in before. */
export function createContextHost(config: Config, options: HostOptions = {}): TestHost {
  const host = createTestHost(options);
  writeConfig(host, config);
  return host;
}

export function writeConfig(host: TestHost, config: Config): void {
  mkdirSync(dirname(configFile(host)), { recursive: true });
  writeFileSync(configFile(host), JSON.stringify(config));
}

export async function readContexts(host: TestHost): Promise<Config> {
  return JSON.parse(await readFile(configFile(host), "utf8")) as Config;
}

export function configFile({ folder }: TestHost): string {
  return join(folder, "config", "azwise", "config.json");
}

export function pinFile({ folder }: TestHost): string {
  return join(folder, ".azwise.json");
}

/** Pins the host's working directory. */
export function pinFolder(host: TestHost, pin: object): string {
  const file = pinFile(host);
  writeFileSync(file, JSON.stringify(pin));
  return file;
}
