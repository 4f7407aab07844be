import { EXIT } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import type { Note, Table, View } from "../../output/view.ts";
import { carriedOutExit, warningNotes } from "../../plan/carry-out-view.ts";
import { durationText, pursuitTable } from "../../plan/pursuit-view.ts";
import { usedText, type AcquireChoice } from "./acquire-plan.ts";
import type { AcquireResult } from "./acquire.ts";
import { carriedOutData, carriedOutTables, endNotes } from "./carry-out-view.ts";

export function viewAcquire(result: AcquireResult): View {
  const { choices, warnings, refusals, pursuit } = result.acquire;
  const { report } = result;
  const acquired = report?.pursuit?.choices.find((each) => each.result === "acquired")?.name;
  const tables = report?.pursuit
    ? [pursuitTable(report.pursuit), ...carriedOutTables(result, [])]
    : carriedOutTables(result, [choicesTable(result)]);
  const isRefused = !pursuit && choices.every(({ refused }) => refused);
  return {
    data: {
      quantity: result.quantity,
      acquired: choices.find(({ name }) => name === acquired)?.reservationId ?? null,
      choices: choices.map((each) => choiceData(each, choices)),
      pursuit: (pursuit as unknown as JsonObject) ?? null,
      ...carriedOutData(result),
    },
    tables,
    notes: [
      ...warningNotes(warnings),
      ...(report ? warningNotes(refusals) : []),
      ...(pursuit ? planNotes(result) : []),
      ...(isRefused ? [allRefused] : endNotes(result)),
    ],
    exit: isRefused ? EXIT.partial : carriedOutExit(result),
  };
}

const allRefused: Note = {
  level: "warning",
  text: "every choice is refused before the first try, for causes that waiting does not mend; nothing was changed",
  because: ["odcr/causes-of-failure", "odcr/other-size-zone-region"],
};

function planNotes({ acquire: { pursuit }, report }: AcquireResult): Note[] {
  if (report || !pursuit) return [];
  const { everyMs, forMs } = pursuit;
  const text = `tried in this order about every ${durationText(everyMs)}, for ${durationText(forMs)} from the start; the first that is granted ends it`;
  return [{ level: "info", text, because: ["odcr/retry-until-it-succeeds", "odcr/other-size-zone-region"] }];
}

function choicesTable({ acquire: { choices, pursuit } }: AcquireResult): Table {
  return {
    columns: [
      { header: "choice" },
      { header: "group" },
      { header: "reservation" },
      { header: "when" },
      { header: "result" },
      { header: "detail" },
    ],
    rows: choices.map((choice) => {
      const { name, group, reservation, reservationName, refused } = choice;
      const hours = pursuit?.choices.find((each) => each.name === name)?.offHours;
      const when = hours ? `${hours.fromHour}-${hours.toHour} and weekends, ${hours.timeZone}` : "any time";
      const made = group.found ? "" : " (new)";
      const now = `${reservationName}${reservation ? `, ${reservation.quantity} now` : " (new)"}`;
      const result = resultOf(choice, choices);
      return {
        cells: [
          name,
          `${group.name}${made}`,
          now,
          when,
          refused ? { text: result, tone: "bad" } : result,
          detailOf(choice),
        ],
        because: refused?.because ?? (hours ? ["odcr/off-hours"] : []),
      };
    }),
  };
}

function detailOf({ refused, reservation }: AcquireChoice): string {
  if (refused) return `${refused.cause}: ${refused.text}`;
  return reservation && reservation.allocated.length > 0 ? usedText(reservation) : "";
}

function resultOf({ refused, isThere }: AcquireChoice, choices: readonly AcquireChoice[]): string {
  if (refused) return "refused";
  if (isThere) return "already there";
  return choices.some((each) => each.isThere) ? "not needed" : "to be tried";
}

function choiceData(choice: AcquireChoice, choices: readonly AcquireChoice[]): JsonObject {
  const { name, slot, group, reservation, reservationName, refused } = choice;
  return {
    name,
    slot: { location: slot.location, zone: slot.zone ?? null, size: slot.size },
    group: group.id,
    reservation: reservationName,
    now: reservation?.quantity ?? 0,
    result: resultOf(choice, choices),
    cause: refused?.cause ?? null,
    detail: refused?.text ?? null,
    because: refused?.because ?? [],
  };
}
