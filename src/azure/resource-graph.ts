import type { HttpClient, Pipeline } from "@azure/core-rest-pipeline";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { JsonObject } from "../json.ts";
import { AzureError } from "./azure-error.ts";
import type { GraphPage, GraphPort } from "./ports.ts";

export interface GraphConnection {
  pipeline: Pipeline;
  httpClient: HttpClient;
  endpoint: string;
}

const PATH = "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01";
/** The service's own upper limit for one page. */
const PAGE_SIZE = 1000;

interface Answer {
  data?: unknown;
  totalRecords?: unknown;
  resultTruncated?: unknown;
  $skipToken?: unknown;
}

/** Resource Graph by hand-made requests: its client library is of the old generation and shares no pipeline. */
export function createGraph(connection: GraphConnection): GraphPort {
  return {
    async *query(kql, subscriptionIds) {
      let skipToken: string | undefined;
      do {
        const options = {
          resultFormat: "objectArray",
          $top: PAGE_SIZE,
          ...(skipToken === undefined ? {} : { $skipToken: skipToken }),
        };
        const answer = await ask(connection, { subscriptions: [...subscriptionIds], query: kql, options });
        skipToken = tokenOf(answer);
        yield toPage(answer, skipToken);
      } while (skipToken !== undefined);
    },
  };
}

function tokenOf({ $skipToken: token }: Answer): string | undefined {
  return typeof token === "string" && token !== "" ? token : undefined;
}

async function ask(connection: GraphConnection, body: JsonObject): Promise<Answer> {
  const request = createPipelineRequest({
    method: "POST",
    url: connection.endpoint + PATH,
    headers: createHttpHeaders({ accept: "application/json", "content-type": "application/json" }),
    body: JSON.stringify(body),
  });
  const response = await connection.pipeline.sendRequest(connection.httpClient, request);
  try {
    return JSON.parse(response.bodyAsText ?? "") as Answer;
  } catch (cause) {
    throw new AzureError("failed", "Resource Graph answered something that is not JSON", { cause });
  }
}

function toPage(answer: Answer, skipToken: string | undefined): GraphPage {
  const truncated = answer.resultTruncated === "true" || answer.resultTruncated === true;
  return {
    rows: Array.isArray(answer.data) ? (answer.data as JsonObject[]) : [],
    total: typeof answer.totalRecords === "number" ? answer.totalRecords : undefined,
    truncated: truncated && skipToken === undefined,
  };
}
