import { access } from "node:fs/promises";
import type { TokenCredential } from "@azure/core-auth";
import { ClientCertificateCredential, ClientSecretCredential } from "@azure/identity";
import { AzureError } from "./azure-error.ts";
import { identityOptions, notSet, requireVariable, type CredentialRequest } from "./credential-request.ts";
import type { Heard } from "./sign-in.ts";

/** A service principal by its secret, or by its certificate when no secret is set. */
export async function createEnvironmentCredential(
  request: CredentialRequest,
  heard: Heard,
): Promise<TokenCredential> {
  const { env, tenantId } = request;
  const options = identityOptions(request, heard);
  const clientId = requireVariable(env, "AZURE_CLIENT_ID");
  const secret = env["AZURE_CLIENT_SECRET"];
  if (secret) return new ClientSecretCredential(tenantId, clientId, secret, options);
  const { AZURE_CLIENT_CERTIFICATE_PATH: certificatePath, AZURE_CLIENT_CERTIFICATE_PASSWORD: password } = env;
  if (!certificatePath) {
    throw notSet("AZURE_CLIENT_SECRET", "set it, or AZURE_CLIENT_CERTIFICATE_PATH, or use another --auth");
  }
  await requireReadable(certificatePath);
  const certificate = { certificatePath, ...(password ? { certificatePassword: password } : {}) };
  return new ClientCertificateCredential(tenantId, clientId, certificate, options);
}

async function requireReadable(path: string): Promise<void> {
  await access(path).catch((cause: NodeJS.ErrnoException) => {
    const hint = "check AZURE_CLIENT_CERTIFICATE_PATH";
    throw new AzureError("auth", `the certificate ${path} cannot be read (${cause.code})`, { hint, cause });
  });
}
