import { expect, test } from "vitest";
import { search } from "../../../src/topics/docs/search.ts";
import { runVerb } from "./run-verb.ts";

test("finds facts by words of their id first", async () => {
  const view = await runVerb(search, { words: ["regional", "restart"] });

  expect(view.tables[0]!.rows.map((row) => row.cells[0])).toEqual(["odcr/regional-restart"]);
  expect(view.data).toEqual({
    hits: [
      {
        kind: "fact",
        id: "odcr/regional-restart",
        text: "A running regional VM (one without a zone) can be added to a group, but is protected only after it was stopped and started again.",
      },
    ],
  });
  expect(view.notes).toEqual([]);
});

test("finds articles by their title", async () => {
  const view = await runVerb(search, { words: ["exemplars"] });

  expect(view.data).toEqual({
    hits: [
      {
        kind: "article",
        id: "metric-exemplars",
        text: "Connect Metrics to Traces with Exemplars in Azure Monitor",
      },
    ],
  });
});

test("no hit is an empty result with a note, not a failure", async () => {
  const view = await runVerb(search, { words: ["purple", "elephant"] });

  expect(view).toEqual({
    data: { hits: [] },
    tables: [{ columns: [{ header: "id" }, { header: "says" }], rows: [] }],
    notes: [
      {
        level: "info",
        text: 'nothing matches "purple elephant"; every word must occur, so try fewer or shorter ones',
      },
    ],
  });
});
