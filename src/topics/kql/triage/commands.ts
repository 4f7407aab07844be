import type { Container } from "../../../azure/container-ports.ts";
import { flagWords, shellWord } from "../../../azure/shell-word.ts";
import { parseResourceId } from "../../../resource-id.ts";
import type { Examined } from "./seen.ts";

type Named = Pick<Examined, "name" | "kind" | "resource" | "resourceId" | "resourceGroup">;

/** `az containerapp …` about this app or job; GROUP stands where neither the resource nor its logs tell the group. */
export function azContainerApp(named: Named, words: string, ...rest: string[]): string {
  const base = named.kind === "job" ? ["az", "containerapp", "job"] : ["az", "containerapp"];
  return [...base, ...words.split(" "), ...whereOf(named), ...rest].map(shellWord).join(" ");
}

/**
 * `az containerapp update` of one container. Where an app has several, az wants its name, and adds a container by a name
 * that it does not have, so CONTAINER stands where the name is not known.
 */
export function azUpdateContainer(named: Named, container: string | undefined, ...rest: string[]): string {
  const isOneOfMany = (named.resource?.containers.length ?? 0) > 1;
  const own = containerOf(named, container)?.name ?? "CONTAINER";
  return azContainerApp(named, "update", ...(isOneOfMany ? flagWords("--container-name", own) : []), ...rest);
}

/** The container of a name, or the only one that there is. */
export function containerOf(
  { resource }: Pick<Examined, "resource">,
  name: string | undefined,
): Container | undefined {
  const containers = resource?.containers ?? [];
  return containers.length === 1 ? containers[0] : containers.find((each) => each.name === name);
}

function whereOf({ name, resource, resourceId, resourceGroup }: Named): string[] {
  const told = resource ?? parseResourceId(resourceId ?? "");
  return [
    ...flagWords("--name", resource?.name ?? name),
    ...flagWords("--resource-group", told?.resourceGroup ?? resourceGroup ?? "GROUP"),
    ...(told ? flagWords("--subscription", told.subscriptionId) : []),
  ];
}
