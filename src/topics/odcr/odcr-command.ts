import { flagWords, shellWord } from "../../azure/shell-word.ts";
import { parseResourceId } from "../../resource-id.ts";

/** A command of this room as it is typed. */
export function odcrCommand(words: readonly string[]): string {
  return ["azwise", "odcr", ...words].map(shellWord).join(" ");
}

export interface Resizing {
  groupId: string;
  /** Its name. */
  reservation: string;
  quantity: number;
}

/** Sets the quantity of a reservation, in the subscription of its group. */
export function resizeCommand({ groupId, reservation, quantity }: Resizing): string {
  const subscription = ["--subscription", parseResourceId(groupId)?.subscriptionId ?? ""];
  const slot = flagWords("--slot", reservation);
  return odcrCommand(["resize", groupId, ...subscription, ...slot, "--quantity", String(quantity)]);
}
