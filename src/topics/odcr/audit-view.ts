import { EXIT, type ExitCode } from "../../errors.ts";
import type { Note, Row, Tone, View } from "../../output/view.ts";
import type { AuditResult } from "./audit.ts";
import type { Audited } from "./audit-rows.ts";
import { AUDIT_STATES, type AuditRow, type AuditState } from "./audit-classify.ts";
import { slotText } from "./slots.ts";

export const TONES: Readonly<Record<AuditState, Tone>> = {
  unprotected: "bad",
  "needs-restart": "bad",
  overallocated: "warn",
  unknown: "warn",
  deallocated: "dim",
  "opted-out": "dim",
  "not-eligible": "dim",
  open: "good",
  covered: "good",
};

export function viewAudit(result: AuditResult): View {
  const { rows, gate, unreadable, truncated } = result;
  const counts = AUDIT_STATES.map(
    (state) => [state, rows.filter((row) => row.state === state).length] as const,
  );
  return {
    data: {
      counts: Object.fromEntries(counts),
      failOn: [...gate],
      unreadable,
      truncated,
      machines: rows.map(({ machine, state, text, because }) => ({
        id: machine.id,
        name: machine.name,
        subscriptionId: machine.subscriptionId,
        location: machine.location,
        zone: machine.zone ?? null,
        size: machine.size,
        power: machine.power,
        group: machine.groupId ?? null,
        state,
        reason: text,
        because,
      })),
    },
    tables: [
      {
        columns: [
          { header: "state" },
          { header: "VM" },
          { header: "resource group" },
          { header: "slot" },
          { header: "power" },
          { header: "detail" },
        ],
        rows: rows.map(toRow),
      },
    ],
    notes: notes(result, counts),
    exit: exitOf(result, gate),
  };
}

function toRow({ machine, state, text, because }: AuditRow): Row {
  const { name, resourceGroup, power } = machine;
  return {
    cells: [{ text: state, tone: TONES[state] }, name, resourceGroup, slotText(machine), power, text],
    because,
  };
}

function notes(result: AuditResult, counts: readonly (readonly [AuditState, number])[]): Note[] {
  const present = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  const none = "no VM is visible: there is none, or this identity may not read them; nothing can be said";
  return [
    result.rows.length === 0
      ? { level: "warning", text: none, because: ["azure-wire/graph-silently-absent"] }
      : {
          level: "info",
          text: `${result.rows.length} VMs: ${present.join(", ")}`,
          because: ["azure-wire/graph-lags"],
        },
    ...gapNotes(result),
  ];
}

/** What nothing can be said about. */
export function gapNotes({ unreadable, truncated }: Audited): Note[] {
  return [
    ...unreadable.map((id) => ({
      level: "warning" as const,
      text: `nothing can be said about subscription ${id}: this identity may not read it`,
      because: ["azure-wire/graph-silently-absent"],
    })),
    ...(truncated
      ? [
          {
            level: "warning" as const,
            text: "the service dropped rows",
            because: ["azure-wire/graph-truncation"],
          },
        ]
      : []),
  ];
}

/** Incomplete data outranks the gate: a clean result of half an estate is not clean. */
export function exitOf({ rows, unreadable, truncated }: Audited, gate: readonly AuditState[]): ExitCode {
  if (unreadable.length > 0 || truncated) return EXIT.partial;
  return rows.some(({ state }) => gate.includes(state)) ? EXIT.changes : EXIT.ok;
}
