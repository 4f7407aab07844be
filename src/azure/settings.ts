import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { AppError } from "../errors.ts";
import type { CustomClouds } from "./clouds.ts";

const Pin = z.strictObject({
  cloud: z.string().optional(),
  tenant: z.string().optional(),
  subscription: z.string().optional(),
});

const Config = z.strictObject({
  active: z.string().optional(),
  contexts: z.record(z.string(), Pin.extend({ auth: z.string().optional() })).optional(),
  clouds: z
    .record(
      z.string(),
      z.strictObject({
        resourceManager: z.url({ protocol: /^https$/ }),
        authority: z.url({ protocol: /^https$/ }),
      }),
    )
    .optional(),
});

export interface Settings {
  /** From `.azwise.json`, found upward from the working directory. */
  pin: z.infer<typeof Pin>;
  /** From the active context in the configuration file. */
  context: {
    cloud?: string | undefined;
    tenant?: string | undefined;
    subscription?: string | undefined;
    auth?: string | undefined;
  };
  clouds: CustomClouds;
}

/** Reads the pin and the configuration file; a file that exists but is wrong is an error, not ignored. */
export async function readSettings(cwd: string, configFolder: string): Promise<Settings> {
  const configFile = join(configFolder, "config.json");
  const config = (await readChecked(configFile, Config)) ?? {};
  const context = config.active === undefined ? undefined : config.contexts?.[config.active];
  const clouds = Object.entries(config.clouds ?? {}).map(([name, cloud]) => [
    name,
    { resourceManager: trimSlash(cloud.resourceManager), authority: trimSlash(cloud.authority) },
  ]);
  return {
    pin: await findPin(cwd),
    context: context ?? {},
    clouds: Object.fromEntries(clouds) as CustomClouds,
  };
}

async function findPin(cwd: string): Promise<z.infer<typeof Pin>> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const pin = await readChecked(join(folder, ".azwise.json"), Pin);
    if (pin) return pin;
    if (dirname(folder) === folder) return {};
  }
}

async function readChecked<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new AppError("usage", `cannot read ${file}`, { hint: "check its permissions", cause: error });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError("usage", `${file} is not valid`, { hint: "correct or delete the file", cause });
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
