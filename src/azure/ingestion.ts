import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { AzureError } from "./azure-error.ts";
import type { RunCredential } from "./cached-credential.ts";
import type { Ingestion } from "./clouds.ts";
import type { RunOptions } from "./connect.ts";
import { requireAddress } from "./ingestion-address.ts";
import type { IngestionPlace, IngestionPort } from "./ingestion-ports.ts";
import { createPipeline, httpClientFor } from "./pipeline.ts";
import { errorFromResponse } from "./service-error.ts";
import type { SignInTarget } from "./sign-in-command.ts";
import { errorFromTransport } from "./transport-error.ts";

const API = "2023-01-01";
const LONGEST_TOLD = 300;
/** The only answer by which the service takes events. */
const ACCEPTED = 204;
const TOO_LATE = 408;

export interface IngestionOptions extends RunOptions, Ingestion {
  credential: RunCredential;
  signedInto: SignInTarget;
}

/** The ingestion address by plain requests: its client library does not tell what may have arrived twice. */
export function createIngestion(options: IngestionOptions): Pick<IngestionPort, "send"> {
  const httpClient = httpClientFor(options);
  const pipelines = new Map<string, Pipeline>();
  const pipelineFor = (host: string): Pipeline => {
    const pipeline = pipelines.get(host) ?? createSender(options, host);
    pipelines.set(host, pipeline);
    return pipeline;
  };
  return {
    async send(place, body) {
      const { origin, host } = requireAddress(place.endpoint, [options.suffix]);
      const request = createPipelineRequest({
        method: "POST",
        url: urlOf(origin, place),
        headers: createHttpHeaders({ "content-type": "application/json", "content-encoding": "gzip" }),
        body,
      });
      const watch = watchAnswers(httpClient);
      try {
        await pipelineFor(host).sendRequest(watch.client, request);
        return { mayBeTwice: watch.unanswered() > 0 };
      } catch (error) {
        // An earlier attempt may have arrived, whatever was said to the last one.
        if (error instanceof AzureError && watch.unanswered() > 0) throw error.asUncertain();
        throw error;
      }
    },
  };
}

function createSender(options: IngestionOptions, host: string): Pipeline {
  const pipeline = createPipeline({
    ...options,
    hosts: [host],
    // Sent again after a lost answer, too: a failure that is told twice is found, one that is not told is not.
    isRead: () => true,
  });
  pipeline.addPolicy(refusalPolicy());
  return pipeline;
}

function urlOf(origin: string, { ruleId, stream }: IngestionPlace): string {
  const path = `/dataCollectionRules/${encodeURIComponent(ruleId)}/streams/${encodeURIComponent(stream)}`;
  return `${origin}${path}?api-version=${API}`;
}

/** Counts attempts of which nobody knows whether they arrived. */
function watchAnswers(inner: HttpClient): { client: HttpClient; unanswered: () => number } {
  let unanswered = 0;
  const client: HttpClient = {
    async sendRequest(request) {
      try {
        const response = await inner.sendRequest(request);
        if (!isAnswer(response)) unanswered += 1;
        return response;
      } catch (cause) {
        if (errorFromTransport(cause, request).uncertain) unanswered += 1;
        throw cause;
      }
    },
  };
  return { client, unanswered: () => unanswered };
}

/** Whether it tells for certain what became of the events. */
function isAnswer({ status }: PipelineResponse): boolean {
  return status === ACCEPTED || (status >= 400 && status < 500 && status !== TOO_LATE);
}

function refusalPolicy(): PipelinePolicy {
  return {
    name: "azwiseIngestionRefusals",
    async sendRequest(request, next) {
      const response = await next(request);
      if (response.status !== ACCEPTED) throw refusalOf(response);
      return response;
    },
  };
}

function refusalOf(response: PipelineResponse): AzureError {
  const usual = errorFromResponse(response);
  const { status, headers } = response;
  const code = usual.code ?? headers.get("x-ms-error-code");
  const seen = {
    status,
    ...(code === undefined ? {} : { code }),
    ...(usual.requestId === undefined ? {} : { requestId: usual.requestId }),
  };
  const uncertain = !isAnswer(response);
  if (status < 400) {
    const message = `the ingestion address answered HTTP ${status}, which does not say that it took the events`;
    return new AzureError("failed", message, { ...seen, uncertain });
  }
  switch (status) {
    case 403:
      return new AzureError("auth", "this identity may not send events by this rule", {
        ...seen,
        hint: "ask for role Monitoring Metrics Publisher on the data collection rule itself; a new role may take 30 minutes to work",
        because: ["azure-wire/ingestion-needs-publisher"],
      });
    case 404:
      return new AzureError("usage", "there is no such data collection rule, or it has no such stream", {
        ...seen,
        hint: "check --rule and --stream, and that --endpoint is of the rule's own region",
      });
    case 413:
      return new AzureError("failed", "the batch is larger than the service takes", seen);
    case 429:
      return new AzureError("timeout", "the ingestion address is still throttling", {
        ...seen,
        hint: "try again later, or allow longer pauses with --timeout",
      });
    default:
      // It may repeat what it was sent.
      return new AzureError(usual.kind, `the ingestion address: ${usual.message.slice(0, LONGEST_TOLD)}`, {
        ...seen,
        uncertain,
        ...(usual.hint === undefined ? {} : { hint: usual.hint }),
      });
  }
}
