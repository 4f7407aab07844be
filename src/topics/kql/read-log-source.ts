import { findByName, type NamedResource } from "../../azure/find-by-name.ts";
import type { DiagnosticSetting } from "../../azure/log-ports.ts";
import { tellFailure, type Known } from "../../azure/known.ts";
import type { Context } from "../../context.ts";
import { nameOf, sameText } from "../../resource-id.ts";
import type { Asked } from "./find-workspace.ts";
import {
  cannotTellSource,
  judgeSource,
  type LogSource,
  type SourceKind,
  type SourceSeen,
} from "./log-source-plan.ts";

interface Looking {
  /** The name of the resource. */
  name: string;
  kind: SourceKind;
  workspace: Asked;
}

/** Whether a resource sends its logs to the workspace; beside the answer, so nothing that goes wrong here stops it. */
export async function readLogSource(looking: Looking, ctx: Context): Promise<LogSource> {
  const { name, kind } = looking;
  const resource = await oneOf({ name, types: kind.types, what: `${kind.what} ${name}` }, ctx);
  if ("unknown" in resource) return cannotTellSource(resource.unknown);
  const sender = await senderOf(resource.value, kind, ctx);
  if ("unknown" in sender) return cannotTellSource(sender.unknown);
  const id = await idOf(looking.workspace, ctx);
  if ("unknown" in id) return cannotTellSource(id.unknown);
  const settings = await settingsOf(sender.value, ctx);
  if ("unknown" in settings) return cannotTellSource(settings.unknown);
  const { customerId } = looking.workspace;
  return judgeSource({
    kind,
    sender: sender.value,
    destination: sender.value.destination,
    settings: settings.value,
    workspace: { id: id.value, customerId },
  });
}

interface Resource {
  name: string;
  types: readonly string[];
  what: string;
}

async function oneOf({ name, types, what }: Resource, ctx: Context): Promise<Known<NamedResource>> {
  const { graph, target } = await ctx.azure();
  const found = await tellFailure(what, () => findByName(graph, { name, types }, target.subscriptionIds));
  if ("unknown" in found) return found;
  const [first, another] = found.value;
  if (!first) return { unknown: `no ${what} is to be seen in these subscriptions` };
  return another ? { unknown: `there is more than one ${what} in these subscriptions` } : { value: first };
}

/** What sends the logs of a resource: itself, or the environment that it is in. */
interface Sender {
  id: string;
  name: string;
  destination: SourceSeen["destination"];
}

async function senderOf(resource: NamedResource, kind: SourceKind, ctx: Context): Promise<Known<Sender>> {
  const { id, name, properties } = resource;
  if (!kind.isThroughEnvironment) return { value: { id, name, destination: undefined } };
  // Apps have both members, jobs the first alone.
  const { environmentId, managedEnvironmentId } = properties;
  const where = [environmentId, managedEnvironmentId].find((each) => typeof each === "string");
  if (where === undefined) return { unknown: `${name} does not say in which environment it is` };
  const { containerApps } = await ctx.azure();
  const what = `environment ${nameOf(where)} of ${name}`;
  const read = await tellFailure(what, () => containerApps.getEnvironment(where));
  if ("unknown" in read) return read;
  const environment = read.value;
  if (!environment) return { unknown: `${what} is not there` };
  const { logDestination, customerId } = environment;
  const destination = { kind: logDestination ?? "none", customerId };
  return { value: { id: environment.id, name: environment.name, destination } };
}

async function settingsOf(sender: Sender, ctx: Context): Promise<Known<DiagnosticSetting[]>> {
  const { workspaces } = await ctx.azure();
  const what = `the diagnostic settings of ${sender.name}`;
  return tellFailure(what, () => workspaces.listDiagnosticSettings(sender.id));
}

/** Settings name workspaces by id, of which a GUID tells nothing. */
async function idOf({ id, name, customerId }: Asked, ctx: Context): Promise<Known<string>> {
  if (id !== undefined) return { value: id };
  const { workspaces, target } = await ctx.azure();
  const listed = await tellFailure("the workspaces", async () =>
    (await Promise.all(target.subscriptionIds.map((each) => workspaces.list(each)))).flat(),
  );
  if ("unknown" in listed) return listed;
  const found = listed.value.find((each) => sameText(each.customerId, customerId));
  return found ? { value: found.id } : { unknown: `workspace ${name} is in none of these subscriptions` };
}
