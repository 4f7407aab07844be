import type { FollowedRows } from "./output/follow.ts";
import type { View } from "./output/view.ts";
import type { NamedContext } from "./azure/contexts.ts";
import type { Ignored, LoginPort } from "./azure/login-ports.ts";
import type { NameSeen } from "./names/name-seen.ts";
import type { PlainRegistryPort } from "./azure/plain-registry.ts";
import type { Azure, Clock } from "./azure/ports.ts";

export type Env = Readonly<Record<string, string | undefined>>;

export interface Output {
  isTTY: boolean;
  /** Width in columns; undefined when unknown (a pipe). */
  columns: number | undefined;
  write(text: string): void;
  /** Resolves once what was written is taken, or at once; false when nobody reads any more. */
  drain(): Promise<boolean>;
}

export interface Input {
  isTTY: boolean;
  /** Everything up to end of file. */
  text(): Promise<string>;
  /** One line, after the prompt was shown; undefined at end of file. */
  line(): Promise<string | undefined>;
}

export type SignalListener = (signal: NodeJS.Signals) => void;

/** What the process offers; `bin` passes the real one, tests pass their own. */
export interface Host {
  env: Env;
  cwd: string;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  /** The folder that the machine's own configuration is below, and DNS servers to ask in place of its own. */
  machine: { root: string; nameServers?: readonly string[] };
  now(): Date;
  /** Calls back on each Ctrl-C or termination request; returns how to stop listening. */
  onInterrupt(listener: SignalListener): () => void;
  /** Calls back on each signal that asks for no end, such as SIGUSR1; returns how to stop listening. */
  onSignal(listener: SignalListener): () => void;
}

/** The folders azwise may write to; XDG with the usual defaults. */
export interface Folders {
  config: string;
  cache: string;
  state: string;
}

/** What a verb may touch. Passed as an argument, never stored. */
export interface Context {
  env: Env;
  cwd: string;
  /** The command line as typed, secrets removed. */
  command: string;
  folders: Folders;
  now(): Date;
  /** Aborted at the first Ctrl-C, unless the verb took the first one over with `onInterrupt`. */
  signal: AbortSignal;
  onInterrupt(listener: SignalListener): () => void;
  /** Takes over the signals that ask for no end, such as SIGUSR1, until the returned function is called. */
  onSignal(listener: SignalListener): () => void;
  /** Connects on first use: one cloud, one tenant, the given subscriptions; prints the target. */
  azure(): Promise<Azure>;
  /**
   * Sign-in as a topic of its own; nothing is sent before it is asked, and nothing is printed but a remark. As if --tenant and
   * --subscription had not been typed ("flags"), the folder were not pinned ("pin"), or the context had been typed.
   */
  login(as?: Ignored | NamedContext): Promise<LoginPort>;
  /** How this machine finds a host: files and, for some seconds, its DNS servers are asked. */
  names(host: string): Promise<NameSeen>;
  /** Registries outside of Azure, asked without target and sign-in. */
  plainRegistries(): Promise<{ data: PlainRegistryPort; clock: Clock }>;
  /** Ids or names given on standard input, one per line; empty when stdin is a terminal. */
  stdinLines(): Promise<string[]>;
  /**
   * Shows the view on stderr, then asks; stops with "declined" on no. With `--yes` nobody is asked.
   * Returns whether somebody was asked, so that time has passed since anything was read.
   */
  confirmOrStop(question: string, view: View): Promise<boolean>;
  /** Everything on standard input as it is; empty when stdin is a terminal. */
  stdinText(): Promise<string>;
  /**
   * Only with `-o ndjson`: writes lines of the result, and waits while the reader is slower; false when nobody reads any
   * more.
   */
  emit?: (lines: string) => Promise<boolean>;
  /**
   * Only for a verb that follows: writes rows in the format of the run, and waits while the reader is slower; false when
   * nobody reads any more.
   */
  follow?: (rows: FollowedRows) => Promise<boolean>;
  /** A line on stderr that is not part of the result. */
  say(text: string): void;
  /** A transient line on a terminal's stderr; nothing elsewhere. Undefined clears it. */
  progress(text: string | undefined): void;
  /** What --timeout says: how long one thing may be waited for. */
  timeoutMs: number;
  /** Most requests and steps under way at once. */
  concurrency: number;
  /** A person is in front of the terminal, or --yes stands in for one, so that a sign-in may ask. */
  attended: boolean;
  /** True when ids may be shown in full in pasteable output. */
  showIds: boolean;
}
