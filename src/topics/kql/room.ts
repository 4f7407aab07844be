import type { Verb } from "../../verb.ts";
import { alert } from "./alert.ts";
import { failures } from "./failures.ts";
import { lint } from "./lint.ts";
import { list } from "./list.ts";
import { runQuery } from "./run.ts";
import { show } from "./show.ts";
import { triage } from "./triage.ts";
import { watch } from "./watch.ts";

export const verbs: readonly Verb[] = [list, show, runQuery, lint, triage, alert, watch, failures];
