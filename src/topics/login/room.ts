import type { Verb } from "../../verb.ts";
import { assert } from "./assert.ts";
import { contexts } from "./contexts.ts";
import { discover } from "./discover.ts";
import { doctor } from "./doctor.ts";
import { exec } from "./exec.ts";
import { forget } from "./forget.ts";
import { pin } from "./pin.ts";
import { unpin } from "./unpin.ts";
import { use } from "./use.ts";
import { whoami } from "./whoami.ts";

export const verbs: readonly Verb[] = [
  discover,
  whoami,
  assert,
  contexts,
  use,
  forget,
  pin,
  unpin,
  exec,
  doctor,
];

export { login as own } from "./login.ts";
