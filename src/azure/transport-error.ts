import { AzureError } from "./azure-error.ts";

/** Nothing was sent: the name did not resolve or nobody listened. */
const NEVER_SENT = new Set(["ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/;

/** Turns a failure to get any answer into an AzureError that says whether the request may have taken effect. */
export function errorFromTransport(cause: unknown, request: { method: string; url: string }): AzureError {
  const code = codeOf(cause);
  const { host } = new URL(request.url);
  const detail = { cause, ...(code === undefined ? {} : { code }) };
  if (code !== undefined && CERTIFICATE.test(code)) {
    const hint = "if a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to its CA file";
    return new AzureError("failed", `the certificate of ${host} is not trusted`, { ...detail, hint });
  }
  if (code !== undefined && NEVER_SENT.has(code)) {
    const hint = "check the network, HTTPS_PROXY and --cloud";
    return new AzureError("failed", `cannot reach ${host}`, { ...detail, hint });
  }
  const uncertain = request.method !== "GET";
  return new AzureError("failed", `the answer of ${host} was lost`, { ...detail, uncertain });
}

/** True when sending the same request again cannot do harm and may help. */
export function isPassing(error: AzureError): boolean {
  return !(error.code !== undefined && CERTIFICATE.test(error.code));
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}
