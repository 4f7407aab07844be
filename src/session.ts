import type { LoginPort } from "./azure/login-ports.ts";
import type { Opened, OpenOptions } from "./azure/open.ts";
import type { Azure, Target } from "./azure/ports.ts";
import type { Context, Folders, Host, SignalListener } from "./context.ts";
import { AppError } from "./errors.ts";
import { findFolders } from "./folders.ts";
import type { NameSeen } from "./names/name-seen.ts";
import { parseConcurrency, parseTimeout, type GlobalFlags } from "./global-flags.ts";
import { renderFollowed, type FollowedRows } from "./output/follow.ts";
import type { Format } from "./output/format.ts";
import { createProgress } from "./output/progress.ts";
import { redact } from "./output/redact.ts";
import { stripControl } from "./output/text.ts";
import type { View } from "./output/view.ts";

export interface SessionOptions {
  host: Host;
  globals: GlobalFlags;
  /** Whether a person can answer a question in this run. */
  mayAsk: boolean;
  command: string;
  /** The verb writes its result itself, line by line. */
  streams?: boolean;
  /** The verb goes on, and its rows are written as this. */
  follows?: Format | undefined;
  /** A view as a person is to see it before answering a question. */
  preview: (view: View) => Promise<string>;
}

/** One run: its Context, and what has to be put away afterwards. */
export interface Session {
  context: Context;
  /** The target, once connected. */
  target(): Target | undefined;
  close(): void;
}

export function openSession(options: SessionOptions): Session {
  const { host, globals, command } = options;
  const timeoutMs = parseTimeout(globals.timeout);
  const concurrency = parseConcurrency(globals.concurrency);
  const interrupts = watchInterrupts(host);
  const progress = createProgress(host.stderr);
  const folders = findFolders(host.env);
  const say = (text: string): void => {
    progress(undefined);
    host.stderr.write(`${redact(stripControl(text))}\n`);
  };
  const place = { host, globals, folders, timeoutMs, signal: interrupts.signal, say: once(say), progress };
  let opening: Promise<Opened> | undefined;
  let opened: Opened | undefined;
  const connect = async (): Promise<Azure> => {
    opening ??= openTarget(place);
    opened = await opening;
    return opened.azure;
  };
  const logins = new Map<Parameters<Context["login"]>[0], Promise<LoginPort>>();
  const login: Context["login"] = async (as) => {
    const lookUp = typeof as === "object" ? { named: as } : { ignoring: as };
    const opening =
      logins.get(as) ??
      import("./azure/open.ts").then(({ openLogin }) => openLogin({ ...openOptions(place), ...lookUp }));
    logins.set(as, opening);
    return opening;
  };
  const context: Context = {
    env: host.env,
    cwd: host.cwd,
    command: redact(command),
    folders,
    now: () => host.now(),
    signal: interrupts.signal,
    onInterrupt: interrupts.listen,
    onSignal: (listener) => host.onSignal(listener),
    azure: connect,
    login,
    names: (name) => readNames(name, place),
    plainRegistries: async () => (await import("./azure/open.ts")).openPlainRegistries(openOptions(place)),
    ...streamsOf(options, interrupts.signal, progress),
    confirmOrStop: (question, view) =>
      confirmOrStop(question, view, { ...options, signal: interrupts.signal }),
    say,
    progress,
    timeoutMs,
    concurrency,
    attended: options.mayAsk || globals.yes,
    showIds: globals.showIds,
  };
  return {
    context,
    target: () => opened?.azure.target,
    close() {
      interrupts.off();
      progress(undefined);
    },
  };
}

async function readNames(name: string, { host, signal }: Opening): Promise<NameSeen> {
  const { root, nameServers: servers } = host.machine;
  return (await import("./names/read-names.ts")).readNames(name, { root, servers, signal });
}

/** Two connections of one run have the same to remark. */
function once(say: (text: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) say(text);
    said.add(text);
  };
}

interface Opening {
  host: Host;
  globals: GlobalFlags;
  folders: Folders;
  timeoutMs: number;
  signal: AbortSignal;
  say: (text: string) => void;
  progress: (text: string | undefined) => void;
}

function openOptions({ host, globals, folders, timeoutMs, signal, say, progress }: Opening): OpenOptions {
  return {
    flags: globals,
    env: host.env,
    cwd: host.cwd,
    folders,
    now: () => host.now(),
    timeoutMs,
    signal,
    log: globals.verbose ? say : () => {},
    onWait: progress,
    say,
    tokenCache: globals.tokenCache && !host.env["AZWISE_NO_TOKEN_CACHE"],
  };
}

async function openTarget(place: Opening): Promise<Opened> {
  const { openAzure } = await import("./azure/open.ts");
  const { say, progress } = place;
  progress("signing in");
  const opened = await openAzure(openOptions(place));
  say(opened.line);
  return opened;
}

interface Interrupts {
  signal: AbortSignal;
  listen(listener: SignalListener): () => void;
  off(): void;
}

/** A verb that is changing things hears the first interrupt itself; the next one aborts everything. */
function watchInterrupts(host: Host): Interrupts {
  const controller = new AbortController();
  const listeners = new Set<SignalListener>();
  const off = host.onInterrupt((signal) => {
    if (listeners.size === 0) return controller.abort();
    const first = [...listeners];
    listeners.clear();
    for (const listener of first) listener(signal);
  });
  return {
    signal: controller.signal,
    off,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A person's input has no end of its own, so an interrupt ends the wait for it. */
async function unlessInterrupted<T>(input: Promise<T>, signal: AbortSignal): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new AppError("interrupted", "interrupted; nothing was changed"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([input, interrupted]);
}

async function emit(
  { stdout }: Host,
  lines: string,
  progress: (text: string | undefined) => void,
): Promise<boolean> {
  if (stdout.isTTY) progress(undefined);
  stdout.write(lines);
  return stdout.drain();
}

type Streams = Pick<Context, "stdinText" | "stdinLines" | "emit" | "follow">;

function streamsOf(
  { host, streams, follows }: SessionOptions,
  signal: AbortSignal,
  progress: (text: string | undefined) => void,
): Streams {
  return {
    stdinText: async () => (host.stdin.isTTY ? "" : unlessInterrupted(host.stdin.text(), signal)),
    stdinLines: () => readLines(host, signal),
    ...(streams ? { emit: (lines: string) => emit(host, lines, progress) } : {}),
    ...(follows === undefined
      ? {}
      : { follow: (rows: FollowedRows) => emit(host, renderFollowed(rows, follows), progress) }),
  };
}

async function readLines(host: Host, signal: AbortSignal): Promise<string[]> {
  if (host.stdin.isTTY) return [];
  const text = await unlessInterrupted(host.stdin.text(), signal);
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

async function confirmOrStop(
  question: string,
  view: View,
  options: SessionOptions & { signal: AbortSignal },
): Promise<boolean> {
  const { host, globals, mayAsk, preview, signal } = options;
  if (globals.yes) return false;
  if (!mayAsk) throw new AppError("usage", "nobody can be asked here", { hint: "add --yes" });
  host.stderr.write(await preview(view));
  host.stderr.write(`${stripControl(question)} [y/N] `);
  const answer = await unlessInterrupted(host.stdin.line(), signal);
  if (/^y(es)?$/i.test(answer?.trim() ?? "")) return true;
  throw new AppError("declined", "declined; nothing was changed");
}
