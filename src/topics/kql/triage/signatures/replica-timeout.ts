import { azContainerApp } from "../commands.ts";
import { currentOf, evidenceOf, overText, spanOf, type Case } from "../evidence.ts";
import { isTimeout } from "../events.ts";
import type { Cause } from "../seen.ts";

/** A job that was ended when its replica timeout was up. */
export function replicaTimeout(seen: Case): Cause[] {
  const { examined } = seen;
  const { resource, events, lines } = examined;
  const found = examined.kind === "job" ? events.filter(isTimeout) : [];
  const last = found.at(-1);
  if (!last) return [];
  const { rows, over } = currentOf(found, seen);
  const allowed = rows
    .flatMap(({ text }) => /deadline of (\d+) seconds/i.exec(text)?.[1] ?? [])
    .map(Number)
    .at(-1);
  const now = resource?.kind === "job" ? resource.replicaTimeout : undefined;
  const written = lines.filter((line) => rows.some(({ replica }) => replica === line.replica)).at(-1);
  const changed = now !== undefined && allowed !== undefined && now !== allowed ? `; it is ${now} s now` : "";
  const saidLast = written
    ? "; what it wrote last is among the evidence"
    : "; it wrote nothing in the window";
  return [
    {
      id: "replica-timeout",
      title: `Not done when its replica timeout${allowed === undefined ? "" : ` of ${allowed} s`} was up`,
      because: over ? overText(over) : `the event says so${changed}${saidLast}`,
      certainty: over ? "over" : "likely",
      tier: 2,
      ...spanOf(rows),
      evidence: [...evidenceOf(rows, examined), ...evidenceOf(written ? [written] : [], examined)],
      fixes: [
        {
          text: "how long it needs cannot be told from here; this is twice what it has, and what is left to do tells whether that is enough",
          command: azContainerApp(
            examined,
            "update",
            "--replica-timeout",
            String(2 * (now ?? allowed ?? 900)),
          ),
        },
        {
          text: "the state of every execution",
          command: azContainerApp(examined, "execution list", "-o", "table"),
        },
      ],
      facts: [
        "container-apps-startup/replica-timeout",
        "container-apps-startup/realistic-timeout",
        "azure-wire/job-event-reasons",
      ],
    },
  ];
}
