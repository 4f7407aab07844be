import { EXIT } from "../../errors.ts";
import type { Note, Table, View } from "../../output/view.ts";
import type { PinChange, PinPlan } from "./pin-plan.ts";
import type { UndoneFile, UndoResult } from "./pin-undo.ts";
import type { PinResult } from "./pin.ts";

export function viewPin(result: PinResult): View {
  const { registry, plan, isCheck, applied } = result;
  const { changes, left, pinned, undecided } = plan;
  const isUnpinned = left.some((each) => each.isUnpinned);
  const isOpen = (changes.length > 0 && !applied) || (isCheck && isUnpinned);
  return {
    data: {
      registry: { id: registry.id, name: registry.name, loginServer: registry.loginServer },
      changes: changes.map(({ file, line, key, from, to, before = null }) => ({
        file,
        line,
        key,
        from,
        to,
        regionBefore: before,
      })),
      left: left.map(({ isUnpinned: unpinned, ...each }) => ({ ...each, unpinned })),
      pinned,
      undecided,
      applied,
    },
    tables: [changesTable(changes), ...(left.length === 0 ? [] : [leftTable(plan)])],
    notes: [...countNotes(plan), ...pinningNotes(plan), ...byHandNotes(plan), endNote(result, isUnpinned)],
    exit: isOpen ? EXIT.changes : EXIT.ok,
  };
}

function changesTable(changes: readonly PinChange[]): Table {
  return {
    columns: [
      { header: "file" },
      { header: "line" },
      { header: "from", whole: true },
      { header: "to", whole: true },
    ],
    rows: changes.map(({ file, line, from, to }) => ({
      cells: [file, line, from, to],
      because: ["acr-regional-endpoints/manifests-pin-clusters"],
    })),
  };
}

function leftTable({ left }: PinPlan): Table {
  return {
    title: "Left as it is",
    columns: [{ header: "file" }, { header: "line" }, { header: "key" }, { header: "why" }],
    rows: left.map(({ file, line, key, why, isUnpinned }) => ({
      cells: [file, line, key, isUnpinned ? { text: why, tone: "warn" } : why],
    })),
  };
}

function countNotes({ changes, pinned, undecided }: PinPlan): Note[] {
  const notes: Note[] = [];
  const moved = [...new Set(changes.flatMap(({ before }) => before ?? []))];
  if (moved.length > 0) {
    const count = changes.filter(({ before }) => before !== undefined).length;
    notes.push({ level: "warning", text: `pinned to ${moved.join(", ")} until now: ${references(count)}` });
  }
  if (pinned > 0) notes.push({ level: "info", text: `pinned as asked already: ${references(pinned)}` });
  if (undecided > 0) {
    const text = `cannot tell of ${references(undecided)}: templates; give the files that hold their values, too`;
    notes.push({ level: "info", text });
  }
  return notes;
}

/** What changes for whoever pulls through a regional host. */
function pinningNotes({ changes, pinned }: PinPlan): Note[] {
  if (changes.length + pinned === 0) return [];
  return [
    {
      level: "warning",
      text: "AKS: a default cluster may get 401 from a regional host: its credential provider does not match it. Use newer node images, or a pull secret for the regional host, and try one workload first; the article says that it works by itself",
      because: [
        "azure-wire/acr-aks-regional-pull",
        "azure-wire/acr-aks-node-image",
        "acr-geo-operations/aks-signs-in-again",
      ],
    },
    {
      level: "warning",
      text: "a regional host has no failover: when its region has trouble, pulls fail until the files name another host",
      because: ["acr-geo-operations/failover-not-regional"],
    },
  ];
}

/** In a pipe the table of what is left is not there. */
function byHandNotes({ left }: PinPlan): Note[] {
  return left.map(({ file, line, why, isUnpinned }) =>
    isUnpinned
      ? { level: "warning", text: `not pinned: ${file}:${line}: ${why}` }
      : { level: "info", text: `names the registry, and is left: ${file}:${line}: ${why}` },
  );
}

function endNote({ plan, isCheck, applied }: PinResult, isUnpinned: boolean): Note {
  const { changes } = plan;
  if (applied) {
    return { level: "info", text: `${references(changes.length)} changed; --undo restores the files` };
  }
  if (changes.length > 0 && !isCheck) {
    const text = "this is a plan, nothing was changed; add --apply to write the files";
    return { level: "info", text, isNext: true };
  }
  if (changes.length > 0) return { level: "warning", text: `not pinned: ${references(changes.length)}` };
  if (isUnpinned)
    return { level: "warning", text: "some references are not pinned and have to be changed by hand" };
  return { level: "info", text: isCheck ? "no image is unpinned" : "nothing to change" };
}

function references(count: number): string {
  return count === 1 ? "1 reference" : `${count} references`;
}

export function viewUndo({ undone, applied }: UndoResult): View {
  const isBack = undone.some(({ restored }) => typeof restored !== "string");
  const isLeft = undone.some(({ restored }) => restored === "changed" || restored === "unknown");
  const text = "this is a plan, nothing was changed; add --apply to restore the files";
  const next: Note[] = isBack && !applied ? [{ level: "info", text, isNext: true }] : [];
  return {
    data: { files: undone.map((each) => ({ file: each.file.name, ...undoneData(each, applied) })), applied },
    tables: [
      {
        columns: [{ header: "file" }, { header: "result" }, { header: "changes" }],
        rows: undone.map((each) => ({
          cells: [
            each.file.name,
            { text: resultOf(each, applied), tone: isLeftAlone(each) ? "warn" : "good" },
            undoneData(each, applied).changes,
          ],
        })),
      },
    ],
    notes: [...undone.flatMap(leftNotes), ...next],
    exit: isLeft ? EXIT.partial : isBack && !applied ? EXIT.changes : EXIT.ok,
  };
}

function undoneData({ restored }: UndoneFile, applied: boolean): { state: string; changes: number } {
  if (typeof restored === "string") return { state: restored, changes: 0 };
  return { state: applied ? "restored" : "pinned", changes: restored.edits.length };
}

function isLeftAlone({ restored }: UndoneFile): boolean {
  return restored === "changed" || restored === "unknown";
}

function resultOf({ restored }: UndoneFile, applied: boolean): string {
  if (restored === "original") return "as it was";
  if (typeof restored === "string") return "left alone";
  return applied ? "restored" : "to be restored";
}

function leftNotes({ file: { name }, restored }: UndoneFile): Note[] {
  if (restored === "changed") {
    return [{ level: "warning", text: `${name} was changed after azwise pinned it, and is left alone` }];
  }
  if (restored !== "unknown") return [];
  return [{ level: "warning", text: `${name} was not pinned by azwise here, and is left alone` }];
}
