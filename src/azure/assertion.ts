import { readFile } from "node:fs/promises";
import { createHttpHeaders, createPipelineRequest, type PipelineRequest } from "@azure/core-rest-pipeline";
import { AzureError } from "./azure-error.ts";
import { federatedAudience } from "./clouds.ts";
import { requireVariable, type CredentialRequest } from "./credential-request.ts";
import { createSignInPipeline, type Heard } from "./sign-in.ts";

/** Gets a token by which a platform vouches for what runs on it. */
export type AskAssertion = () => Promise<string>;

/** How a GitHub job comes to a token of its own (cicd-platform/federated-sign-in). */
export const GRANT_ID_TOKEN = 'grant the job id-token write under "permissions" in its workflow';

/** Kubernetes replaces the file's content before it ends, so it is read for every sign-in. */
export async function readAssertionFile(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw fileError(`cannot be read (${cause.code})`, path, cause);
  });
  if (text.trim() === "") throw fileError("is empty", path);
  return text.trim();
}

function fileError(problem: string, path: string, cause?: unknown): AzureError {
  const hint = "check AZURE_FEDERATED_TOKEN_FILE";
  return new AzureError("auth", `the federated token file ${path} ${problem}`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** GitHub's token service, which must be told the audience of the cloud. */
export function askGitHub(request: CredentialRequest, heard: Heard): AskAssertion {
  const { env, cloud } = request;
  const url = readUrl(env, "ACTIONS_ID_TOKEN_REQUEST_URL");
  const bearer = requireVariable(env, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  url.searchParams.set("audience", federatedAudience(cloud));
  const headers = createHttpHeaders({ accept: "application/json", authorization: `Bearer ${bearer}` });
  const hint = GRANT_ID_TOKEN;
  return () =>
    ask(
      { request, heard, hint, field: "value" },
      createPipelineRequest({ method: "GET", url: url.href, headers }),
    );
}

/** Azure Pipelines' token service, which knows the audience by the service connection. */
export function askPipelines(request: CredentialRequest, heard: Heard): AskAssertion {
  const { env } = request;
  const url = readUrl(env, "SYSTEM_OIDCREQUESTURI");
  const step = "map $(System.AccessToken) to SYSTEM_ACCESSTOKEN among the variables of the step";
  const bearer = requireVariable(env, "SYSTEM_ACCESSTOKEN", step);
  url.searchParams.set("api-version", "7.1");
  url.searchParams.set(
    "serviceConnectionId",
    requireVariable(env, "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"),
  );
  const headers = createHttpHeaders({
    accept: "application/json",
    "content-type": "application/json",
    authorization: `Bearer ${bearer}`,
    // Without it a refusal is a redirect to a page for people.
    "x-tfs-fedauthredirect": "Suppress",
  });
  const hint = "check that this job may use the service connection, and SYSTEM_ACCESSTOKEN";
  return () =>
    ask(
      { request, heard, hint, field: "oidcToken" },
      createPipelineRequest({ method: "POST", url: url.href, headers }),
    );
}

function readUrl(env: CredentialRequest["env"], name: string): URL {
  const text = requireVariable(env, name);
  if (URL.canParse(text)) return new URL(text);
  throw new AzureError("auth", `${name} is not a URL`, { hint: "leave it as the platform sets it" });
}

interface Asking {
  request: CredentialRequest;
  heard: Heard;
  hint: string;
  /** Where the token is in the answer. */
  field: string;
}

async function ask({ request, heard, hint, field }: Asking, http: PipelineRequest): Promise<string> {
  const pipeline = createSignInPipeline(http.url, request, heard);
  const { status, bodyAsText } = await pipeline.sendRequest(request.httpClient, http);
  const token = (JSON.parse(bodyAsText ?? "") as Record<string, unknown>)[field];
  if (status === 200 && typeof token === "string" && token !== "") return token;
  // Its words are not repeated: the token may be among them.
  const { host } = new URL(http.url);
  throw new AzureError("auth", `${host} gave no identity token (HTTP ${status})`, { hint });
}
