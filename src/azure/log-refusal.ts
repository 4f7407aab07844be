import type { PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import type { Json, JsonObject } from "../json.ts";
import { asObject } from "./arm.ts";
import { AzureError, type AzureErrorDetail } from "./azure-error.ts";
import { errorFromResponse } from "./service-error.ts";

/** Where in the text the service stopped, counted from one. */
export interface QueryPlace {
  line: number;
  column: number;
}

/** A text that the service does not take. */
export class LogQueryError extends AzureError {
  readonly reason: "syntax" | "semantic";
  readonly place: QueryPlace | undefined;
  /** The name that it does not know, and whether that stands where a table may. */
  readonly unknown: Refused["unknown"];

  constructor(message: string, detail: AzureErrorDetail, about: Omit<Refused, "message" | "code">) {
    super("usage", message, detail);
    this.name = "LogQueryError";
    this.reason = about.reason;
    this.place = about.place;
    this.unknown = about.unknown;
  }
}

interface Refused {
  reason: "syntax" | "semantic";
  code: string;
  message: string;
  place: QueryPlace | undefined;
  unknown: { name: string; mayBeTable: boolean } | undefined;
}

/** Turns what the log query service refuses into errors with their place: the SDK's own lose it. */
export function logRefusalPolicy(): PipelinePolicy {
  return {
    name: "azwiseLogRefusals",
    async sendRequest(request, next) {
      const response = await next(request);
      if (response.status >= 400) throw refusalOf(response);
      return response;
    },
  };
}

function refusalOf(response: PipelineResponse): AzureError {
  const usual = errorFromResponse(response);
  const { status } = response;
  const seen = { ...(usual.requestId === undefined ? {} : { requestId: usual.requestId }), status };
  if (status === 400) return queryErrorOf(response, seen) ?? usual;
  const code = usual.code === undefined ? {} : { code: usual.code };
  if (status === 403) {
    return new AzureError("auth", `this identity may not ask the workspace: ${usual.message}`, {
      ...seen,
      ...code,
      hint: "ask for Microsoft.OperationalInsights/workspaces/query/read, as in the role Log Analytics Reader; a new role takes up to an hour to be seen here",
    });
  }
  if (status === 404) {
    return new AzureError("usage", "there is no such workspace", {
      ...seen,
      ...code,
      hint: "check the GUID (the workspace's customer id), and --cloud",
    });
  }
  if (status === 429) {
    return new AzureError("timeout", "the log query service is still throttling", {
      ...seen,
      code: usual.code ?? "TooManyRequests",
      hint: "try again later; five questions of one identity at once is the most that it takes",
    });
  }
  if (status !== 504) return usual;
  return new AzureError("timeout", "the query took too long there, and was given up by the service", {
    ...seen,
    code: usual.code ?? "GatewayTimeout",
    hint: "ask about a smaller window with --since and --until, or filter earlier in the text",
  });
}

function queryErrorOf(response: PipelineResponse, seen: AzureErrorDetail): LogQueryError | undefined {
  const refused = readRefused(asObject(parse(response.bodyAsText ?? "")), textOf(response));
  if (!refused) return undefined;
  const { message, code, ...about } = refused;
  return new LogQueryError(message, { ...seen, code }, about);
}

/** Chains of innererror: SyntaxError leads to SYN…, SemanticError to SEM…. */
function readRefused(body: JsonObject, text: string): Refused | undefined {
  const chain: JsonObject[] = [];
  for (
    let each = asObject(body["error"]);
    Object.keys(each).length > 0;
    each = asObject(each["innererror"])
  ) {
    chain.push(each);
  }
  const codes = chain.map(({ code }) => String(code));
  const isSyntax = codes.includes("SyntaxError");
  const inner = chain.at(-1);
  if (!inner || (!isSyntax && !codes.includes("SemanticError"))) return undefined;
  const message = String(inner["message"] ?? "");
  return {
    reason: isSyntax ? "syntax" : "semantic",
    code: codes.at(-1) ?? "",
    message,
    place: placeOf(inner, message, text),
    unknown: unknownIn(message),
  };
}

function unknownIn(message: string): Refused["unknown"] {
  const [, what = "", name] = /Failed to resolve ([\w ]*?) ?named '([^']*)'/i.exec(message) ?? [];
  return name === undefined ? undefined : { name, mayBeTable: /table/i.test(what) };
}

/** The place is in members of its own, or in the message alone. */
function placeOf(inner: JsonObject, message: string, text: string): QueryPlace | undefined {
  const found = /line \[(\d+),(\d+)\]/.exec(message);
  const line = Number(inner["line"] ?? found?.[1] ?? 0);
  const position = Number(inner["pos"] ?? found?.[2] ?? -1);
  if (!(line > 0) || !(position >= 0)) return undefined;
  const token = typeof inner["token"] === "string" ? inner["token"] : "";
  return { line, column: columnOf(text.split(/\r?\n/)[line - 1] ?? "", { position, token }) };
}

/** Nothing says whether positions count from zero or from one; the token stands at one of both. */
function columnOf(line: string, { position, token }: { position: number; token: string }): number {
  const countsFromOne = token !== "" && position > 0 && line.startsWith(token, position - 1);
  return countsFromOne && !line.startsWith(token, position) ? position : position + 1;
}

function textOf({ request }: PipelineResponse): string {
  const sent = typeof request.body === "string" ? asObject(parse(request.body)) : {};
  return String(sent["query"] ?? "");
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // What is no JSON has no place to tell, and its status is reported.
    return undefined;
  }
}
