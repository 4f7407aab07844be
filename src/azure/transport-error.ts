import { AzureError } from "./azure-error.ts";

/** Nothing was sent: the name did not resolve or nobody listened. */
const NEVER_SENT = new Set(["ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_/;
/** The other end does not speak TLS, or none of our versions. */
const NOT_TLS = /^(EPROTO|ERR_SSL_)/;

/** Turns a failure to get any answer into an AzureError that says whether the request may have taken effect. */
export function errorFromTransport(cause: unknown, request: { method: string; url: string }): AzureError {
  const code = codeOf(cause);
  const { host } = new URL(request.url);
  const detail = { cause, ...(code === undefined ? {} : { code }) };
  const uncertain = request.method !== "GET";
  if (code !== undefined && CERTIFICATE.test(code)) {
    const hint = "if a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to its CA file";
    return new AzureError("failed", `the certificate of ${host} is not trusted`, { ...detail, hint });
  }
  if (code !== undefined && NOT_TLS.test(code)) {
    const hint = "check HTTPS_PROXY: a proxy that is spoken to without TLS has an http:// URL";
    return new AzureError("failed", `no TLS connection to ${host}`, { ...detail, hint, uncertain });
  }
  if (code !== undefined && NEVER_SENT.has(code)) {
    const hint = "check the network, HTTPS_PROXY and --cloud";
    return new AzureError("failed", `cannot reach ${host}`, { ...detail, hint });
  }
  return new AzureError("failed", `the answer of ${host} was lost`, { ...detail, uncertain });
}

/** True when sending the same request again cannot do harm and may help. */
export function isPassing(error: AzureError): boolean {
  const code = error.code ?? "";
  return !CERTIFICATE.test(code) && !NOT_TLS.test(code);
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}
