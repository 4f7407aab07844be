import type { Table, View } from "../../output/view.ts";
import type { AdviseResult } from "./advise.ts";
import type { Advice } from "./plan-advice.ts";

export function viewAdvise({ registry, need, advice }: AdviseResult): View {
  const { tools, limits, obstacles, steps } = advice;
  return {
    data: {
      registry: { id: registry.id, name: registry.name, sku: registry.sku },
      need,
      tools: tools.map((each) => ({ ...each })),
      limits: limits.map((each) => ({ ...each })),
      obstacles: obstacles.map((each) => ({ ...each })),
      steps: steps.map(({ command = null, ...each }) => ({ ...each, command })),
    },
    tables: [toolTable(advice), limitTable(advice), stepTable(advice)],
    notes: obstacles.map(({ text, because }) => ({ level: "warning", text, because })),
  };
}

function toolTable({ tools }: Advice): Table {
  return {
    columns: [{ header: "tool" }, { header: "reason" }],
    rows: tools.map(({ tool, why, because }) => ({ cells: [tool, why], because })),
  };
}

function limitTable({ limits }: Advice): Table {
  return {
    title: "What it does not do",
    columns: [{ header: "tool" }, { header: "limit" }],
    rows: limits.map(({ tool, text, because }) => ({ cells: [tool, text], because })),
  };
}

function stepTable({ steps }: Advice): Table {
  return {
    title: "What to do",
    columns: [{ header: "step" }, { header: "command", whole: true }],
    rows: steps.map(({ text, command, because }) => ({ cells: [text, command ?? null], because })),
  };
}
