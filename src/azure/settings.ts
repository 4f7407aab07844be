import { constants } from "node:fs";
import { lstat, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { AppError } from "../errors.ts";
import type { CustomClouds } from "./clouds.ts";

const Pin = z.strictObject({
  cloud: z.string().optional(),
  tenant: z.string().optional(),
  subscription: z.string().optional(),
});

/** Where a sign-in leads, under a name of its own. Never a secret. */
const SavedContext = Pin.extend({
  auth: z.string().optional(),
  /** The tenant's domain and the subscription's name, for people. */
  domain: z.string().optional(),
  subscriptionName: z.string().optional(),
  /** Who signed in, for people: a user's name or an application's id. */
  principal: z.string().optional(),
});

const Config = z.strictObject({
  active: z.string().optional(),
  /** The context that was active before; `login use -` goes back to it. */
  previous: z.string().optional(),
  contexts: z.record(z.string(), SavedContext).optional(),
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

export type Pin = z.infer<typeof Pin>;
export type SavedContext = z.infer<typeof SavedContext>;
export type Config = z.infer<typeof Config>;

export interface Settings {
  /** From `.azwise.json`, found upward from the working directory. */
  pin: Pin;
  /** Where the pin was found; undefined when there is none. */
  pinFile?: string | undefined;
  /** The active context in the configuration file. */
  context: SavedContext;
  contextName?: string | undefined;
  clouds: CustomClouds;
}

/** A pin and the file that it is in. */
export interface FoundPin {
  file: string;
  pin: Pin;
}

/** The pin of this folder itself. */
export function pinPath(folder: string): string {
  return join(folder, ".azwise.json");
}

/** The configuration file in azwise's own folder. */
export function configPath(configFolder: string): string {
  return join(configFolder, "config.json");
}

/**
 * Reads the pin and the configuration file; a file that exists but is wrong is an error, not ignored. Without a
 * working directory no pin is looked for.
 */
export async function readSettings(cwd: string | undefined, configFolder: string): Promise<Settings> {
  const config = await readConfig(configFolder);
  const context = contextNamed(config, config.active);
  const clouds = Object.entries(config.clouds ?? {}).map(([name, cloud]) => [
    name,
    { resourceManager: trimSlash(cloud.resourceManager), authority: trimSlash(cloud.authority) },
  ]);
  const found = cwd === undefined ? undefined : await findPin(cwd);
  return {
    pin: found?.pin ?? {},
    ...(found ? { pinFile: found.file } : {}),
    context: context ?? {},
    ...(context ? { contextName: config.active } : {}),
    clouds: Object.fromEntries(clouds) as CustomClouds,
  };
}

/** The whole configuration file; empty when there is none. */
export async function readConfig(configFolder: string): Promise<Config> {
  return (await readChecked(configPath(configFolder), Config)) ?? {};
}

/** A saved context; undefined when there is none of that name, and for what objects have of their own. */
export function contextNamed({ contexts = {} }: Config, name: string | undefined): SavedContext | undefined {
  return name !== undefined && Object.hasOwn(contexts, name) ? contexts[name] : undefined;
}

/** The nearest `.azwise.json` upward from the working directory. */
export async function findPin(cwd: string): Promise<FoundPin | undefined> {
  for (const folder of upward(cwd)) {
    const pin = await readPin(folder);
    if (pin) return { file: pinPath(folder), pin };
  }
  return undefined;
}

function upward(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upward(parent)];
}

/** The same without reading it, so that a broken one is found, too. */
export async function findPinFile(cwd: string): Promise<string | undefined> {
  for (const folder of upward(cwd)) if (await isThere(pinPath(folder))) return pinPath(folder);
  return undefined;
}

/** Reads the pin of this folder itself. */
export async function readPin(folder: string): Promise<Pin | undefined> {
  return readChecked(
    pinPath(folder),
    Pin,
    "correct it, or run azwise login pin --force there, or azwise login unpin",
  );
}

/** Writes the pin of a folder, to be committed: readable by everybody, one key a line. Returns its file. */
export async function writePin(folder: string, { cloud, tenant, subscription }: Pin): Promise<string> {
  const file = pinPath(folder);
  const text = `${JSON.stringify({ cloud, tenant, subscription }, null, 2)}\n`;
  await orSay(`cannot write ${file}`, writeFile(file, text, { mode: 0o644 }));
  return file;
}

export async function removePin(file: string): Promise<void> {
  await orSay(`cannot remove ${file}`, rm(file));
}

async function orSay(text: string, change: Promise<void>): Promise<void> {
  await change.catch((cause: unknown) => {
    throw new AppError("failed", text, { hint: "check the permissions of its folder", cause });
  });
}

async function readChecked<T>(
  file: string,
  schema: z.ZodType<T>,
  hint = "correct or delete the file",
): Promise<T | undefined> {
  const refuse: Refuse = (why, cause) =>
    new AppError("usage", `${file} is not valid: ${why}`, { hint, cause });
  const text = await readText(file, refuse);
  if (text === undefined) return undefined;
  const json = parseJson(text);
  if ("broken" in json) throw refuse("it is not JSON", json.broken);
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return parsed.data;
  throw refuse(describeIssue(parsed.error), parsed.error);
}

type Refuse = (why: string, cause: unknown) => AppError;

/** Undefined when there is nothing of that name. */
async function readText(file: string, refuse: Refuse): Promise<string | undefined> {
  try {
    return await readFile(file, { encoding: "utf8", flag: WITHOUT_WAITING });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EISDIR") throw refuse("it is a folder; remove it", error);
    if (!isMissing(error)) {
      throw new AppError("usage", `cannot read ${file}`, { hint: "check its permissions", cause: error });
    }
    // A pin that cannot be reached is still a promise.
    if (await isLink(file)) throw refuse("it is a link that leads nowhere", error);
    return undefined;
  }
}

/** A pipe in its place would otherwise hold the run for ever. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

async function isLink(file: string): Promise<boolean> {
  const found = await lstat(file).catch(() => undefined);
  return found?.isSymbolicLink() === true;
}

/** Editors on Windows write a byte order mark, which JSON.parse does not accept. */
function parseJson(text: string): { value: unknown } | { broken: unknown } {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, "")) };
  } catch (broken) {
    return { broken };
  }
}

function describeIssue({ issues: [issue] }: z.ZodError): string {
  const path = (issue?.path ?? []).map(String).join(".");
  return `${path === "" ? "" : `${path}: `}${issue?.message ?? "wrong content"}`;
}

/** Whether there is anything of that name; a link counts, wherever it leads. */
async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: unknown) => !isMissing(error),
  );
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
