import type { QueryError } from "../../kql/syntax.ts";
import { Refusal } from "../http.ts";

interface LogError {
  code: string;
  message: string;
  line?: number;
  pos?: number;
  token?: string;
}

/** An error in the envelope of the query address: chains of `innererror`, the outermost first. */
export function refuseLogs(status: number, ...chain: [LogError, ...LogError[]]): Refusal {
  const correlationId = crypto.randomUUID();
  const [first, ...rest] = chain;
  const inner = rest.reduceRight<object | undefined>(
    (innererror, each) => ({ ...each, ...(innererror ? { innererror } : {}) }),
    undefined,
  );
  const error = { ...first, correlationId, ...(inner ? { innererror: inner } : {}) };
  return new Refusal({ status, body: { error } });
}

const BAD: LogError = { code: "BadArgumentError", message: "The request had some invalid properties" };

export function refuseBody(message: string): Refusal {
  return refuseLogs(400, { ...BAD, message });
}

export function refuseSyntax({ place }: Pick<QueryError, "place">): Refusal {
  const { line, column, text: token } = place;
  const pos = column - 1;
  const message = `Query could not be parsed at '${token}' on line [${line},${pos}]`;
  return refuseLogs(
    400,
    BAD,
    { code: "SyntaxError", message: "A recognition error occurred in the query." },
    { code: "SYN0002", message, line, pos, token },
  );
}

const SEMANTIC: LogError = { code: "SemanticError", message: "A semantic error occurred." };

/** Semantic errors come without a place. What only the interpreter refuses says so. */
export function refuseMeaning({ message, place }: QueryError): Refusal {
  const [, kind, name] = /^there is no (table|column) '([^']*)'$/.exec(message) ?? [];
  if (kind === undefined) {
    const code = "SandboxCannotRun";
    const told = `The sandbox cannot run this: ${message} (line ${place.line}, column ${place.column})`;
    return refuseLogs(400, BAD, SEMANTIC, { code, message: told });
  }
  const what = kind === "table" ? "table or column expression" : "scalar expression";
  return refuseLogs(400, BAD, SEMANTIC, {
    code: "SEM0100",
    message: `Failed to resolve ${what} named '${name}'`,
  });
}

/** What stands beside the rows of an answer that is not all. */
export function partialError(message: string): object {
  const innererror = { code: "-2133196797", message, severity: 2, severityName: "Error" };
  const detail = {
    code: "EngineError",
    message: "Something went wrong processing your query on the server.",
  };
  return {
    code: "PartialError",
    message: "There were some errors when processing your query.",
    details: [{ ...detail, innererror }],
  };
}
