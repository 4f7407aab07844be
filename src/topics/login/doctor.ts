import * as z from "zod";
import type { Context } from "../../context.ts";
import { FAIL_ON_FLAG, FailOnWord, type FailOn } from "../../fail-on.ts";
import { verb } from "../../verb.ts";
import { diagnose } from "./doctor-checks.ts";
import { findFastest, type Fastest } from "./doctor-fastest.ts";
import type { Finding } from "./doctor-finding.ts";
import { readMachine } from "./doctor-read.ts";
import { viewDoctor } from "./doctor-view.ts";

const DoctorInput = z.object({ failOn: FailOnWord });
type DoctorInput = z.infer<typeof DoctorInput>;

export interface DoctorResult {
  findings: Finding[];
  fastest: Fastest;
  failOn: FailOn;
}

async function runDoctor({ failOn }: DoctorInput, ctx: Context): Promise<DoctorResult> {
  ctx.progress("examining this machine");
  const machine = await readMachine(ctx);
  return { findings: diagnose(machine), fastest: findFastest(machine), failOn };
}

export const doctor = verb({
  name: "doctor",
  summary: "What is wrong with this machine's sign-in, and the fastest way in",
  examples: ["login doctor", "login doctor --fail-on error", "login doctor -o json"],
  flags: [FAIL_ON_FLAG],
  details: `
Looks at az and its profile, variables, proxy and certificates, azwise's own files, and the clock (one request
without a token). Signs in nowhere and changes nothing. What cannot be told is a warning that says why.`,
  input: DoctorInput,
  run: runDoctor,
  view: viewDoctor,
});
