import type { Probe } from "../../azure/registry-ports.ts";

export interface Verdict {
  picked: boolean;
  /** What the host did, in words. */
  answer: string;
  because: string[];
}

/** Whether a host is good enough to be used, going by its answer to a request without credentials. */
export function judgeProbe({ status, code, isRegistry }: Probe): Verdict {
  if (status === undefined) return refused(withoutAnswer(code));
  if (status === 403) return refused("lets no client in from here", ["azure-wire/acr-denied-by-network"]);
  if (status === 429) return refused("throttles", ["azure-wire/acr-throttled-429"]);
  if (status !== 401 && status !== 200) return refused(`answers HTTP ${status}`);
  if (!isRegistry) return refused("something else answers in its place");
  return {
    picked: true,
    answer: `answers HTTP ${status}`,
    because: status === 401 ? ["azure-wire/acr-challenge"] : [],
  };
}

function refused(answer: string, because: string[] = []): Verdict {
  return { picked: false, answer, because };
}

function withoutAnswer(code: string | undefined): string {
  if (code === undefined) return "no answer";
  return code === "ENOTFOUND" ? "the name is not found" : `no answer: ${code}`;
}
