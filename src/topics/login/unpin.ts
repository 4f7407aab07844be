import { dirname } from "node:path";
import * as z from "zod";
import { findPinFile, removePin, type Pin } from "../../azure/settings.ts";
import type { Context } from "../../context.ts";
import type { View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { readAnyPin } from "./pin-read.ts";
import { pinJson, pinTable } from "./pin-table.ts";

const UnpinInput = z.object({});

interface UnpinResult {
  /** Undefined when there is no pin. */
  file: string | undefined;
  /** Empty when nobody could read it. */
  pin: Pin;
  isBroken: boolean;
}

async function runUnpin(_: unknown, ctx: Context): Promise<UnpinResult> {
  const file = await findPinFile(ctx.cwd);
  if (file === undefined) return { file, pin: {}, isBroken: false };
  const { pin = {}, isBroken } = await readAnyPin(dirname(file));
  await removePin(file);
  return { file, pin, isBroken };
}

function viewUnpin({ file, pin, isBroken }: UnpinResult): View {
  if (file === undefined) {
    const text = "there is no .azwise.json in this folder, or in one above it: nothing to remove";
    return { data: { removed: null }, tables: [], notes: [{ level: "info", text }] };
  }
  return {
    data: { removed: pinJson({ file, pin }) },
    tables: isBroken ? [] : [pinTable(pin)],
    notes: [{ level: "info", text: `${file} is removed${isBroken ? "; it could not be read" : ""}` }],
  };
}

export const unpin = verb({
  name: "unpin",
  summary: "Remove the pin of this folder",
  examples: ["login unpin"],
  flags: [],
  details: `
Removes the nearest .azwise.json, from the working directory upward, and shows what it pinned. Where there is
none, nothing is to be done, and the exit code is 0.`,
  input: UnpinInput,
  run: runUnpin,
  view: viewUnpin,
});
