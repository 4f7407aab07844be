import type { Verb } from "../../verb.ts";
import { advise } from "./advise.ts";
import { endpoints } from "./endpoints.ts";
import { ipPlan } from "./ip-plan.ts";
import { pin } from "./pin.ts";
import { replica } from "./replica.ts";
import { route } from "./route.ts";
import { show } from "./show.ts";
import { dataEndpoints, regional } from "./switch.ts";

export const verbs: readonly Verb[] = [
  show,
  endpoints,
  advise,
  ipPlan,
  route,
  regional,
  dataEndpoints,
  replica,
  pin,
];
