import type { Note, Row, View } from "../../output/view.ts";
import { shortDigest } from "./copies.ts";
import { exitOf, isOther, lackText, type Waited } from "./wait-verdict.ts";
import type { WaitResult } from "./wait.ts";
import { seconds } from "./times.ts";

export function viewWait(result: WaitResult): View {
  const { sources, image, digest, from, regions } = result;
  const { azure } = sources;
  return {
    data: {
      registry: azure ? { id: azure.registry.id, name: azure.registry.name } : null,
      image,
      digest: digest ?? null,
      digestFrom: from ?? null,
      found: regions.filter(({ found }) => found !== undefined).length,
      asked: digest === undefined ? 0 : regions.length,
      replicas: regions.map((each) => ({
        name: each.name,
        host: each.host ?? null,
        state: stateOf(each, digest),
        digest: each.copy?.digest ?? null,
        missing: (each.copy?.missing ?? []).map((missing) => ({ ...missing })),
        why: each.why ?? null,
        foundAt: each.found?.time ?? null,
        lagSeconds: seconds(each.found?.lagMs),
        withinSeconds: seconds(each.found?.withinMs),
      })),
    },
    tables: [
      {
        columns: [
          { header: azure ? "region" : "replica" },
          { header: "image" },
          { header: "lag s", align: "right" },
          { header: "to within s", align: "right" },
        ],
        rows: regions.map((each) => rowOf(each, result)),
      },
    ],
    notes: notesOf(result),
    exit: exitOf(regions, digest),
  };
}

type State = "pullable" | "differs" | "late" | "refused" | "not asked";

function stateOf(each: Waited, digest: string | undefined): State {
  if (each.found) return "pullable";
  if (each.refused) return "refused";
  if (digest === undefined) return "not asked";
  return isOther(each, digest) ? "differs" : "late";
}

function rowOf(each: Waited, { sources, digest }: WaitResult): Row {
  const { found } = each;
  const lag = [seconds(found?.lagMs), seconds(found?.withinMs)];
  if (found) return { cells: [each.name, { text: "can be pulled", tone: "good" }, ...lag] };
  const text = digest === undefined && each.why === undefined ? "not asked" : lackText(each, digest);
  const because = sources.azure ? becauseOf(each, digest) : [];
  return { cells: [each.name, { text, tone: "bad" }, ...lag], because };
}

function becauseOf(each: Waited, digest: string | undefined): string[] {
  if (each.why !== undefined || each.copy === undefined) return [];
  if (isOther(each, digest)) return ["acr-geo-operations/tag-overwrite-race"];
  if (each.copy.digest === undefined) return ["acr-geo-operations/pull-outruns-replication"];
  return ["acr-geo-operations/scattered-push"];
}

function notesOf(result: WaitResult): Note[] {
  const { sources, unkept } = result;
  const notes = [...sources.notes, ...aboutDigest(result), ...aboutReplicas(result)];
  if (unkept !== undefined) notes.push({ level: "warning", text: `lags were not kept: ${unkept}` });
  return [...notes, ...aboutLag(result)];
}

function aboutDigest({ sources, image, digest, from, untold }: WaitResult): Note[] {
  if (from === undefined) return [];
  const because = sources.azure ? ["acr-geo-operations/tag-overwrite-race"] : [];
  if (digest === undefined) {
    const text = `${from} did not tell what ${image} is (${untold ?? "not asked"}), so no replica was asked: name a digest, or use --from`;
    return [{ level: "warning", text }];
  }
  const text = `waited for ${digest}, which is what ${from} answered at first; that may be from before a push: only a digest says for sure`;
  return [{ level: "warning", text, because }];
}

function aboutReplicas({ regions, image, digest }: WaitResult): Note[] {
  if (digest === undefined) return [];
  const left = regions.filter(({ found }) => found === undefined);
  const count = `${regions.length - left.length} of ${regions.length}`;
  if (left.length === 0) {
    return [{ level: "info", text: `${image} can be pulled from ${count} replicas`, because: [] }];
  }
  const names = left.map((each) => each.name).join(", ");
  const other = left.find((each) => isOther(each, digest))?.copy?.digest;
  const differs =
    other === undefined
      ? ""
      : `; one of them has ${shortDigest(other)} in its place, which waiting may not mend`;
  const text = `${image} can be pulled from ${count} replicas, and not from ${names}${differs}`;
  return [{ level: "warning", text }];
}

function aboutLag({ regions, everyMs }: WaitResult): Note[] {
  const found = regions.flatMap((each) => each.found ?? []);
  const notes: Note[] = [];
  if (found.some(({ lagMs }) => lagMs !== undefined)) {
    const text = `a lag ends with the look that found the image; it came up to so much earlier as the last column says, as looks are ${everyMs / 1000} s apart or more`;
    notes.push({ level: "info", text });
  }
  if (found.some(({ lagMs }) => lagMs === undefined)) {
    notes.push({ level: "info", text: "without a lag: it was there at the first look, maybe long before" });
  }
  return notes;
}
