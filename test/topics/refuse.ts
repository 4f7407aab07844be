import { createHttpHeaders, type PipelineRequest } from "@azure/core-rest-pipeline";
import type { Driver } from "../harness.ts";

/** Lets requests whose URL contains this text be refused. */
export function refuse({ open }: Pick<Driver, "open">, text: string, status: number): void {
  const code = status === 403 ? "AuthorizationFailed" : "BadRequest";
  const bodyAsText = JSON.stringify({ error: { code, message: "no" } });
  open.intercept(async (request: PipelineRequest, pass) =>
    request.url.includes(text)
      ? { request, status, headers: createHttpHeaders(), bodyAsText }
      : pass(request),
  );
}
