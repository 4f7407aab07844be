import { azContainerApp } from "../commands.ts";
import { currentOf, evidenceOf, spanOf, type Case } from "../evidence.ts";
import { exitOf, isFailure, isGivenUp } from "../events.ts";
import type { Cause, Examined, SystemEvent } from "../seen.ts";

/** Ends that no known cause explains: that there were some is told, and what was written last. */
export function unknownEnd(seen: Case): Cause[] {
  const { examined } = seen;
  const { rows, over } = currentOf(badEnds(examined), seen);
  const last = rows.at(-1);
  if (!last || over) return [];
  const written = examined.lines
    .filter(({ replica, at }) => replica === last.replica && at <= last.at)
    .slice(-3);
  const isLost = written.length === 0 && examined.tables.console === "ContainerAppConsoleLogs";
  const wrote =
    written.length === 0 ? "it wrote nothing before that" : "what it wrote before is among the evidence";
  return [
    {
      id: "unknown-end",
      title: `${whatHappened(rows)}, and none of the known causes was seen`,
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

function whatHappened(rows: readonly SystemEvent[]): string {
  const exits = rows.flatMap((event) => exitOf(event) ?? []);
  const codes = [...new Set(exits.flatMap(({ code }) => code ?? []))];
  const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
  if (exits.length === 0) return `Said ${times(rows.length)} to crash, back off or not come up in time`;
  return `Ended ${times(exits.length)}${codes.length === 0 ? "" : ` with exit code ${codes.join(", ")}`}`;
}

/**
 * Ended from outside: 137 is told with memory, and 143 is how a replica goes that is not needed any more; but it goes
 * once.
 */
function badEnds({ events }: Examined): SystemEvent[] {
  const asked = events.filter((event) => exitOf(event)?.code === 143);
  const isAgain = ({ replica }: SystemEvent): boolean =>
    asked.filter((event) => event.replica === replica).length > 1;
  return events.filter((event) => {
    const exit = exitOf(event);
    if (!exit) return isGivenUp(event);
    if (exit.code === 143) return isFailure(exit) && isAgain(event);
    return isFailure(exit) && exit.code !== 137;
  });
}
