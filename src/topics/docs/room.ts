import type { Verb } from "../../verb.ts";
import { list } from "./list.ts";
import { search } from "./search.ts";
import { show } from "./show.ts";

export const verbs: Verb[] = [list, show, search];
