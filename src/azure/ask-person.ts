import { get } from "node:http";
import type { AuthenticationResult, PublicClientApplication } from "@azure/msal-node";
import { AzureError } from "./azure-error.ts";
import { openBrowser } from "./browser.ts";
import type { CredentialRequest } from "./credential-request.ts";

/** What a person is to sign in for. */
export interface Asked {
  scopes: string[];
  /** Decoded. */
  claims?: string;
}

type Answer = Promise<AuthenticationResult | null>;

/** As long as Entra keeps a device code. */
const BROWSER_TIMEOUT_MS = 15 * 60_000;

/** Shows a code, and waits until it was entered on some device. Ends with the run. */
export function askByDevice(app: PublicClientApplication, asked: Asked, request: CredentialRequest): Answer {
  const waiting = {
    ...asked,
    cancel: false,
    deviceCodeCallback({ verificationUri, userCode }: { verificationUri?: string; userCode?: string }) {
      // MSAL passes on what it was given, and would wait for a code that nobody knows.
      if (!verificationUri || !userCode) {
        const hint = "try again, or use --auth browser";
        throw new AzureError("failed", "Entra answered without a code to enter", { hint });
      }
      request.tell(`to sign in, open ${verificationUri} and enter the code ${userCode}`);
    },
  };
  return untilEnded(app.acquireTokenByDeviceCode(waiting), request.signal, () => {
    waiting.cancel = true;
  });
}

/** Opens a browser, and waits until it comes back to a port of this machine. Ends with the run. */
export function askByBrowser(app: PublicClientApplication, asked: Asked, request: CredentialRequest): Answer {
  const { env, signal, tell } = request;
  const hint = "use --auth device, which needs no browser on this machine";
  const own = new AbortController();
  let port = "";
  const answer = app.acquireTokenInteractive({
    ...asked,
    prompt: "select_account",
    successTemplate: "Signed in. This window can be closed.",
    errorTemplate: "Not signed in; the terminal says why. This window can be closed.",
    async openBrowser(url) {
      ({ port } = new URL(new URL(url).searchParams.get("redirect_uri") ?? ""));
      tell("to sign in, use the window that opens in the browser");
      openBrowser(url, env, () =>
        own.abort(new AzureError("auth", "no browser can be opened here", { hint })),
      );
    },
  });
  const late = setTimeout(() => {
    own.abort(new AzureError("timeout", "nobody signed in within 15 minutes", { hint }));
  }, BROWSER_TIMEOUT_MS);
  const ended = AbortSignal.any([signal, own.signal]);
  return untilEnded(answer, ended, () => stopListening(port)).finally(() => clearTimeout(late));
}

/** MSAL has no way to stop waiting for the browser, and would keep the process alive; a refusal ends it. */
function stopListening(port: string): void {
  if (port !== "") get({ host: "127.0.0.1", port, path: "/?error=access_denied" }).on("error", () => {});
}

function untilEnded<T>(work: Promise<T>, signal: AbortSignal, stop: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      stop();
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}
