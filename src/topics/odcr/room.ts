import type { Verb } from "../../verb.ts";
import { acquire } from "./acquire.ts";
import { attach } from "./attach.ts";
import { audit } from "./audit.ts";
import { check } from "./check.ts";
import { cost } from "./cost.ts";
import { detach } from "./detach.ts";
import { report } from "./report.ts";
import { resize } from "./resize.ts";
import { share } from "./share.ts";
import { status } from "./status.ts";

export const verbs: readonly Verb[] = [
  attach,
  detach,
  resize,
  acquire,
  share,
  status,
  audit,
  cost,
  check,
  report,
];
