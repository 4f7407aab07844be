import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CliResult, TestHost } from "../../harness.ts";
import { GIVEN } from "../../written.ts";
import { golden } from "../golden.ts";

export const SHOP = "shopregistry.azurecr.io";
export const EAST = "shopregistry.eastus2.geo.azurecr.io";
export const NORTH = "shopregistry.northeurope.geo.azurecr.io";
export const WEST = "shopregistry.westeurope.geo.azurecr.io";
export const USER = "00000000-0000-0000-0000-000000000000";

/** Writes Docker's configuration into the home of a command line. */
export function writeDocker(home: string, config: unknown): void {
  mkdirSync(join(home, ".docker"), { recursive: true });
  const text = typeof config === "string" ? config : JSON.stringify(config, undefined, "\t");
  writeFileSync(join(home, ".docker", "config.json"), text, { mode: 0o600 });
}

export function readDocker(home: string): { auths: Record<string, { auth?: string }> } {
  return JSON.parse(readFileSync(join(home, ".docker", "config.json"), "utf8"));
}

/** User name and password in Docker's file. */
export function credentialsIn(home: string, host: string): [string, string] {
  const text = Buffer.from(readDocker(home).auths[host]?.auth ?? "", "base64").toString();
  const [user = "", ...password] = text.split(":");
  return [user, password.join(":")];
}

/** Keeps what it is called with and what it reads in $OUT, as one file for each call. */
export const KEEPS = `
file="$OUT/$1-$(date +%s%N)"
{ echo "$0 $*"; cat; } > "$file"`;

/** A credential helper that does what the script says, and the environment to find it by. */
export function installHelper(home: string, name: string, script = KEEPS): { PATH: string; OUT: string } {
  const bin = join(home, GIVEN, "bin");
  const out = join(home, GIVEN, "out");
  for (const folder of [bin, out]) mkdirSync(folder, { recursive: true });
  const program = join(bin, `docker-credential-${name}`);
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return { PATH: `${bin}:${process.env["PATH"]}`, OUT: out };
}

/** The same wherever the home is. */
export function goldenAt(result: CliResult, host: TestHost): string {
  return golden(result).replaceAll(host.folder, "/home/ada");
}

/** The first four cells of each row that a pipe gets. */
export const outcomes = ({ stdout }: Pick<CliResult, "stdout">): string[][] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => line.split("\t").slice(0, 4));
