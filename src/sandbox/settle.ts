import { computeEndings } from "./compute/settle.ts";
import type { State } from "./http.ts";
import { registryEndings } from "./registry/settle.ts";
import type { Endings } from "./world.ts";

const endings: Endings = { ...computeEndings, ...registryEndings, nothing: () => undefined };

/** Ends the operations whose time has come, in the order in which they are due. */
export function settleOperations(state: State): void {
  const { world } = state;
  const now = state.now().getTime();
  const due = Object.values(world.operations).filter(
    (operation) => operation.status === "InProgress" && Date.parse(operation.dueTime) <= now,
  );
  for (const operation of due.sort((left, right) => (left.dueTime < right.dueTime ? -1 : 1))) {
    operation.status = operation.error ? "Failed" : "Succeeded";
    endings[operation.kind](world, operation);
    state.touch();
  }
}
