import { EXIT } from "../../errors.ts";
import type { Note, View } from "../../output/view.ts";
import type { ServingResult } from "./serving.ts";

const BECAUSE = ["acr-geo-operations/layers-from-data-endpoint"];

export function viewServing(result: ServingResult): View {
  const { registry, region, host, image, digest, unknown, steps } = result;
  return {
    data: {
      registry: { id: registry.id, name: registry.name },
      endpoint: registry.loginServer,
      region: region ?? null,
      dataHost: host ?? null,
      image: image ?? null,
      digest: digest ?? null,
      unknown: unknown?.text ?? null,
      steps: steps.map((each) => ({ ...each })),
    },
    tables: [
      {
        columns: [
          { header: "endpoint", whole: true },
          { header: "served by" },
          { header: "layers at", whole: true },
          { header: "asked for" },
        ],
        rows: [
          {
            cells: [
              registry.loginServer,
              region ?? { text: "cannot tell", tone: "warn" },
              host ?? null,
              image ?? null,
            ],
            because: region === undefined ? [] : BECAUSE,
          },
        ],
      },
      ...(steps.length === 0
        ? []
        : [
            {
              title: "Steps",
              columns: [{ header: "step" }, { header: "ms", align: "right" as const }],
              rows: steps.map(({ name, ms }) => ({ cells: [name, ms] })),
            },
          ]),
    ],
    notes: notesOf(result),
    exit: unknown === undefined ? EXIT.ok : EXIT.partial,
  };
}

function notesOf({ unknown }: ServingResult): Note[] {
  if (unknown) return [{ level: "warning", text: `cannot tell: ${unknown.text}`, because: unknown.because }];
  return [
    {
      level: "info",
      text: "this is where one request of this machine went; the next one, or another client, may be sent elsewhere",
      because: ["acr-geo-operations/global-picks-by-network", "acr-geo-operations/no-serving-signal"],
    },
  ];
}
