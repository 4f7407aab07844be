export interface ResourceId {
  subscriptionId: string;
  resourceGroup: string;
  /** Namespace and types, lower case: "microsoft.compute/virtualmachines". */
  type: string;
  /** Name of the resource itself, the last segment. */
  name: string;
}

const PATTERN =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)((?:\/[^/]+\/[^/]+)+)\/?$/i;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/** The parts of a resource id in a resource group, or undefined when it is not one. */
export function parseResourceId(id: string): ResourceId | undefined {
  const match = PATTERN.exec(id);
  if (!match) return undefined;
  const [, subscriptionId = "", resourceGroup = "", namespace = "", rest = ""] = match;
  const segments = rest.split("/").filter((segment) => segment !== "");
  const types = segments.filter((_, index) => index % 2 === 0);
  return {
    subscriptionId: subscriptionId.toLowerCase(),
    resourceGroup,
    type: [namespace, ...types].join("/").toLowerCase(),
    name: segments.at(-1) ?? "",
  };
}

/** Azure does not keep the casing of ids stable between calls, so they are only ever compared through this. */
export function idKey(id: string): string {
  return id.replace(/\/+$/, "").toLowerCase();
}

export function sameId(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && idKey(left) === idKey(right);
}

/** Names, sizes and locations come in any casing, too. */
export function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** The last segment of an id. */
export function nameOf(id: string): string {
  return id.replace(/\/+$/, "").split("/").at(-1) ?? id;
}
