import { EXIT, type ExitCode } from "../../errors.ts";
import type { Note, Table, Tone, View } from "../../output/view.ts";
import type { HostLogin, LoginResult, Outcome } from "./login.ts";

const PER_HOST = ["acr-geo-operations/sign-in-per-endpoint", "azure-wire/acr-docker-config-per-host"];

export function viewLogin(result: LoginResult): View {
  const { registry, remove, file, hosts } = result;
  return {
    data: {
      registry: { id: registry.id, name: registry.name },
      dockerConfig: file,
      removed: remove,
      hosts: hosts.map(({ host, region, outcome, helper, expires, problem }) => ({
        host,
        region,
        outcome,
        helper: helper ?? null,
        goodUntil: expires?.toISOString() ?? null,
        problem: problem?.message ?? null,
      })),
    },
    tables: [tableOf(result)],
    notes: notesOf(result),
    exit: exitOf(hosts),
  };
}

const TONES: Record<Outcome, Tone> = {
  stored: "good",
  "not needed": "good",
  removed: "good",
  "none there": "dim",
  failed: "bad",
};

function tableOf({ hosts, remove }: LoginResult): Table {
  return {
    columns: [
      { header: "host", whole: true },
      { header: "region" },
      { header: "credentials" },
      { header: "kept by" },
      ...(remove ? [] : [{ header: "good until" }]),
    ],
    rows: hosts.map(({ host, region, outcome, helper, expires }) => ({
      cells: [
        host,
        region ?? "global",
        { text: outcome, tone: TONES[outcome] },
        keptBy({ outcome, helper }),
        ...(remove ? [] : [untilText({ outcome, expires })]),
      ],
      because: PER_HOST,
    })),
  };
}

/** Of what is not there, or may not be, nobody is the keeper. */
function keptBy({ outcome, helper }: Pick<HostLogin, "outcome" | "helper">): string | null {
  if (outcome === "failed" || outcome === "none there") return null;
  return helper === undefined ? "file" : `helper ${helper}`;
}

function untilText({ outcome, expires }: Pick<HostLogin, "outcome" | "expires">): string | null {
  if (outcome !== "stored") return null;
  return expires?.toISOString() ?? "not told";
}

function notesOf(result: LoginResult): Note[] {
  const { registry, remove, file, isOpen, isSandbox, hosts } = result;
  const failures = hosts.flatMap(({ host, problem }): Note[] => {
    if (problem === undefined) return [];
    const hint = problem.hint === undefined ? "" : `; ${problem.hint}`;
    return [{ level: "warning", text: `${host}: ${problem.message}${hint}`, because: problem.because }];
  });
  if (remove) return failures;
  const stored = hosts.filter(({ outcome }) => outcome === "stored");
  const inFile = stored.filter(({ helper }) => helper === undefined);
  const notes: Note[] = [...failures];
  if (inFile.length > 0) notes.push(...fileNotes(inFile, { file, isOpen }));
  if (isSandbox && stored.length > 0) {
    notes.push({ level: "warning", text: "the token is the sandbox's: no real registry takes it" });
  }
  if (stored.some(({ expires }) => expires !== undefined)) {
    const text = "after that time, sign in again; that this identity may pull is not proved by it";
    const because = ["azure-wire/acr-token-lifetimes"];
    notes.push({ level: "info", text, because });
  }
  const isGlobalAlone = hosts.every(({ region }) => region === null);
  if (isGlobalAlone && registry.regionalHosts.length > 0) {
    const text = "this does not count for the regional hosts: --region all signs in to those, too";
    notes.push({ level: "info", text, because: PER_HOST });
  }
  return notes;
}

function fileNotes(
  inFile: readonly HostLogin[],
  { file, isOpen }: { file: string; isOpen: boolean },
): Note[] {
  const helpers = JSON.stringify({
    credHelpers: Object.fromEntries(inFile.map(({ host }) => [host, "azwise"])),
  });
  const text = `the token lies readable in ${file}; with ${helpers} in there nothing is stored at all`;
  const open: Note = { level: "warning", text: `others may read ${file}: chmod 600 ${file}` };
  return [{ level: "warning", text }, ...(isOpen ? [open] : [])];
}

function exitOf(hosts: readonly HostLogin[]): ExitCode {
  const failed = hosts.flatMap(({ problem }) => problem ?? []);
  const [first] = failed;
  if (first === undefined) return EXIT.ok;
  return failed.length < hosts.length ? EXIT.partial : EXIT[first.kind];
}
