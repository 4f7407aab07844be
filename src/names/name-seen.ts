import type { Known } from "../azure/known.ts";

/** How this machine finds the address of one host name. */
export interface NameSeen {
  /** Entries of the hosts file, which comes before any server. */
  entries: Known<HostsEntry[]>;
  /** Servers that this machine asks. */
  servers: string[];
  /** Answers to the same question, in the order in which they came; at least one. */
  answers: Known<NameAnswer[]>;
  /** What caches of this machine are told to keep. */
  kept: Known<KeptAnswers[]>;
}

export interface HostsEntry {
  file: string;
  /** Counted from one. */
  line: number;
  address: string;
}

export interface NameAnswer {
  /** IPv4. */
  addresses: string[];
  /** For how long it may still be kept, in seconds: the longest of its addresses. */
  seconds: number;
}

/** A cache's own setting of how long answers are kept, whatever their lifetime. */
export interface KeptAnswers {
  cache: "dnsmasq" | "nscd";
  file: string;
  seconds: number;
}
