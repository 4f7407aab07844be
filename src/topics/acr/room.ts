import type { Verb } from "../../verb.ts";
import { show } from "./show.ts";

export const verbs: readonly Verb[] = [show];
