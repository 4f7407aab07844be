import { flagWords, shellWord } from "../../azure/shell-word.ts";
import type { RegistrySummary } from "../../azure/registry-ports.ts";

/** `az acr <words> --name <registry> …`, for what azwise does not do. */
export function azAcr(
  { name, resourceGroup, subscriptionId }: RegistrySummary,
  words: readonly string[],
): string {
  const [verb = "", ...rest] = words;
  const where = [
    ...flagWords("--name", name),
    ...flagWords("--resource-group", resourceGroup),
    ...flagWords("--subscription", subscriptionId),
  ];
  return ["az", "acr", ...verb.split(" "), ...where, ...rest].map(shellWord).join(" ");
}

/** `azwise acr <words> <registry> …`, for any shell that is signed in. */
export function azwiseAcr(
  words: string,
  { name, subscriptionId }: RegistrySummary,
  rest: readonly string[] = [],
): string {
  return ["azwise", "acr", ...words.split(" "), name, ...flagWords("--subscription", subscriptionId), ...rest]
    .map(shellWord)
    .join(" ");
}
