import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pid } from "node:process";
import { AppError } from "../errors.ts";
import { World } from "./world.ts";

const loadDefault = async (): Promise<{ default: unknown }> =>
  import("../../fixtures/worlds/contoso.json", { with: { type: "json" } });

/** Worlds that come with azwise; each is loaded only when it is used. */
const BUNDLED = new Map([["contoso", loadDefault]]);

export const DEFAULT_WORLD = "contoso";
export const WORLD_NAMES: readonly string[] = [...BUNDLED.keys()];

/** A bundled world as it was shipped; undefined when there is none of that name. */
export async function loadBundledWorld(name: string): Promise<World | undefined> {
  const module = await BUNDLED.get(name)?.();
  return module && World.parse(structuredClone(module.default));
}

/** The world at `path`, or the default one when nothing was saved there yet. */
export async function loadWorld(path: string): Promise<World> {
  const text = await readIfThere(path);
  if (text === undefined) return World.parse(structuredClone((await loadDefault()).default));
  const parsed = World.safeParse(parseJson(path, text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unusable(path, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

let saves = 0;

/** Replaces the file as a whole, so that a reader never sees half a world. */
export async function saveWorld(path: string, world: World): Promise<void> {
  saves += 1;
  const temporary = `${path}.${pid}.${saves}.tmp`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(temporary, `${JSON.stringify(world, null, 1)}\n`, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
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
