import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pid } from "node:process";
import { AppError } from "../errors.ts";
import type { World } from "./world.ts";

const loadDefault = async (): Promise<unknown> =>
  (await import("../../fixtures/worlds/contoso.json", { with: { type: "json" } })).default;

/** Worlds that come with azwise; each is loaded, or made, only when it is used. */
const BUNDLED = new Map([
  ["contoso", loadDefault],
  ["enterprise", async (): Promise<unknown> => (await import("./enterprise.ts")).makeEnterprise()],
  ["fleet", async (): Promise<unknown> => (await import("./fleet.ts")).makeFleet()],
]);

export const DEFAULT_WORLD = "contoso";
export const WORLD_NAMES: readonly string[] = [...BUNDLED.keys()];

/** A bundled world as it was shipped; undefined when there is none of that name. */
export async function loadBundledWorld(name: string): Promise<World | undefined> {
  const load = BUNDLED.get(name);
  return load && check(await load());
}

/** The world at `path`, or the default one when nothing was saved there yet. */
export async function loadWorld(path: string): Promise<World> {
  const text = await readIfThere(path);
  if (text === undefined) return check(await loadDefault());
  const value = parseJson(path, text);
  if (isSealed(text)) return withoutSeal(value as World);
  const { World: schema } = await import("./world-schema.ts");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unusable(path, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

async function check(value: unknown): Promise<World> {
  const { World: schema } = await import("./world-schema.ts");
  return schema.parse(structuredClone(value));
}

/** Changes when the schema gets something new: what an earlier azwise sealed is checked again, and completed. */
const SEAL_EDITION = 5;

const SEAL = /,\n "seal": "([0-9a-f]{64})"\n\}\n$/;

/** A world that is as azwise wrote it need not be checked again, which takes longer than most commands. */
function isSealed(text: string): boolean {
  const match = SEAL.exec(text);
  return match !== null && match[1] === sealOf(`${text.slice(0, match.index)}\n}`);
}

function withoutSeal(sealed: World & { seal?: string }): World {
  delete sealed.seal;
  return sealed;
}

/** Says of a text that nobody has edited it since. */
function sealOf(text: string): string {
  return createHash("sha256").update(`${SEAL_EDITION}\n`).update(text).digest("hex");
}

function seal(text: string): string {
  return text.replace(/\n\}$/, `,\n "seal": "${sealOf(text)}"\n}\n`);
}

let saves = 0;

/** Replaces the file as a whole, so that a reader never sees half a world. */
export async function saveWorld(path: string, world: World): Promise<void> {
  saves += 1;
  const temporary = `${path}.${pid}.${saves}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, seal(JSON.stringify(world, null, 1)), { mode: 0o600 });
    await rename(temporary, path);
  } catch (cause) {
    // Where nothing could be written there is nothing to remove either.
    await rm(temporary, { force: true }).catch(() => {});
    const hint = "set XDG_STATE_HOME to a writable folder";
    throw new AppError("failed", `cannot write the sandbox's world to ${path}`, { hint, cause });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(path, "it cannot be read", error);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unusable(path, "it is not JSON", cause);
  }
}

function unusable(path: string, why: string, cause?: unknown): AppError {
  return new AppError("failed", `the sandbox's world in ${path} cannot be used: ${why}`, {
    hint: "azwise sandbox reset",
    cause,
  });
}
