import { realpath } from "node:fs/promises";
import { AppError } from "../errors.ts";
import { withLock, writePrivate } from "./private-file.ts";
import { configPath, contextNamed, readConfig, type Config, type SavedContext } from "./settings.ts";

/** A context with the name it is kept under. */
export interface NamedContext {
  name: string;
  context: SavedContext;
}

// A letter or digit first: neither a flag, nor the "-" that goes back, nor a word like __proto__.
const NAME = /^[a-z0-9][\w.-]*$/i;

/** Throws AppError "usage" unless a context may be called that. */
export function checkContextName(name: string): string {
  if (NAME.test(name)) return name;
  throw new AppError("usage", `"${name}" cannot be the name of a context`, {
    hint: "use letters, digits, dots, underscores and hyphens, beginning with a letter or digit",
  });
}

/** The text as the name of a context, as in "Contoso-Shop" for "Contoso (Shop)"; undefined when nothing is left. */
export function toContextName(text: string): string | undefined {
  const name = text.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[^a-z0-9]+|-+$/gi, "");
  return NAME.test(name) ? name : undefined;
}

/** Stores a context, in the place of one of the same name, and makes it the active one. */
export async function saveContext(configFolder: string, name: string, context: SavedContext): Promise<void> {
  checkContextName(name);
  await changeConfig(configFolder, (config) => ({
    ...activate(config, name),
    contexts: { ...config.contexts, [name]: context },
  }));
}

/** Makes a context the active one; "-" is the one before. Undefined, and nothing changed, when there is none. */
export async function useContext(configFolder: string, wanted: string): Promise<NamedContext | undefined> {
  let used: NamedContext | undefined;
  await changeConfig(configFolder, (config) => {
    const name = wanted === "-" ? config.previous : wanted;
    const context = contextNamed(config, name);
    if (name === undefined || context === undefined) return config;
    used = { name, context };
    return activate(config, name);
  });
  return used;
}

/** Removes a context; none is active when it was the active one. */
export async function forgetContext(configFolder: string, name: string): Promise<void> {
  await changeConfig(configFolder, ({ active, previous, contexts = {}, ...rest }) => ({
    ...(active === undefined || active === name ? {} : { active }),
    ...(previous === undefined || previous === name ? {} : { previous }),
    contexts: Object.fromEntries(Object.entries(contexts).filter(([each]) => each !== name)),
    ...rest,
  }));
}

function activate(config: Config, name: string): Config {
  const { active } = config;
  return {
    ...config,
    ...(active === undefined || active === name ? {} : { previous: active }),
    active: name,
  };
}

/** Reads, changes and writes the configuration file while nobody else does; the same object means no change. */
async function changeConfig(configFolder: string, change: (config: Config) => Config): Promise<void> {
  const path = configPath(configFolder);
  // A link, as in a folder of dotfiles, stays one; missing means that there is nothing to follow yet.
  const file = await realpath(path).catch(() => path);
  await withLock(file, async () => {
    const config = await readConfig(configFolder);
    const changed = change(config);
    if (changed !== config) await writePrivate(file, `${JSON.stringify(changed, null, 2)}\n`);
  });
}
