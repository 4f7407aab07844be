import type { Host, Input, Output } from "./context.ts";

/** The real process as a Host. */
export function createHost(process: NodeJS.Process): Host {
  closeQuietly(process);
  return {
    env: process.env,
    cwd: process.cwd(),
    stdin: createInput(process),
    stdout: createOutput(process.stdout),
    stderr: createOutput(process.stderr),
    now: () => new Date(),
    onInterrupt(listener) {
      process.on("SIGINT", listener);
      process.on("SIGTERM", listener);
      return () => {
        process.off("SIGINT", listener);
        process.off("SIGTERM", listener);
      };
    },
  };
}

/** `azwise … | head` closes the pipe early; that is the reader's right, not an error. */
function closeQuietly(process: NodeJS.Process): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}

function createOutput(stream: NodeJS.WriteStream): Output {
  return {
    isTTY: stream.isTTY === true,
    // Some pseudo-terminals say 0 when they do not know.
    columns: stream.isTTY === true && stream.columns > 0 ? stream.columns : undefined,
    write: (text) => void stream.write(text),
  };
}

function createInput({ stdin }: NodeJS.Process): Input {
  return {
    isTTY: stdin.isTTY === true,
    async text() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString("utf8");
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
