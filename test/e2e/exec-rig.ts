import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { openDouble, type Double, type DoubleOptions } from "./azure-double.ts";
import { runCli, type CliOptions, type Finished } from "./cli.ts";
import { installAz } from "./scripted-az.ts";

/** What az does besides: it writes where it is told to keep its things, and notes who reads which file. */
export const AZ = `
folder=\${AZURE_CONFIG_DIR:-$HOME/.azure}
echo noise >> "$folder/telemetry.txt"
echo "$*" >> "$0.log"
for each; do case $each in @*) cat "\${each#@}" >> "$0.secrets"; echo >> "$0.secrets";; esac; done
case "$1 $2" in "version "*) echo '{"azure-cli": "2.86.0"}';; esac
`;

export interface Rig extends Double {
  /** For the command line under test. */
  options: CliOptions;
  /** What the scripted az keeps; missing until it was run. */
  azLog(): Promise<string[]>;
  azSecrets(): Promise<string>;
  /** Folders that are left among the temporary files. */
  left(): Promise<string[]>;
}

/** The double, with an az on the path, a used ~/.azure and a folder of its own for temporary files. */
export async function openRig(
  { onTestFinished }: TestContext,
  az = AZ,
  options: DoubleOptions = {},
): Promise<Rig> {
  const double = await openDouble(options);
  onTestFinished(() => double.close());
  const { home } = double;
  const { bin } = await installAz(home, az);
  const temporary = join(home, "tmp");
  await mkdir(temporary);
  await writeFile(join(home, ".azure", "msal_token_cache.json"), '{"AccessToken": {}}');
  const read = (name: string): Promise<string> => readFile(join(bin, name), "utf8").catch(() => "");
  return Object.assign(double, {
    options: { env: { PATH: `${bin}:${double.env["PATH"]}`, TMPDIR: temporary } },
    azLog: async () => (await read("az.log")).split("\n").slice(0, -1),
    azSecrets: () => read("az.secrets"),
    left: () => readdir(temporary),
  });
}

/** Runs a script of the shell by `azwise login exec`. */
export function exec(rig: Rig, script: string, ...flags: string[]): Promise<Finished> {
  return runCli(rig, ["login", "exec", ...flags, "--", "/bin/sh", "-c", script], rig.options);
}
