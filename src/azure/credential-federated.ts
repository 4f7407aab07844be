import type { TokenCredential } from "@azure/core-auth";
import { ClientAssertionCredential } from "@azure/identity";
import { askGitHub, askPipelines, readTokenFile, type AskAssertion } from "./assertion.ts";
import { AzureError } from "./azure-error.ts";
import { identityOptions, notSet, requireVariable, type CredentialRequest } from "./credential-request.ts";
import type { Heard } from "./sign-in.ts";

/**
 * A service principal whose application trusts the platform that this runs on: Kubernetes by a token file,
 * GitHub and Azure Pipelines by their own token service. The identity library's credentials for these read the
 * process's environment, keep a token file's content for minutes, and repeat answers in their errors; here each
 * sign-in asks for a new assertion, which goes to the authority and nowhere else.
 */
export function createFederatedCredential(request: CredentialRequest, heard: Heard): TokenCredential {
  const { env, kind, tenantId } = request;
  const clientId = requireVariable(
    env,
    kind === "pipelines" ? "AZURESUBSCRIPTION_CLIENT_ID" : "AZURE_CLIENT_ID",
  );
  const ask = kind === "pipelines" ? askPipelines(request, heard) : askForWorkload(request, heard);
  const report: AskAssertion = async () => {
    try {
      return await ask();
    } catch (error) {
      // MSAL keeps an error's words only.
      if (error instanceof AzureError) heard.failure = error;
      throw error;
    }
  };
  return new ClientAssertionCredential(tenantId, clientId, report, identityOptions(request, heard));
}

function askForWorkload(request: CredentialRequest, heard: Heard): AskAssertion {
  const { env } = request;
  const file = env["AZURE_FEDERATED_TOKEN_FILE"];
  if (file) return () => readTokenFile(file);
  if (env["ACTIONS_ID_TOKEN_REQUEST_URL"]) return askGitHub(request, heard);
  if (env["GITHUB_ACTIONS"]) {
    throw new AzureError("auth", "this GitHub job may not ask for an identity token", {
      hint: "give the job permissions: id-token: write",
      because: ["cicd-platform/federated-sign-in"],
    });
  }
  throw notSet("AZURE_FEDERATED_TOKEN_FILE");
}
