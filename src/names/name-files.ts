import type { HostsEntry } from "./name-seen.ts";

/** The lines of a hosts file that name a host, in any casing. */
export function hostsEntries(text: string, host: string): Omit<HostsEntry, "file">[] {
  const wanted = host.toLowerCase();
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const [address, ...names] = wordsOf(raw);
    const isNamed = names.some((name) => name.toLowerCase() === wanted);
    return address !== undefined && isNamed ? [{ line: index + 1, address }] : [];
  });
}

/** The least time that dnsmasq keeps an answer, in seconds; undefined when its file does not set it. */
export function leastOfDnsmasq(text: string): number | undefined {
  return lastNumber(text.split(/\r?\n/), /^\s*min-cache-ttl\s*=\s*(\d+)\s*(?:#.*)?$/);
}

/** How long nscd keeps the address of a host, in seconds; undefined when it keeps none. */
export function hostsOfNscd(text: string): number | undefined {
  const lines = text.split(/\r?\n/).map((line) => wordsOf(line).join(" "));
  const enabled = lines.findLast((line) => line.startsWith("enable-cache hosts "));
  if (enabled !== "enable-cache hosts yes") return undefined;
  return lastNumber(lines, /^positive-time-to-live hosts (\d+)$/) ?? NSCD_USUAL;
}

/** What nscd takes where its file says nothing. */
const NSCD_USUAL = 3600;

function lastNumber(lines: readonly string[], pattern: RegExp): number | undefined {
  const found = lines.flatMap((line) => pattern.exec(line)?.[1] ?? []).at(-1);
  return found === undefined ? undefined : Number(found);
}

function wordsOf(line: string): string[] {
  return (line.split("#")[0] ?? "").split(/\s+/).filter((word) => word !== "");
}
