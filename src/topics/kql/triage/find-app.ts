import type { ContainerApp, ContainerEnvironment, ContainerJob } from "../../../azure/container-ports.ts";
import { tellFailure, type Known } from "../../../azure/known.ts";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { sameId, sameText } from "../../../resource-id.ts";
import type { Asked } from "../find-workspace.ts";

export interface FoundApp {
  resource: ContainerApp | ContainerJob | undefined;
  /** Why it is not known as a resource. */
  unknown: string | undefined;
  /** Names of apps and jobs that may be seen. */
  names: string[];
  /** Resource groups of those of the name in other groups than the one that was typed. */
  elsewhere: string[];
  /** An app has the name of the job that was asked for. */
  isApp: boolean;
  /** A job of the same name is there, too. */
  hasTwin: boolean;
}

export interface AppWanted {
  name: string;
  resourceGroup?: string | undefined;
  /** Only jobs. */
  job: boolean;
}

/** The app or job of a name in the given subscriptions; throws AppError (usage) where there are several apps, or jobs. */
export async function findApp({ name, resourceGroup, job }: AppWanted, ctx: Context): Promise<FoundApp> {
  const { containerApps, target } = await ctx.azure();
  const read = await Promise.all(
    target.subscriptionIds.flatMap((id): Promise<Known<(ContainerApp | ContainerJob)[]>>[] => [
      tellFailure("the container apps", () => containerApps.listApps(id)),
      tellFailure("the container app jobs", () => containerApps.listJobs(id)),
    ]),
  );
  const all = read.flatMap((each) => ("value" in each ? each.value : []));
  const reasons = read.flatMap((each) => ("unknown" in each ? [each.unknown] : []));
  const isThere = (each: { resourceGroup: string }): boolean =>
    resourceGroup === undefined || sameText(each.resourceGroup, resourceGroup);
  const named = all.filter((each) => sameText(each.name, name));
  const fitting = named.filter(isThere);
  const apps = job ? [] : fitting.filter(({ kind }) => kind === "app");
  const jobs = fitting.filter(({ kind }) => kind === "job");
  const [resource, another] = apps.length > 0 ? apps : jobs;
  if (resource && another) throw several(name, [resource, another]);
  const where = resourceGroup === undefined ? "these subscriptions" : `resource group ${resourceGroup}`;
  const none = `there is no ${job ? "" : "app or "}job ${name} in ${where} that may be seen`;
  return {
    resource,
    unknown: resource ? undefined : [...new Set(reasons), ...(reasons.length === 0 ? [none] : [])].join("; "),
    elsewhere: named.filter((each) => !isThere(each)).map((each) => each.resourceGroup),
    isApp: job && fitting.some(({ kind }) => kind === "app"),
    names: all.map((each) => each.name),
    hasTwin: apps.length > 0 && jobs.length > 0,
  };
}

function several(
  name: string,
  [one, other]: readonly [{ resourceGroup: string }, { resourceGroup: string }],
): AppError {
  return new AppError(
    "usage",
    `there are several named ${name}, in ${one.resourceGroup} and ${other.resourceGroup}`,
    {
      hint: `--resource-group ${one.resourceGroup}`,
    },
  );
}

/** Where the logs of an app's environment go. */
export interface Destination {
  environment: string;
  /** How rows name the environment; undefined where its domain is not known. */
  names: readonly string[] | undefined;
  text: string;
  /** They do not come to this workspace, as far as can be told. */
  isElsewhere: boolean;
}

/** What the environment says of its logs; undefined when there is nothing to ask about. */
export async function findDestination(
  { resource }: FoundApp,
  workspace: Asked,
  ctx: Context,
): Promise<Known<Destination> | undefined> {
  const id = resource?.environmentId;
  if (id === undefined) return undefined;
  const { containerApps } = await ctx.azure();
  const read = await tellFailure("the environment", () => containerApps.getEnvironment(id));
  if ("unknown" in read) return read;
  if (read.value === undefined) return { unknown: "the environment is not there" };
  return judge(read.value, workspace, ctx);
}

async function judge(
  { id, name, defaultDomain, logDestination, customerId }: ContainerEnvironment,
  workspace: Asked,
  ctx: Context,
): Promise<Known<Destination>> {
  const [label] = defaultDomain?.split(".") ?? [];
  const names = label === undefined ? undefined : [name, label];
  const told = (text: string, isElsewhere: boolean): Known<Destination> => ({
    value: { environment: name, names, text: `environment ${name} ${text}`, isElsewhere },
  });
  if (logDestination === undefined) return told("keeps no logs", true);
  if (logDestination === "log-analytics") {
    const isHere = customerId === workspace.customerId;
    return told(
      `sends its logs to ${isHere ? "this workspace" : `workspace ${customerId ?? "of another kind"}`}`,
      !isHere,
    );
  }
  const { workspaces } = await ctx.azure();
  const settings = await tellFailure("the diagnostic settings", () => workspaces.listDiagnosticSettings(id));
  if ("unknown" in settings) return settings;
  const here = settings.value.filter(({ workspaceId }) => sameId(workspaceId, workspace.id));
  const categories = [...new Set(here.flatMap((each) => each.categories))];
  if (workspace.id === undefined)
    return told(`sends its logs by diagnostic settings (${logDestination})`, false);
  if (categories.length === 0)
    return told("has no diagnostic setting that sends logs to this workspace", true);
  return told(`sends ${categories.join(" and ")} to this workspace`, false);
}
