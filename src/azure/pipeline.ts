import {
  createDefaultHttpClient,
  createEmptyPipeline,
  decompressResponsePolicy,
  proxyPolicy,
  setClientRequestIdPolicy,
  userAgentPolicy,
  type HttpClient,
  type Pipeline,
} from "@azure/core-rest-pipeline";
import type { Env } from "../context.ts";
import {
  abortPolicy,
  allowHostsPolicy,
  answerTimeoutPolicy,
  errorPolicy,
  requestLogPolicy,
} from "./policies.ts";
import { requireUsableProxy } from "./proxy.ts";
import { signPolicy, type SignOptions } from "./sign-policy.ts";
import { throttlePolicy, type ThrottleOptions } from "./throttle.ts";

export interface PipelineOptions extends ThrottleOptions, SignOptions {
  hosts: readonly string[];
  signal: AbortSignal;
  log: (line: string) => void;
  /** Longer than usual, for a service that works on a question before it answers. */
  answerTimeoutMs?: number;
}

/** An answer that is not complete after this long counts as lost. */
export const ANSWER_TIMEOUT_MS = 100_000;

/** The one way out for every client: first added is outermost. Redirects are not followed, on purpose. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(abortPolicy(options.signal));
  pipeline.addPolicy(allowHostsPolicy(options.hosts));
  pipeline.addPolicy(errorPolicy());
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "azwise" }));
  pipeline.addPolicy(setClientRequestIdPolicy());
  pipeline.addPolicy(throttlePolicy(options), { phase: "Retry" });
  pipeline.addPolicy(signPolicy(options), { phase: "Sign" });
  pipeline.addPolicy(answerTimeoutPolicy(options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS), {
    afterPhase: "Sign",
  });
  pipeline.addPolicy(requestLogPolicy(options.log), { afterPhase: "Sign" });
  return pipeline;
}

export interface NetworkOptions {
  env: Env;
  /** Instead of the network: the sandbox, or a recording. */
  httpClient?: HttpClient | undefined;
}

/** What requests leave by. Throws AppError "usage" when that is the network, behind a proxy that cannot be used. */
export function httpClientFor({ env, httpClient }: NetworkOptions): HttpClient {
  if (httpClient) return httpClient;
  requireUsableProxy(env);
  return createDefaultHttpClient();
}

export type { HttpClient, Pipeline };
