import type { Env } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Cloud } from "./clouds.ts";

/** What a person can ask for with --auth. */
export const AUTH_CHOICES = [
  "auto",
  "environment",
  "workload",
  "pipelines",
  "managed",
  "cli",
  "browser",
  "device",
  "sandbox",
] as const;

/** Where a token comes from. */
export type AuthKind = Exclude<(typeof AUTH_CHOICES)[number], "auto">;

/**
 * `auto` is the first kind whose variables are all set, az otherwise, so that a job's own identity wins over a
 * person's. It depends on variables alone: asking the network which kind would work makes the choice depend on
 * the moment. A managed identity is only taken where its endpoint is named, as nothing else tells one machine
 * from another without asking. An empty variable counts as unset.
 */
export function chooseAuth(asked: string, { cloud, env }: { cloud: Cloud; env: Env }): AuthKind {
  const kind = requireAuth(asked, cloud);
  if (cloud.name === "sandbox") return "sandbox";
  if (kind !== "auto") return kind;
  const found = AUTO.find(({ variables }) => variables.every((names) => names.some((name) => env[name])));
  return found?.kind ?? "cli";
}

/** One of the choices; "sandbox" in the sandbox alone. Throws AppError "usage" for anything else. */
export function requireAuth(asked: string, cloud: Cloud): AuthKind | "auto" {
  const choices = AUTH_CHOICES.filter((each) => each !== "sandbox" || cloud.name === "sandbox");
  const kind = choices.find((each) => each === asked);
  if (kind !== undefined) return kind;
  throw new AppError("usage", `--auth ${asked === "" ? '""' : asked} is not available`, {
    hint: `use --auth ${choices.join("|")}`,
  });
}

/** In order. Each entry of `variables` is a choice, of which one must be set. */
const AUTO: readonly { kind: AuthKind; variables: readonly (readonly string[])[] }[] = [
  {
    kind: "environment",
    variables: [["AZURE_CLIENT_ID"], ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH"]],
  },
  { kind: "workload", variables: [["AZURE_CLIENT_ID"], ["AZURE_FEDERATED_TOKEN_FILE"]] },
  {
    kind: "workload",
    variables: [["AZURE_CLIENT_ID"], ["ACTIONS_ID_TOKEN_REQUEST_URL"], ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]],
  },
  {
    kind: "pipelines",
    variables: [
      ["AZURESUBSCRIPTION_CLIENT_ID"],
      ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
      ["SYSTEM_ACCESSTOKEN"],
      ["SYSTEM_OIDCREQUESTURI"],
    ],
  },
  { kind: "managed", variables: [["IDENTITY_ENDPOINT", "MSI_ENDPOINT"]] },
];
