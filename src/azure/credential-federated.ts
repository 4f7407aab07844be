import type { TokenCredential } from "@azure/core-auth";
import { ClientAssertionCredential } from "@azure/identity";
import {
  askGitHub,
  askPipelines,
  GRANT_ID_TOKEN,
  readAssertionFile,
  type AskAssertion,
} from "./assertion.ts";
import { AzureError } from "./azure-error.ts";
import { identityOptions, notSet, requireVariable, type CredentialRequest } from "./credential-request.ts";
import type { Heard } from "./sign-in.ts";

/**
 * A service principal whose application trusts the platform that this runs on: Kubernetes by a token file,
 * GitHub and Azure Pipelines by their own token service. The identity library's credentials for these read the
 * process's environment, keep a token file's content for minutes, and repeat answers in their errors; here each
 * sign-in asks for a new assertion, and each host sees only what is meant for it.
 */
export function createFederatedCredential(request: CredentialRequest, heard: Heard): TokenCredential {
  const { env, kind, tenantId } = request;
  const clientId = requireVariable(
    env,
    kind === "pipelines" ? "AZURESUBSCRIPTION_CLIENT_ID" : "AZURE_CLIENT_ID",
  );
  const ask = assertionOf(request, heard);
  let assertion: Promise<string> | undefined;
  // MSAL wants it twice for one token, and keeps an error's words only.
  const askOnce: AskAssertion = () => (assertion ??= report(ask, heard));
  const inner = new ClientAssertionCredential(tenantId, clientId, askOnce, identityOptions(request, heard));
  return {
    getToken(scopes, options) {
      assertion = undefined;
      return inner.getToken(scopes, options);
    },
  };
}

async function report(ask: AskAssertion, heard: Heard): Promise<string> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AzureError) heard.failure = error;
    throw error;
  }
}

/** A new assertion, to sign in another tool with. Throws AzureError "auth" where the platform gives none. */
export async function askAssertion(request: CredentialRequest): Promise<string> {
  const heard: Heard = {};
  try {
    return await assertionOf(request, heard)();
  } catch (error) {
    throw heard.failure ?? error;
  }
}

function assertionOf(request: CredentialRequest, heard: Heard): AskAssertion {
  return request.kind === "pipelines" ? askPipelines(request, heard) : askForWorkload(request, heard);
}

function askForWorkload(request: CredentialRequest, heard: Heard): AskAssertion {
  const { env } = request;
  const file = env["AZURE_FEDERATED_TOKEN_FILE"];
  if (file) return () => readAssertionFile(file);
  if (env["ACTIONS_ID_TOKEN_REQUEST_URL"]) return askGitHub(request, heard);
  if (env["GITHUB_ACTIONS"]) {
    throw new AzureError("auth", "this GitHub job may not ask for an identity token", {
      hint: GRANT_ID_TOKEN,
      because: ["cicd-platform/federated-sign-in"],
    });
  }
  throw notSet("AZURE_FEDERATED_TOKEN_FILE");
}
