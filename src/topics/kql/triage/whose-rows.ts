import type { ContainerApp, ContainerJob } from "../../../azure/container-ports.ts";
import { AppError } from "../../../errors.ts";
import { idKey, parseResourceId, sameId, sameText } from "../../../resource-id.ts";

/** What a row says of whose it is. */
export interface Marks {
  /** Of the app or job; of its environment with destination azure-monitor; empty where there is none. */
  resourceId: string;
  /** As the table names it; may be empty. */
  environment: string;
  isJob: boolean;
}

export interface Wanted {
  name: string;
  resource: Pick<ContainerApp | ContainerJob, "id" | "kind" | "environmentId"> | undefined;
  /** Names by which rows may call its environment; undefined where not all of them are known. */
  environments: readonly string[] | undefined;
  resourceGroup: string | undefined;
  /** Other resource groups that have one of the name. */
  elsewhere: readonly string[];
  /** Only a job is meant. */
  job: boolean;
}

export interface Whose<Row extends Marks> {
  kind: "app" | "job";
  /** Of the app or job itself, as rows have it. */
  resourceId: string | undefined;
  /** Those that are its own, or do not say whose they are. */
  rows: Row[];
  /** Whose the others are, each once. */
  others: string[];
  /** Why some of those that were kept may be another's. */
  gap: string | undefined;
}

/**
 * Names occur in several groups and environments, and rows are found by name. Throws AppError (usage) where they are of
 * several apps and nothing chooses among them, and where none is of what was asked for.
 */
export function whoseRows<Row extends Marks>(found: readonly Row[], wanted: Wanted): Whose<Row> {
  const { name, resource, job } = wanted;
  const judged = found.map((row) => ({ row, verdict: judge(row, wanted) }));
  const fitting = judged.filter(({ verdict }) => verdict !== "other");
  const areJobs = job || (fitting.length > 0 && fitting.every(({ row }) => row.isJob));
  const kind = resource?.kind ?? (areJobs ? "job" : "app");
  const own = fitting.filter(({ row }) => row.isJob === (kind === "job"));
  const rows = own.map(({ row }) => row);
  const kept = new Set(rows);
  const others = found.filter((row) => !kept.has(row));
  if (!resource && rows.length === 0 && others.length > 0) throw noneOf(others, wanted);
  const ids = distinct(rows.flatMap((row) => (row.resourceId === "" ? [] : [idKey(row.resourceId)])));
  if (!resource && ids.length > 1) throw several(name, ids);
  if (!resource && rows.length > 0 && own.every(({ verdict }) => verdict === "unsaid")) refuseDoubt(wanted);
  const unsaid = own.flatMap(({ row, verdict }) => (verdict === "unsaid" ? [row] : []));
  return {
    kind,
    resourceId: rows.find((row) => isOfApp(row))?.resourceId,
    rows,
    others: distinct(others.map((row) => ownerOf(row, name))),
    gap: unsaid.length === 0 ? undefined : gapOf(unsaid, name),
  };
}

/** Of metrics, which have the id of the app or job itself; undefined where they are of several. */
export function whoseUsage<Usage extends { resourceId: string }>(
  usage: readonly Usage[],
  { resource, resourceGroup }: Wanted,
  resourceId: string | undefined,
): Usage[] | undefined {
  const known = resource?.id ?? resourceId;
  if (known !== undefined) return usage.filter((each) => sameId(each.resourceId, known));
  const fitting = usage.filter(
    (each) =>
      resourceGroup === undefined ||
      sameText(parseResourceId(each.resourceId)?.resourceGroup ?? "", resourceGroup),
  );
  return distinct(fitting.map((each) => each.resourceId)).length > 1 ? undefined : fitting;
}

const ENVIRONMENT = "microsoft.app/managedenvironments";
const OF_APPS = ["microsoft.app/containerapps", "microsoft.app/jobs"];

function isOfApp({ resourceId }: Marks): boolean {
  return OF_APPS.includes(parseResourceId(resourceId)?.type ?? "");
}

function judge(row: Marks, { resource, environments, resourceGroup }: Wanted): "own" | "other" | "unsaid" {
  const told = parseResourceId(row.resourceId);
  const isOwn = (own: boolean): "own" | "other" => (own ? "own" : "other");
  if (told && (isOfApp(row) || told.type === ENVIRONMENT)) {
    if (!resource) return isOwn(resourceGroup === undefined || sameText(told.resourceGroup, resourceGroup));
    const id = isOfApp(row) ? resource.id : resource.environmentId;
    return id === undefined ? "unsaid" : isOwn(sameId(row.resourceId, id));
  }
  if (row.environment === "" || !environments) return "unsaid";
  return isOwn(environments.some((each) => sameText(each, row.environment)));
}

function ownerOf(row: Marks, name: string): string {
  const { resourceId, environment, isJob } = row;
  const kind = isJob ? "job" : "app";
  const told = parseResourceId(resourceId);
  if (told && isOfApp(row)) return `${kind} ${name} in ${told.resourceGroup}`;
  if (told) return `${kind} ${name} in environment ${told.name} of ${told.resourceGroup}`;
  return environment === "" ? `${kind} ${name}` : `${kind} ${name} in environment ${environment}`;
}

function gapOf(unsaid: readonly Marks[], name: string): string {
  const environments = distinct(unsaid.map(({ environment }) => environment)).filter((each) => each !== "");
  const where = environments.length === 0 ? "" : ` (environment ${environments.join(", ")})`;
  return `${unsaid.length} rows${where} do not say of which ${name} they are, so another one's may be among them`;
}

function several(name: string, ids: readonly string[]): AppError {
  const places = ids.map((id) => parseResourceId(id)?.resourceGroup ?? id);
  const [one = ""] = places;
  return new AppError("usage", `rows of the window are of several named ${name}: ${ids.join(" and ")}`, {
    hint:
      distinct(places).length > 1
        ? `--resource-group ${one}`
        : `--subscription of the one that is meant, where it may be read`,
  });
}

function noneOf(others: readonly Marks[], { name, job, resourceGroup }: Wanted): AppError {
  if (job && others.every(({ isJob }) => !isJob)) return notJob(name);
  const there = distinct(others.map((row) => ownerOf(row, name)));
  const group = others.flatMap((row) => (isOfApp(row) ? (parseResourceId(row.resourceId) ?? []) : []))[0];
  return new AppError(
    "usage",
    `no row of the window is of ${job ? "job " : ""}${name} in resource group ${resourceGroup ?? ""}, but of ${there.join(", ")}`,
    { hint: group ? `--resource-group ${group.resourceGroup}` : "leave --resource-group out" },
  );
}

/** Rows that do not say whose they are may be of the one that is known, and not of the one that was typed. */
function refuseDoubt({ name, resourceGroup = "", elsewhere }: Wanted): void {
  const [one] = elsewhere;
  if (one === undefined) return;
  throw new AppError(
    "usage",
    `rows do not say of which ${name} they are, and there is none in resource group ${resourceGroup} that may be seen, but in ${distinct(elsewhere).join(", ")}`,
    { hint: `--resource-group ${one}` },
  );
}

/** For `--job` with the name of an app. */
export function notJob(name: string): AppError {
  return new AppError("usage", `${name} is an app, and no job of the name is known`, {
    hint: "leave --job out",
  });
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
