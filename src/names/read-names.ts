import { Resolver } from "node:dns/promises";
import { readdir, readFile, stat } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Known } from "../azure/known.ts";
import { hostsEntries, hostsOfNscd, leastOfDnsmasq } from "./name-files.ts";
import type { HostsEntry, KeptAnswers, NameAnswer, NameSeen } from "./name-seen.ts";
import { limitTime } from "../time-limit.ts";

export interface NamesAt {
  /** The folder that the machine's configuration is below. */
  root: string;
  /** DNS servers to ask in place of the machine's own. */
  servers?: readonly string[] | undefined;
  signal: AbortSignal;
  /** Between two questions. */
  pauseMs?: number;
  /** The longest wait for an answer. */
  waitMs?: number;
}

/** A lifetime counts whole seconds, so less than one between two questions would not show that it falls. */
const PAUSE_MS = 1100;
const WAIT_MS = 2000;
const QUESTIONS = 3;

/** How this machine finds a host; what cannot be read or is not answered says why. Only an interrupt is thrown. */
export async function readNames(host: string, at: NamesAt): Promise<NameSeen> {
  const { root } = at;
  const [entries, answers, kept] = await Promise.all([
    known(() => readHosts(host, root)),
    ask(host, at),
    known(async () => [...(await readDnsmasq(root)), ...(await readNscd(root))]),
  ]);
  return { entries, servers: openResolver(at).getServers(), answers, kept };
}

async function known<T>(read: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { unknown: `${path ?? "a file of this machine"} cannot be read (${code})` };
  }
}

async function readHosts(host: string, root: string): Promise<HostsEntry[]> {
  const below = platform() === "win32" ? "Windows/System32/drivers/etc/hosts" : "etc/hosts";
  const file = join(root, below);
  return hostsEntries((await readText(file)) ?? "", host).map((entry) => ({ file, ...entry }));
}

const DNSMASQ_FOLDERS = ["etc/dnsmasq.d", "etc/NetworkManager/dnsmasq.d"];

async function readDnsmasq(root: string): Promise<KeptAnswers[]> {
  const inFolders = await Promise.all(DNSMASQ_FOLDERS.map((folder) => listFiles(join(root, folder))));
  const files = [join(root, "etc/dnsmasq.conf"), ...inFolders.flat()];
  const found = await Promise.all(
    files.map(async (file): Promise<KeptAnswers[]> => {
      const seconds = leastOfDnsmasq((await readText(file)) ?? "");
      return seconds === undefined ? [] : [{ cache: "dnsmasq", file, seconds }];
    }),
  );
  return found.flat();
}

/** nscd that does not run has no socket. */
async function readNscd(root: string): Promise<KeptAnswers[]> {
  const sockets = ["run/nscd/socket", "var/run/nscd/socket"].map((each) => seen(join(root, each)));
  if ((await Promise.all(sockets)).every((each) => each === undefined)) return [];
  const file = join(root, "etc/nscd.conf");
  const seconds = hostsOfNscd((await readText(file)) ?? "");
  return seconds === undefined ? [] : [{ cache: "nscd", file, seconds }];
}

async function listFiles(folder: string): Promise<string[]> {
  if (!(await seen(folder))?.isDirectory()) return [];
  return (await readdir(folder)).sort().map((name) => join(folder, name));
}

/** Undefined for what is not there, and for what is no file: a pipe would be waited for. */
async function readText(file: string): Promise<string | undefined> {
  return (await seen(file))?.isFile() ? readFile(file, "utf8") : undefined;
}

async function seen(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

async function ask(host: string, at: NamesAt): Promise<Known<NameAnswer[]>> {
  const { signal, pauseMs = PAUSE_MS } = at;
  const answers: NameAnswer[] = [];
  for (let question = 0; question < QUESTIONS; question += 1) {
    if (question > 0) await sleep(pauseMs, undefined, { signal });
    const answer = await askOnce(host, at);
    if (!("unknown" in answer)) answers.push(answer.value);
    else if (answers.length === 0) return answer;
  }
  return { value: answers };
}

async function askOnce(host: string, at: NamesAt): Promise<Known<NameAnswer>> {
  const { signal, waitMs = WAIT_MS } = at;
  const resolver = openResolver(at);
  const limit = limitTime(waitMs, signal);
  const cancel = (): void => resolver.cancel();
  limit.signal.addEventListener("abort", cancel, { once: true });
  try {
    const records = await resolver.resolve4(host, { ttl: true });
    const addresses = records.map(({ address }) => address).sort();
    return { value: { addresses, seconds: Math.max(...records.map(({ ttl }) => ttl)) } };
  } catch (error) {
    signal.throwIfAborted();
    if (limit.isOver()) return { unknown: `DNS gave no answer within ${waitMs / 1000} s` };
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { unknown: WORDS[code] ?? `DNS gave no answer (${code})` };
  } finally {
    limit.signal.removeEventListener("abort", cancel);
    limit.clear();
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "DNS does not know the name",
  ENODATA: "DNS knows no IPv4 address of it",
};

/** A new one for each question: its library keeps answers, and would show its own cache. */
function openResolver({ servers, waitMs = WAIT_MS }: NamesAt): Resolver {
  const resolver = new Resolver({ timeout: waitMs, tries: 1 });
  if (servers !== undefined) resolver.setServers(servers);
  return resolver;
}
