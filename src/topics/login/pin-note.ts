import type { FoundPin, SavedContext } from "../../azure/settings.ts";
import { isOutsideRehearsal } from "../../azure/target.ts";
import type { Env } from "../../context.ts";
import type { Note } from "../../output/view.ts";

/** Says where the folder's pin leads elsewhere than a context; the pin wins without a word, in the run's `cloud`. */
export function pinNotes(context: SavedContext, found: FoundPin | undefined, cloud = context.cloud): Note[] {
  if (found === undefined) return [];
  const { file, pin } = found;
  if (isOutsideRehearsal(pin, cloud)) return [];
  const isSame = (pinned: string | undefined, ...known: (string | undefined)[]): boolean =>
    pinned === undefined || known.some((each) => each?.toLowerCase() === pinned.toLowerCase());
  const differing = [
    isSame(pin.cloud, context.cloud) ? [] : [`cloud ${pin.cloud}`],
    isSame(pin.tenant, context.tenant, context.domain) ? [] : [`tenant ${pin.tenant}`],
    isSame(pin.subscription, context.subscription) ? [] : [`subscription ${pin.subscription}`],
  ].flat();
  if (differing.length === 0) return [];
  const text = `the pin ${file} wins over the active context here: ${differing.join(", ")}`;
  return [{ level: "warning", text }];
}

/** The cloud of later runs with a context active; undefined when neither variable, pin nor context says. */
export function laterCloud(env: Env, found: FoundPin | undefined, context: SavedContext): string | undefined {
  return env["AZWISE_CLOUD"] || found?.pin.cloud || context.cloud;
}
