import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** What none of azwise's output, files and logs may hold, whatever was asked for. */
const SECRETS: readonly { name: string; pattern: RegExp }[] = [
  { name: "a token", pattern: /(?<![A-Za-z0-9])eyJ[\w-]*\.[\w-]+\.[\w-]*/ },
  { name: "a client secret", pattern: /sandbox-secret-not-real/ },
  // What docker logs in with, as its file has it: the user name of ACR and the beginning of a token, in base64.
  { name: "Docker's credentials", pattern: /MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOmV5/ },
  { name: "a sign-in ticket", pattern: /sandbox-(?:refresh|device|code)-[\w-]{8}/ },
  { name: "a signed URL", pattern: /(?:[?&]|&amp;|\\u0026)(?:t=\d{15}|[csh]=[\w-]{20})/ },
];

/** Folder of a test's home for what the test itself provides: a scripted az, a federated token. Not searched. */
export const GIVEN = "given";

const TOKEN_FILE = /(^|\/)azwise\/tokens\/[0-9a-f]{64}\.json$/;
/** Where Docker itself keeps credentials, when no helper does. */
const DOCKER_FILE = /(^|\/)\.docker\/config\.json$/;
const WORLD_FILE = /(^|\/)azwise\/sandbox\/world\.json$/;

const SECRET_VARIABLE = /SECRET|PASSWORD|ACCESSTOKEN|REQUEST_TOKEN$/;

/** Values of an environment that must not be found anywhere afterwards; short ones could be part of any word. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  const values = Object.entries(env).map(([name, value = ""]) => (SECRET_VARIABLE.test(name) ? value : ""));
  return values.filter((value) => value.length >= 8);
}

export interface Written {
  /** Home of the commands under test. */
  folder: string;
  /** Everything they printed. */
  printed: string;
  /** Secrets of this test that cannot be told by their looks. */
  known?: readonly string[];
}

/** Throws when a secret was printed or is in a file where it does not belong; the error does not repeat it. */
export function refuseSecrets({ folder, printed, known = [] }: Written): void {
  const found = [
    ...secretsIn(printed, known).map((name) => `${name} was printed`),
    ...filesBelow(folder).flatMap((file) => secretsAt(folder, file, known)),
  ];
  if (found.length > 0) throw new Error(`secrets got out: ${found.join("; ")}`);
}

/** What the text holds that it must not. */
export function secretsIn(text: string, known: readonly string[] = []): string[] {
  const seen = SECRETS.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
  return known.some((secret) => text.includes(secret)) ? [...seen, "a secret of this test"] : seen;
}

function secretsAt(folder: string, file: string, known: readonly string[]): string[] {
  const path = join(folder, file);
  if (WORLD_FILE.test(file)) return [];
  const names = secretsIn(file, known).map((name) => `${name} is in a file's name`);
  if (!TOKEN_FILE.test(file) && !DOCKER_FILE.test(file)) {
    const text = readFileSync(path, "latin1");
    return [...names, ...secretsIn(text, known).map((name) => `${name} is in ${file}`)];
  }
  const mode = statSync(path).mode & 0o777;
  // Windows has no such modes.
  if (mode !== 0o600 && process.platform !== "win32") names.push(`${file} has mode ${mode.toString(8)}`);
  return names;
}

/** Relative to the folder, with slashes; links are not followed. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((file) => !file.startsWith(`${GIVEN}/`));
}
