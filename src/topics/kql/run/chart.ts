import type { Note, View } from "../../../output/view.ts";
import { planChart } from "./chart-plan.ts";
import { answerOf, type Answered } from "./view.ts";

/** The view with a chart of its rows, or with a note why there is none. */
export function withChart(view: View, results: readonly Answered[]): View {
  const { columns, rows } = answerOf(results);
  const workspace = results.length > 1 ? [{ name: "workspace", type: "string" }] : [];
  const plan = planChart({ columns: [...workspace, ...columns], rows });
  if ("why" in plan)
    return { ...view, notes: [...view.notes, { level: "info", text: `no chart: ${plan.why}` }] };
  const { chart, left, without } = plan;
  const told: Note[] = [
    ...(without.length === 0
      ? []
      : [{ level: "info" as const, text: `not in the chart: ${without.join(", ")}` }]),
    ...(left === 0
      ? []
      : [
          {
            level: "warning" as const,
            text: `the chart leaves out values that are no number or at no time: ${left}`,
          },
        ]),
  ];
  return { ...view, chart, notes: [...view.notes, ...told] };
}
