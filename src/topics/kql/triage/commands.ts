import { flagWords, shellWord } from "../../../azure/shell-word.ts";
import { parseResourceId } from "../../../resource-id.ts";
import type { Examined } from "./seen.ts";

type Named = Pick<Examined, "name" | "kind" | "resource" | "resourceId">;

/** `az containerapp …` about this app or job; GROUP stands where neither the resource nor its logs tell the group. */
export function azContainerApp(named: Named, words: string, ...rest: string[]): string {
  const base = named.kind === "job" ? ["az", "containerapp", "job"] : ["az", "containerapp"];
  return [...base, ...words.split(" "), ...whereOf(named), ...rest].map(shellWord).join(" ");
}

function whereOf({ name, resource, resourceId }: Named): string[] {
  const told = resource ?? parseResourceId(resourceId ?? "");
  return [
    ...flagWords("--name", resource?.name ?? name),
    ...flagWords("--resource-group", told?.resourceGroup ?? "GROUP"),
    ...(told ? flagWords("--subscription", told.subscriptionId) : []),
  ];
}
