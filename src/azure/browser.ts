import { spawn } from "node:child_process";
import { platform } from "node:os";
import type { Env } from "../context.ts";

/** What opens a URL in the person's browser. */
const OPENERS: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens a URL, and does not wait for the browser to end; `onFailure` hears when there is none to open it. */
export function openBrowser(url: string, env: Env, onFailure: () => void): void {
  const [command, ...args] = OPENERS[platform()] ?? ["xdg-open"];
  const child = spawn(command, [...args, url], {
    env: env as NodeJS.ProcessEnv,
    stdio: "ignore",
    detached: true,
  });
  child.once("error", onFailure);
  child.once("exit", (code) => {
    if (code !== 0 && code !== null) onFailure();
  });
  child.unref();
}
