import { flagWords, shellWord } from "../../azure/shell-word.ts";
import { parseResourceId } from "../../resource-id.ts";
import type { Asked } from "./find-workspace.ts";

/** Flags that find these workspaces again, wherever they are typed; a GUID needs no subscription. */
export function workspaceWords(workspaces: readonly Pick<Asked, "name" | "id">[]): string {
  const subscriptions = workspaces.flatMap(({ id }) => parseResourceId(id ?? "")?.subscriptionId ?? []);
  return [
    ...workspaces.flatMap(({ name }) => flagWords("--workspace", shellWord(name))),
    ...[...new Set(subscriptions)].flatMap((id) => ["--subscription", shellWord(id)]),
  ].join(" ");
}
