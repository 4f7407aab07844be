import type { Verb } from "../../verb.ts";
import { advise } from "./advise.ts";
import { compare } from "./compare.ts";
import { doctor } from "./doctor.ts";
import { endpoints } from "./endpoints.ts";
import { ipPlan } from "./ip-plan.ts";
import { lag } from "./lag.ts";
import { login } from "./login.ts";
import { pick } from "./pick.ts";
import { pin } from "./pin.ts";
import { rehearse } from "./rehearse.ts";
import { replica } from "./replica.ts";
import { route } from "./route.ts";
import { serving } from "./serving.ts";
import { show } from "./show.ts";
import { dataEndpoints, regional } from "./switch.ts";
import { wait } from "./wait.ts";

export const verbs: readonly Verb[] = [
  show,
  endpoints,
  advise,
  doctor,
  ipPlan,
  serving,
  wait,
  lag,
  compare,
  route,
  rehearse,
  regional,
  dataEndpoints,
  replica,
  pick,
  pin,
  login,
];
