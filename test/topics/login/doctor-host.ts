import { chmod, mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestHost, NOW, type HostOptions, type TestHost } from "../../harness.ts";
import { GIVEN } from "../../written.ts";

export interface DoctorHostOptions extends HostOptions {
  /** Body of the az script; there is no az without it. */
  az?: string;
}

/** A machine of its own: nothing is on its PATH but the given az. */
export async function createDoctorHost({ az, env, ...options }: DoctorHostOptions = {}): Promise<TestHost> {
  const host = createTestHost(options);
  const bin = join(host.folder, GIVEN, "bin");
  await mkdir(bin, { recursive: true });
  if (az !== undefined) {
    await writeFile(join(bin, "az"), `#!/bin/sh\n${az}\n`);
    await chmod(join(bin, "az"), 0o755);
  }
  return { ...host, env: { ...host.env, PATH: bin, ...env } };
}

/** An az that knows its version and nothing else. */
export function azOfVersion(version: string): string {
  return `echo '${JSON.stringify({ "azure-cli": version })}'`;
}

/** Writes az's profile as az does, last changed so many days ago. */
export async function writeProfile(host: TestHost, profile: unknown, days = 1): Promise<void> {
  const folder = join(host.folder, "azure");
  await mkdir(folder, { recursive: true });
  await writeDated(join(folder, "azureProfile.json"), `\uFEFF${JSON.stringify(profile)}`, days);
}

/** A token file of az that others may read; there is no token in it. */
export async function writeOpenTokens(host: TestHost, days = 1): Promise<void> {
  const path = join(host.folder, "azure", "msal_token_cache.json");
  await writeDated(path, "{}", days);
  await chmod(path, 0o644);
  await chmod(join(host.folder, "azure"), 0o755);
}

async function writeDated(path: string, text: string, days: number): Promise<void> {
  await writeFile(path, text);
  const date = new Date(NOW.getTime() - days * 24 * 60 * 60_000);
  await utimes(path, date, date);
}
