import type { Verb } from "../../verb.ts";
import { fault } from "./fault.ts";
import { push } from "./push.ts";
import { reset } from "./reset.ts";
import { show } from "./show.ts";

export const verbs: Verb[] = [show, reset, push, fault];
