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

/** `auto` is a fixed, printed order: service principal variables when they are set, then the az CLI. */
export function chooseAuth(
  asked: string,
  { cloud, env }: { cloud: Cloud; env: Readonly<Record<string, string | undefined>> },
): AuthKind {
  if (cloud.name === "sandbox") return "sandbox";
  const kind = AUTH_CHOICES.find((each) => each === asked);
  if (kind === undefined || kind === "sandbox") {
    const hint = `use --auth ${AUTH_CHOICES.filter((each) => each !== "sandbox").join("|")}`;
    throw new AppError("usage", `--auth ${asked} is not available`, { hint });
  }
  if (kind !== "auto") return kind;
  const { AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH } = env;
  const secret = AZURE_CLIENT_SECRET || AZURE_CLIENT_CERTIFICATE_PATH;
  return AZURE_CLIENT_ID && secret ? "environment" : "cli";
}
