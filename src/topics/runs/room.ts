import type { Verb } from "../../verb.ts";
import { list } from "./list.ts";
import { resume } from "./resume.ts";
import { show } from "./show.ts";

export const verbs: readonly Verb[] = [list, show, resume];

/** `azwise apply`, a word of its own because a saved plan belongs to no room. */
export { apply } from "./apply.ts";
