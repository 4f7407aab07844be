import type { Json, JsonObject } from "../../../json.ts";
import type { CellValue, Row, Table } from "../../../output/view.ts";
import { numberOf, resolve, secondsOf, sum, tellSeconds, type Day } from "./report-plan.ts";
import { MOST_ROWS, type ReportResult, type Section, type SectionName } from "./report.ts";

const CANNOT_TELL = "cannot tell";

export function summaryTable(
  { days: daily, changes, outages }: Record<SectionName, Section>,
  days: readonly Day[],
  isComparable: boolean,
): Table {
  const [now, before] = [sum(days, "failures"), sum(days, "before")];
  const isTold = daily.problem === undefined;
  const count = (change: string): CellValue =>
    changes.problem === undefined && isComparable ? changed(changes, change).length : CANNOT_TELL;
  return {
    columns: [
      { header: "measure" },
      { header: "value", align: "right" },
      { header: "before", align: "right" },
    ],
    rows: [
      row(
        ["failures", isTold ? now : CANNOT_TELL, isTold && isComparable ? before : CANNOT_TELL],
        REPORT_FACTS,
      ),
      row(["errors that are new", count("new"), null], ["failure-logging/what-changed"]),
      row(["errors that are gone", count("gone"), null], ["failure-logging/what-changed"]),
      ...resolutionRows(outages),
    ],
  };
}

const REPORT_FACTS = ["failure-logging/reliability-measures", "azure-wire/failure-event-has-no-status"];
export const NO_END = ["azure-wire/failure-table-has-no-end"];

function row(cells: CellValue[], because: readonly string[] = []): Row {
  return { cells, because };
}

function resolutionRows({ rows, problem }: Section): Row[] {
  const { meanSeconds, longestSeconds, open, outages } = resolve(rows);
  const tell = (seconds: number | undefined): string =>
    seconds === undefined || problem !== undefined ? CANNOT_TELL : tellSeconds(seconds);
  const isKnown = problem === undefined;
  return [
    row(["outages", isKnown ? outages : CANNOT_TELL, null]),
    row(["outages without an end so far", isKnown ? open : CANNOT_TELL, null], NO_END),
    row(["mean time to resolution", tell(meanSeconds), null], NO_END),
    row(["longest outage that ended", tell(longestSeconds), null], NO_END),
  ];
}

export function dayTable({ window, isComparable }: ReportResult, days: readonly Day[]): Table {
  const end = window.until.getTime();
  return {
    title: "Failures by day, with the period before",
    columns: [
      { header: "24 h up to (UTC)" },
      { header: "failures", align: "right" },
      { header: "before", align: "right" },
    ],
    rows: days.map(({ daysAgo, failures, before }) => ({
      cells: [
        new Date(end - daysAgo * 86_400_000).toISOString().slice(0, 16) + "Z",
        failures,
        isComparable ? before : null,
      ],
    })),
  };
}

export function countTable(title: string, column: string, { rows }: Section): Table {
  return {
    title: `${title} with most failures`,
    columns: [
      { header: title.toLowerCase().replace(/s$/, "") },
      { header: "failures", align: "right" },
      { header: "runs", align: "right" },
      { header: "pipelines", align: "right" },
      { header: "last" },
      { header: "codes" },
    ],
    rows: rows.map((each) => ({
      cells: [
        cell(each[column]),
        cell(each["Failures"]),
        cell(each["Runs"]),
        cell(each["Pipelines"]),
        cell(each["Last"]),
        listed(each["Codes"]),
      ],
    })),
  };
}

export function errorTable({ rows }: Section): Table {
  return {
    title: "Errors with most failures",
    columns: [
      { header: "code" },
      { header: "failures", align: "right" },
      { header: "pipelines" },
      { header: "last" },
      { header: "a message" },
    ],
    rows: rows.map((each) => ({
      cells: [
        cell(each["ErrorCode"]),
        cell(each["Failures"]),
        listed(each["Pipelines"]),
        cell(each["Last"]),
        short(each["Example"]),
      ],
    })),
  };
}

function changed({ rows }: Section, change: string): JsonObject[] {
  return rows.filter((each) => each["Change"] === change);
}

export function changeTable(title: string, change: "new" | "gone", section: Section): Table {
  const count = change === "new" ? "Now" : "Before";
  return {
    title,
    columns: [
      { header: "environment" },
      { header: "pipeline" },
      { header: "dataset" },
      { header: "code" },
      { header: "failures", align: "right" },
      { header: "last" },
      { header: "a message" },
    ],
    rows: changed(section, change)
      .slice(0, MOST_ROWS)
      .map((each) => ({
        cells: [
          cell(each["Environment"]),
          cell(each["PipelineName"]),
          cell(each["DatasetName"]),
          cell(each["ErrorCode"]),
          cell(each[count]),
          cell(each["Last"]),
          short(each["Example"]),
        ],
      })),
  };
}

export function outageTable({ rows }: Section): Table {
  return {
    title: "Outages by environment, pipeline and dataset, as far as in this period",
    columns: [
      { header: "environment" },
      { header: "pipeline" },
      { header: "dataset" },
      { header: "outages", align: "right" },
      { header: "without end", align: "right" },
      { header: "mean time to resolution", align: "right" },
      { header: "last failure" },
    ],
    rows: rows.slice(0, MOST_ROWS).map((each) => {
      const mean = secondsOf(each["MeanTimeToResolve"]);
      return {
        cells: [
          cell(each["Environment"]),
          cell(each["PipelineName"]),
          cell(each["DatasetName"]),
          cell(each["Outages"]),
          cell(each["Open"]),
          mean === undefined || numberOf(each["Outages"]) === numberOf(each["Open"])
            ? CANNOT_TELL
            : tellSeconds(mean),
          cell(each["LastFailure"]),
        ],
      };
    }),
  };
}

function cell(value: Json | undefined): CellValue {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : value;
}

function listed(value: Json | undefined): CellValue {
  return Array.isArray(value) ? value.map(String).join(", ") : cell(value);
}

const LONGEST_MESSAGE = 120;

function short(value: Json | undefined): CellValue {
  const text = String(value ?? "");
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}
