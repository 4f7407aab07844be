import { EXIT } from "../../errors.ts";
import type { Note, View } from "../../output/view.ts";
import { azwiseAcr } from "./az-command.ts";
import type { PickResult } from "./pick.ts";

export function viewPick(result: PickResult): View {
  const { registry, tried } = result;
  const picked = tried.find((each) => each.picked);
  return {
    data: {
      registry: { id: registry.id, name: registry.name },
      loginServer: picked?.host ?? null,
      region: picked?.region ?? null,
      tried: tried.map(({ wanted, host, picked: isPicked, answer, ms }) => ({
        wanted,
        host,
        picked: isPicked,
        answer,
        ms,
      })),
    },
    // A pipe gets the first table: the host and nothing else.
    tables: [
      { columns: [{ header: "login server" }], rows: picked ? [{ cells: [picked.host] }] : [] },
      {
        title: "Asked",
        columns: [
          { header: "wanted" },
          { header: "host", whole: true },
          { header: "answer" },
          { header: "ms", align: "right" },
        ],
        rows: tried.map(({ wanted, host, picked: isPicked, answer, ms, because }) => ({
          cells: [wanted, host, { text: answer, tone: isPicked ? "good" : "bad" }, ms],
          because,
        })),
      },
    ],
    notes: notesOf(result),
    exit: picked ? EXIT.ok : EXIT.failed,
  };
}

function notesOf({ registry, tried, without }: PickResult): Note[] {
  const notes = without.map((word): Note => ({
    level: "warning",
    text: `${word} has no regional host and was passed over`,
    because: ["azure-wire/acr-hosts-are-read"],
  }));
  for (const { host, answer, because } of tried.filter((each) => !each.picked)) {
    notes.push({ level: "warning", text: `${host}: ${answer}`, because });
  }
  const picked = tried.find((each) => each.picked);
  if (!picked) return [...notes, { level: "warning", text: "none of the hosts can be used" }];
  const login = azwiseAcr("login", registry, ["--region", picked.region ?? "global"]);
  const text = `${picked.host} answers; that an image is there, or may be pulled, is not proved. Sign in there first: ${login}`;
  return [...notes, { level: "info", text, because: ["acr-geo-operations/sign-in-per-endpoint"] }];
}
