import { parse } from "node:path";
import type { Host, Input, Output, SignalListener } from "./context.ts";
import { decodeText, notText } from "./decode-text.ts";

/** The real process as a Host. */
export function createHost(process: NodeJS.Process): Host {
  surviveLostReaders(process);
  return {
    env: process.env,
    cwd: process.cwd(),
    stdin: createInput(process),
    stdout: createOutput(process.stdout),
    stderr: createOutput(process.stderr),
    machine: { root: parse(process.execPath).root },
    now: () => new Date(),
    onInterrupt: (listener) => listen(process, STOP_SIGNALS, listener),
    onSignal: (listener) => listen(process, OTHER_SIGNALS, listener),
  };
}

/** SIGHUP too: a dropped session must not leave a VM stopped. SIGQUIT too: it must not leave a sign-in behind. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/** What programs give a meaning of their own; SIGUSR1 would open Node's debugger. */
const OTHER_SIGNALS = ["SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCONT", "SIGWINCH"] as const;

function listen(
  process: NodeJS.Process,
  signals: readonly NodeJS.Signals[],
  listener: SignalListener,
): () => void {
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

const NOBODY_READS = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED"]);

/**
 * `azwise … | head` closes a pipe early and a lost session its terminal; neither may end a run that is
 * changing things. A result that cannot be stored is an error, but only once everything is done.
 */
function surviveLostReaders(process: NodeJS.Process): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== undefined && NOBODY_READS.has(code)) return;
    process.stderr.write(`error: cannot write the result: ${message}\n`);
    process.once("exit", () => void (process.exitCode = 1));
  });
}

function createOutput(stream: NodeJS.WriteStream): Output {
  return {
    isTTY: stream.isTTY === true,
    // Some pseudo-terminals say 0 when they do not know.
    columns: stream.isTTY === true && stream.columns > 0 ? stream.columns : undefined,
    write: (text) => void stream.write(text),
    drain: () => drain(stream),
  };
}

async function drain(stream: NodeJS.WriteStream): Promise<boolean> {
  if (stream.writableNeedDrain && !stream.destroyed) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        for (const event of ["drain", "close", "error"]) stream.off(event, done);
        resolve();
      };
      for (const event of ["drain", "close", "error"]) stream.on(event, done);
    });
  }
  return !stream.destroyed && stream.writable;
}

function createInput({ stdin }: NodeJS.Process): Input {
  return {
    isTTY: stdin.isTTY === true,
    async text() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Buffer);
      const text = decodeText(Buffer.concat(chunks));
      if (text === undefined) throw notText("standard input");
      return text;
    },
    async line() {
      // Loaded here because hardly any run asks.
      const { createInterface } = await import("node:readline/promises");
      const reader = createInterface({ input: stdin });
      try {
        for await (const line of reader) return line;
        return undefined;
      } finally {
        reader.close();
      }
    },
  };
}
