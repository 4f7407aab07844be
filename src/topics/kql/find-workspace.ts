import type { Workspace } from "../../azure/log-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { isGuid, parseResourceId, sameId, sameText } from "../../resource-id.ts";

/** A workspace as a question needs it. */
export interface Asked {
  /** As people call it: its name, or its GUID where no more is known. */
  name: string;
  customerId: string;
  /** Undefined for a GUID, which is used as it is. */
  id: string | undefined;
}

/**
 * Workspaces by name, id or GUID, in the given subscriptions; a GUID is not looked up. Throws AppError "usage" when there
 * is none or more than one of a name, and "auth" for an id of another subscription.
 */
export async function findWorkspaces(wanted: readonly string[], ctx: Context): Promise<Asked[]> {
  const { subscriptionIds, listed } = await listFor(wanted, ctx);
  const found = wanted.map((each) => findOne(each, listed, subscriptionIds));
  return found.filter(
    (each, at) => found.findIndex(({ customerId }) => customerId === each.customerId) === at,
  );
}

/** One workspace, as `findWorkspaces` finds several. */
export async function findWorkspace(wanted: string, ctx: Context): Promise<Asked> {
  const { subscriptionIds, listed } = await listFor([wanted], ctx);
  return findOne(wanted, listed, subscriptionIds);
}

interface Listed {
  subscriptionIds: readonly string[];
  listed: Workspace[];
}

async function listFor(wanted: readonly string[], ctx: Context): Promise<Listed> {
  const { target, workspaces } = await ctx.azure();
  const { subscriptionIds } = target;
  const isNamed = wanted.some((each) => !isGuid(each));
  const listed = isNamed ? (await Promise.all(subscriptionIds.map((id) => workspaces.list(id)))).flat() : [];
  return { subscriptionIds, listed };
}

function findOne(wanted: string, listed: readonly Workspace[], subscriptionIds: readonly string[]): Asked {
  if (isGuid(wanted)) return { name: wanted.toLowerCase(), customerId: wanted.toLowerCase(), id: undefined };
  const subscriptionId = parseResourceId(wanted)?.subscriptionId;
  if (subscriptionId !== undefined && !subscriptionIds.some((each) => sameText(each, subscriptionId))) {
    const message = `the workspace is in subscription ${subscriptionId}, which this run may not touch`;
    throw new AppError("auth", message, { hint: `use --subscription ${subscriptionId}` });
  }
  const fitting = listed.filter(({ id, name }) => sameId(id, wanted) || sameText(name, wanted));
  const [workspace, another] = fitting;
  if (workspace && !another) {
    const { name, customerId, id } = workspace;
    return { name, customerId, id };
  }
  if (workspace) {
    throw new AppError("usage", `there are several workspaces named ${wanted}`, {
      hint: `give the id, such as ${workspace.id}`,
    });
  }
  const names = listed.map(({ name }) => name).sort();
  throw new AppError("usage", `there is no Log Analytics workspace "${wanted}" in these subscriptions`, {
    hint:
      names.length === 0
        ? "there is none; check --subscription, or give its GUID"
        : `there are: ${names.join(", ")}; --subscription looks in others`,
  });
}
