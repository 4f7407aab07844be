import type { Context, Host } from "./context.ts";
import { AppError } from "./errors.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { createHost } from "./host.ts";
import { redact } from "./output/redact.ts";
import { stripControl } from "./output/text.ts";
import { openSession } from "./session.ts";
import { DOCKER_USER, NOT_FOUND, tokenFor } from "./topics/acr/docker-token.ts";
import { version } from "./version.ts";

const NAME = "docker-credential-azwise";

/** What azwise takes when no flag is typed; Docker waits, so a registry that throttles is not waited for long. */
const GLOBALS: GlobalFlags = {
  output: undefined,
  query: undefined,
  cloud: undefined,
  tenant: undefined,
  subscriptions: [],
  auth: undefined,
  tokenCache: true,
  timeout: "60s",
  concurrency: undefined,
  yes: false,
  showIds: false,
  verbose: false,
  color: false,
};

/** One call of Docker's protocol for credential helpers. Returns the exit code: 0 or 1, as the protocol has no others. */
export async function dockerCredential(argv: readonly string[], host: Host): Promise<number> {
  const [word = "", ...rest] = argv;
  const { stdout, stderr, stdin } = host;
  if (rest.length === 0 && word === "get") return get(host);
  if (rest.length === 0 && (word === "store" || word === "erase")) {
    // Read, as whoever calls may not expect a closed pipe, and dropped.
    await stdin.text();
    stderr.write(`${NAME}: ${word} does nothing: a token is made each time, and none is kept\n`);
    return 0;
  }
  if (rest.length === 0 && word === "list") {
    stdout.write("{}\n");
    return 0;
  }
  if (["version", "--version"].includes(word)) {
    stdout.write(`${NAME} ${version}\n`);
    return 0;
  }
  stderr.write(`usage: ${NAME} get|list|store|erase|version; Docker calls it, see azwise acr login --help\n`);
  return 1;
}

async function get(host: Host): Promise<number> {
  const { stdout } = host;
  // Docker shows what is on stdout, and passes stderr on; the target is no news at each pull.
  const quiet = {
    ...host,
    stderr: { isTTY: false, columns: undefined, write: () => {}, drain: async () => true },
  };
  try {
    const server = (await host.stdin.text()).trim();
    if (server === "") throw new AppError("usage", "no server URL on standard input");
    const token = await withContext(quiet, (ctx) => tokenFor(server, ctx));
    if (token === undefined) {
      stdout.write(`${NOT_FOUND}\n`);
      return 1;
    }
    stdout.write(`${JSON.stringify({ ServerURL: server, Username: DOCKER_USER, Secret: token })}\n`);
    return 0;
  } catch (error) {
    stdout.write(`${redact(stripControl(`azwise: ${reasonOf(error)}`))}\n`);
    return 1;
  }
}

async function withContext<T>(host: Host, work: (ctx: Context) => Promise<T>): Promise<T> {
  const { context, close } = openSession({
    host,
    globals: GLOBALS,
    mayAsk: false,
    command: NAME,
    preview: async () => "",
  });
  try {
    return await work(context);
  } finally {
    close();
  }
}

/** One line: what is wrong, and what to type. */
function reasonOf(error: unknown): string {
  if (!(error instanceof AppError)) return error instanceof Error ? error.message : String(error);
  const { message, code, hint } = error;
  const suffix = code === undefined || message.includes(code) ? "" : ` (${code})`;
  return `${message}${suffix}${hint === undefined ? "" : `; ${hint}`}`;
}

/** The process as a Host; called by bin only. */
export async function start(process: NodeJS.Process): Promise<number> {
  try {
    return await dockerCredential(process.argv.slice(2), createHost(process));
  } finally {
    // A read that was given up must not keep the process alive.
    process.stdin.destroy();
  }
}
