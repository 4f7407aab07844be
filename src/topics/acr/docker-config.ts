import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import * as z from "zod";
import type { Env } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { hostOfServer } from "./docker-host.ts";
import { readObject, startOf } from "./json-text.ts";

/** What Docker's configuration says of credentials, without any of them. */
export interface DockerConfig {
  /** Where the file is, or would be. */
  path: string;
  /** Hosts, as Docker compares them, whose credentials are in the file itself. */
  inFile: string[];
  /** The helper of every host that has none of its own. */
  credsStore: string | undefined;
  /** Helpers of their own, by host. */
  credHelpers: Record<string, string>;
}

/** Where Docker looks for the credentials of a host; whether a helper has any only it can tell. */
export type Keeper = { kind: "helper"; name: string } | { kind: "file" } | { kind: "none" };

/** The name becomes part of a program's. */
const HelperName = z.string().regex(/^[\w.-]*$/);
const Text = z.string().nullish();
const DockerEntry = z
  .looseObject({ auth: Text, password: Text, identitytoken: Text, registrytoken: Text })
  .nullable();
export type DockerEntry = z.infer<typeof DockerEntry>;

/** A file as Docker writes it; what it holds besides is not looked at. */
const DockerFile = z.looseObject({
  auths: z.record(z.string(), DockerEntry).nullish(),
  credsStore: HelperName.nullish(),
  credHelpers: z.record(z.string(), HelperName).nullish(),
});
type DockerFile = z.infer<typeof DockerFile>;

/** `config.json` in DOCKER_CONFIG, or in .docker of the home folder. Throws AppError "usage" when there is neither. */
function dockerFileOf(env: Env, cwd: string): string {
  const folder = env["DOCKER_CONFIG"];
  if (folder) return join(resolve(cwd, folder), "config.json");
  const home = [env["HOME"], env["USERPROFILE"], homedir()].find(
    (each) => each !== undefined && isAbsolute(each),
  );
  if (home !== undefined) return join(home, ".docker", "config.json");
  throw new AppError("usage", "there is no home folder", { hint: "set HOME or DOCKER_CONFIG" });
}

/**
 * Reads Docker's configuration; one that is not there says nothing of any host. Throws AppError "usage" for what
 * is no such file.
 */
export async function readDockerConfig({ env, cwd }: { env: Env; cwd: string }): Promise<DockerConfig> {
  const path = dockerFileOf(env, cwd);
  const text = await readDockerText(path);
  const { auths, credsStore, credHelpers } = text === undefined ? {} : parseDockerFile(path, text);
  const entries = Object.entries(auths ?? {}).filter(([, entry]) => hasSecret(entry));
  return {
    path,
    inFile: [...new Set(entries.map(([key]) => hostOfServer(key)))],
    credsStore: credsStore || undefined,
    credHelpers: credHelpers ?? {},
  };
}

/** As Docker does: the host's own helper, then the one of all, then the file. An own one without a name is the file. */
export function keeperOf({ inFile, credsStore, credHelpers }: DockerConfig, host: string): Keeper {
  const name = Object.hasOwn(credHelpers, host) ? credHelpers[host] : credsStore;
  if (name) return { kind: "helper", name };
  return { kind: inFile.includes(host) ? "file" : "none" };
}

/** The text, which may hold secrets; undefined when there is no file. Links are followed. Throws AppError "usage". */
export async function readDockerText(path: string): Promise<string | undefined> {
  try {
    // Without waiting for a writer, should there be a pipe.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      if (!(await handle.stat()).isFile()) throw unusable(path, "is no file");
      return decode(await handle.readFile(), path);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw unusable(path, `cannot be read (${code ?? "unknown"})`);
  }
}

/** Keeps a byte order mark, which Docker does not take for JSON either. */
function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unusable(path, "is not UTF-8 text");
  }
}

/** The parser's own message is left out: it quotes the file. */
export function parseDockerFile(path: string, text: string): DockerFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unusable(path, "is not JSON");
  }
  const { data, error } = DockerFile.safeParse(value);
  if (data) {
    const wrong = repeatedKey(text);
    if (wrong === undefined) return data;
    throw unusable(path, `has ${wrong} twice or in other letters, which Docker takes for one`);
  }
  const [key] = error.issues[0]?.path ?? [];
  throw unusable(path, `is not as Docker writes it${key === undefined ? "" : ` (${String(key)})`}`);
}

/** What Docker would put together from several places; capitals and small letters are the same to it. */
function repeatedKey(text: string): string | undefined {
  const keys = readObject(text, startOf(text)).members.map(({ key }) => key);
  return Object.keys(DockerFile.shape).find((name) => {
    const same = keys.filter((key) => key.toUpperCase() === name.toUpperCase());
    return same.length > 1 || same.some((key) => key !== name);
  });
}

/** Where a helper keeps them, Docker leaves an empty entry. */
export function hasSecret(entry: DockerEntry | undefined): boolean {
  const { auth, password, identitytoken, registrytoken } = entry ?? {};
  return [auth, password, identitytoken, registrytoken].some((each) => each);
}

function unusable(path: string, what: string): AppError {
  return new AppError("usage", `Docker's configuration ${path} ${what}; nothing was changed`, {
    hint: "mend or remove it, or set DOCKER_CONFIG to another folder",
  });
}
