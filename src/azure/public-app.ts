import { PublicClientApplication, type INetworkModule } from "@azure/msal-node";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { CredentialRequest } from "./credential-request.ts";
import { createSignInPipeline, type Heard } from "./sign-in.ts";

/** The Azure CLI's public application, which every tenant knows and which may ask for the resource manager. */
const CLIENT_ID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/**
 * MSAL for a person's sign-in, without the identity library in between: its credentials cannot end a browser
 * sign-in that was interrupted, and a machine without a browser brings the process down.
 */
export function createPublicApp(request: CredentialRequest, heard: Heard): PublicClientApplication {
  const { cloud, tenantId } = request;
  return new PublicClientApplication({
    auth: {
      clientId: CLIENT_ID,
      authority: `${cloud.authority}/${tenantId}`,
      knownAuthorities: cloud.wellKnown ? [] : [new URL(cloud.authority).host],
      // Tokens that can be challenged for more claims at any time, and live longer for it.
      clientCapabilities: ["cp1"],
    },
    system: { networkClient: createNetwork(request, heard) },
  });
}

function createNetwork(request: CredentialRequest, heard: Heard): INetworkModule {
  const pipeline = createSignInPipeline(request.cloud.authority, request, heard);
  const send: (method: "GET" | "POST") => INetworkModule["sendPostRequestAsync"] =
    (method) =>
    async (url, options = {}) => {
      const { status, headers, bodyAsText } = await pipeline.sendRequest(
        request.httpClient,
        createPipelineRequest({
          method,
          url,
          headers: createHttpHeaders(options.headers),
          ...(options.body === undefined ? {} : { body: options.body }),
        }),
      );
      return { status, headers: headers.toJSON(), body: JSON.parse(bodyAsText ?? "") };
    };
  return { sendGetRequestAsync: send("GET"), sendPostRequestAsync: send("POST") };
}
