import type { Verb } from "../../verb.ts";
import { attach } from "./attach.ts";
import { audit } from "./audit.ts";
import { status } from "./status.ts";

export const verbs: readonly Verb[] = [attach, status, audit];
