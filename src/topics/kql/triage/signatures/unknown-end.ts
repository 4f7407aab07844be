import { azContainerApp } from "../commands.ts";
import { currentOf, evidenceOf, spanOf, type Case } from "../evidence.ts";
import { exitOf, isFailure } from "../events.ts";
import type { Cause, SystemEvent } from "../seen.ts";

/** Ends that no known cause explains: that there were some is told, and what was written last. */
export function unknownEnd(seen: Case): Cause[] {
  const { examined } = seen;
  const ends = examined.events.filter(isBad);
  const { rows, over } = currentOf(ends, seen);
  const last = rows.at(-1);
  if (!last || over) return [];
  const codes = [...new Set(rows.flatMap((event) => exitOf(event)?.code ?? []))];
  const written = examined.lines
    .filter(({ replica, at }) => replica === last.replica && at <= last.at)
    .slice(-3);
  const isLost = written.length === 0 && examined.tables.console === "ContainerAppConsoleLogs";
  const wrote =
    written.length === 0 ? "it wrote nothing before that" : "what it wrote before is among the evidence";
  return [
    {
      id: "unknown-end",
      title: `Ended ${rows.length === 1 ? "once" : `${rows.length} times`}${codes.length === 0 ? "" : ` with exit code ${codes.join(", ")}`}, and none of the known causes was seen`,
      because: isLost ? `${wrote}, or it was lost: with destination azure-monitor that happens` : wrote,
      certainty: "unknown",
      tier: 7,
      ...spanOf(rows),
      evidence: [...evidenceOf([last], examined), ...evidenceOf(written, examined)],
      fixes: [
        examined.kind === "job"
          ? {
              text: "the state of every execution",
              command: azContainerApp(examined, "execution list", "-o", "table"),
            }
          : {
              text: "the lines around it",
              command: azContainerApp(examined, "logs show", "--type", "console", "--tail", "50"),
            },
      ],
      facts: [
        ...(isLost ? ["azure-wire/crash-lines-lost"] : []),
        ...(examined.kind === "job"
          ? ["container-apps-startup/silent-job-failure"]
          : ["container-apps-startup/read-console-logs", "container-apps-startup/restart-loop-causes"]),
      ],
    },
  ];
}

/** Ended from outside: 137 is told with memory, 143 is how a replica goes that is not needed any more. */
const SIGNALS = new Set([137, 143]);

function isBad(event: SystemEvent): boolean {
  const exit = exitOf(event);
  return exit !== undefined && isFailure(exit) && !SIGNALS.has(exit.code ?? 0);
}
