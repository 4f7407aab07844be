import type { RegionHost, Registry } from "../../azure/registry-ports.ts";
import { parseImageReference } from "./image-reference.ts";
import type { Place } from "./place.ts";

/** A file as it was read, and where its images are to come from. */
interface PinFile {
  /** As typed. */
  name: string;
  text: string;
  places: readonly Place[];
  wanted: RegionHost;
}

/** Some letters of a text, and what comes in their place. */
export interface Edit {
  at: number;
  from: string;
  to: string;
}

interface Found {
  file: string;
  line: number;
  key: string;
}

export interface PinChange extends Found {
  from: string;
  to: string;
  /** The region that it was pinned to; undefined for the global endpoint. */
  before: string | undefined;
  edit: Edit;
}

/** What names the registry and is not changed. Its value is not here: it may hold more than a host. */
export interface Left extends Found {
  why: string;
  /** It is an image, and certainly not pinned. */
  isUnpinned: boolean;
}

export interface PinPlan {
  changes: PinChange[];
  left: Left[];
  /** References that name the wanted host already. */
  pinned: number;
  /** Images that are templates without a host of this registry: values elsewhere decide. */
  undecided: number;
}

type Hosts = Pick<Registry, "loginServer" | "regionalHosts">;

/** Which references of files go to the wanted hosts, and what names the registry and stays as it is. */
export function planPin(files: readonly PinFile[], hosts: Hosts): PinPlan {
  const plan: PinPlan = { changes: [], left: [], pinned: 0, undecided: 0 };
  for (const file of files) {
    const lineAt = lineCounter(file.text);
    for (const place of file.places) {
      const found = { file: file.name, line: lineAt(place.at), key: place.key };
      const verdict = judge(place, file, hosts);
      if (verdict === "pinned") plan.pinned++;
      else if (verdict === "undecided") plan.undecided++;
      else if (verdict && "edit" in verdict) plan.changes.push({ ...found, ...verdict });
      else if (verdict) plan.left.push({ ...found, ...verdict });
    }
  }
  return plan;
}

const STRANGER = "a regional host that this registry does not have";

type Verdict = Omit<PinChange, keyof Found> | Omit<Left, keyof Found> | "pinned" | "undecided" | undefined;

function judge(place: Place, file: PinFile, hosts: Hosts): Verdict {
  const { role, value } = place;
  const named = mentioned(value, file.wanted.host, hosts);
  const left = (why: string): Verdict =>
    named && { why: named === "stranger" && role !== "other" ? STRANGER : why, isUnpinned: role !== "other" };
  if (role === "renamed") return undefined;
  if (role === "other") return left("not known to be an image");
  if (role === "line") return left("is in a template that is no YAML, so it is not changed");
  if (value.startsWith(`${file.wanted.host}/`)) return "pinned";
  if (value.includes("{{")) return left("holds a template") ?? "undecided";
  const written = hostIn(place);
  if (written === undefined)
    return left(value.includes("${") ? "its host is in a variable" : "not a valid image reference");
  const from = written.host.toLowerCase();
  if (isStranger(from, hosts)) return { why: STRANGER, isUnpinned: true };
  const before = hosts.regionalHosts.find(({ host }) => host === from)?.region;
  if (before === undefined && from !== hosts.loginServer) return undefined;
  if (written.port !== "" && written.port !== ":443")
    return { why: `has the port ${written.port.slice(1)}`, isUnpinned: true };
  if (from === file.wanted.host) return "pinned";
  const to = `${file.wanted.host}${value.slice(written.host.length)}`;
  if (role === "match") {
    return { why: `matches the base, so leave that as it is, and add newName: ${to}`, isUnpinned: true };
  }
  if (!file.text.startsWith(written.host, place.at)) {
    return { why: "its host is not spelled out in the file", isUnpinned: true };
  }
  return { from: value, to, before, edit: { at: place.at, from: written.host, to: file.wanted.host } };
}

/** The host of a reference, as it is written. What `${…}` stands for cannot change it when it comes after the host. */
function hostIn({ role, value }: Place): { host: string; port: string } | undefined {
  const known = value.replaceAll(/\$\{[^${}]*\}/g, "0");
  const isBare = role === "host" && !known.includes("/");
  const reference = parseImageReference(isBare ? `${known}/image` : known);
  if (reference?.host === undefined || !value.startsWith(reference.host)) return undefined;
  return { host: reference.host, port: reference.port };
}

/** Whether a text has a host of the registry in it, other than the wanted one, and not as a part of another name. */
function mentioned(text: string, wanted: string, hosts: Hosts): "known" | "stranger" | undefined {
  const lower = text.toLowerCase();
  const known = [hosts.loginServer, ...hosts.regionalHosts.map(({ host }) => host)];
  if (known.some((host) => host !== "" && host !== wanted && namesHost(lower, host))) return "known";
  const gone = [...lower.matchAll(strangers(hosts, "g"))].map(([host]) => host);
  return gone.some((host) => !known.includes(host) && namesHost(lower, host)) ? "stranger" : undefined;
}

function isStranger(host: string, hosts: Hosts): boolean {
  return (
    strangers(hosts, "").exec(host)?.[0] === host && hosts.regionalHosts.every((each) => each.host !== host)
  );
}

/** A replica that was removed leaves such hosts in files. Nothing is sent there, so their pattern may be guessed. */
function strangers({ loginServer }: Hosts, flags: string): RegExp {
  const [label = "", ...rest] = loginServer.split(".").map((part) => part.replaceAll(/[^a-z0-9-]/g, "\\$&"));
  return new RegExp(`${label}\\.[a-z0-9]+\\.geo\\.${rest.join("\\.")}`, flags);
}

function namesHost(text: string, host: string): boolean {
  for (let at = text.indexOf(host); at >= 0; at = text.indexOf(host, at + 1)) {
    const after = text.slice(at + host.length, at + host.length + 2);
    if (beginsName(text, at) && !/^(?:[\w-]|\.\w)/.test(after)) return true;
  }
  return false;
}

/** After a dash it is the end of another name, unless that dash is Compose's: `${NAME:-host}`, `${NAME-host}`. */
function beginsName(text: string, at: number): boolean {
  return (
    !/[\w.-]/.test(text[at - 1] ?? "") || /\$\{\w{1,200}:?-$/.test(text.slice(Math.max(0, at - 210), at))
  );
}

/** Lines count from 1. */
function lineCounter(text: string): (at: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** The text with the edits made; each must be where it says. */
export function splice(text: string, edits: readonly Edit[]): string {
  let result = "";
  let done = 0;
  for (const { at, from, to } of edits.toSorted((one, other) => one.at - other.at)) {
    result += text.slice(done, at) + to;
    done = at + from.length;
  }
  return result + text.slice(done);
}

/** The edits that lead from the new text back to the old one. */
export function reverse(edits: readonly Edit[]): Edit[] {
  let moved = 0;
  return edits
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, from, to }) => {
      const back = { at: at + moved, from: to, to: from };
      moved += to.length - from.length;
      return back;
    });
}
