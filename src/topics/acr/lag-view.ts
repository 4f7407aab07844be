import { EXIT } from "../../errors.ts";
import type { Note, View } from "../../output/view.ts";
import { LEAST_FOR_P95 } from "./lag-count.ts";
import type { LagResult } from "./lag.ts";
import { seconds } from "./times.ts";

export function viewLag(result: LagResult): View {
  const { counts, history } = result;
  return {
    data: {
      broken: history.broken,
      lags: counts.map(({ cloud, registry, region, count, atMost, p50, p95, max, within, first, last }) => ({
        cloud,
        registry,
        region,
        count,
        atMost,
        p50Seconds: seconds(p50),
        p95Seconds: seconds(p95),
        maxSeconds: seconds(max),
        withinSeconds: seconds(within),
        first,
        last,
      })),
    },
    tables: [
      {
        columns: [
          { header: "registry" },
          { header: "region" },
          { header: "cloud" },
          { header: "n", align: "right" },
          { header: "at most", align: "right" },
          { header: "p50 s", align: "right" },
          { header: "p95 s", align: "right" },
          { header: "max s", align: "right" },
          { header: "to within s", align: "right" },
        ],
        rows: counts.map(({ cloud, registry, region, count, atMost, p50, p95, max, within }) => ({
          cells: [registry, region, cloud, count, atMost, ...[p50, p95, max, within].map(seconds)],
        })),
      },
    ],
    notes: notesOf(result),
    exit: history.broken > 0 ? EXIT.partial : EXIT.ok,
  };
}

function notesOf({ counts, history, wanted }: LagResult): Note[] {
  const { broken, file } = history;
  const notes: Note[] = [];
  const lines = broken === 1 ? "1 line" : `${broken} lines`;
  if (broken > 0)
    notes.push({ level: "warning", text: `${lines} of ${file} cannot be read and were left out` });
  if (counts.length === 0) {
    const whose = wanted === undefined ? "" : ` of ${wanted}`;
    return [
      ...notes,
      { level: "info", text: `no lag${whose} was kept yet, as waits keep them; see azwise acr wait --help` },
    ];
  }
  if (counts.some(({ within }) => within !== undefined)) {
    const text =
      "p50, p95 and max are of lags that end with the look that found the image, which came earlier than that look, by no more than the last column says";
    notes.push({ level: "info", text });
  }
  if (counts.some(({ atMost }) => atMost > 0)) {
    notes.push({
      level: "info",
      text: "at most: so many may have taken anything from nothing to what was measured; p50, p95 and max leave them out",
    });
  }
  if (counts.some(({ p95 }) => p95 === undefined)) {
    notes.push({
      level: "info",
      text: `p95 takes ${LEAST_FOR_P95} lags beside those in at most; with few, p50 and max say little as well`,
    });
  }
  return notes;
}
