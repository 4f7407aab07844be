import * as z from "zod";
import type { Context } from "../../context.ts";
import { FAIL_ON_FLAG, FailOnWord, type FailOn } from "../../fail-on.ts";
import { verb } from "../../verb.ts";
import type { Finding } from "./doctor-finding.ts";
import { planFindings } from "./doctor-plan.ts";
import { examine, type Examined } from "./doctor-read.ts";
import { viewDoctor } from "./doctor-view.ts";
import { RegistryWord } from "./flags.ts";

const DoctorInput = z.object({ registry: RegistryWord, failOn: FailOnWord });
type DoctorInput = z.infer<typeof DoctorInput>;

export interface DoctorResult {
  examined: Examined;
  findings: Finding[];
  failOn: FailOn;
}

async function runDoctor({ registry, failOn }: DoctorInput, ctx: Context): Promise<DoctorResult> {
  const examined = await examine(registry, ctx);
  return { examined, findings: planFindings(examined), failOn };
}

export const doctor = verb({
  name: "doctor",
  summary: "What is wrong with a registry, its replicas, and this machine's way to it",
  args: ["<registry>"],
  examples: [
    "acr doctor shopregistry",
    "acr doctor shopregistry --fail-on error -o md",
    "acr doctor shopregistry --subscription <id> --subscription <id> -o json",
  ],
  flags: [FAIL_ON_FLAG],
  details: `
Looks at replicas, routing, data endpoints, private endpoints, the owner's key, webhooks, AKS clusters of the given
subscriptions, and here at DNS and Docker's configuration. Reads no secret, changes nothing.
What cannot be told is a row that says why: without a finding at or above --fail-on it exits 6.
Commands of -o json and yaml are without a --cloud, --tenant or --subscription that was typed here.`,
  input: DoctorInput,
  run: runDoctor,
  view: viewDoctor,
});
