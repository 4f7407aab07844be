import { createHash } from "node:crypto";
import { join } from "node:path";
import { chooseAuth } from "../../azure/auth-kind.ts";
import type { LoginPort, SignInRequest } from "../../azure/login-ports.ts";
import { readPrivate, writePrivate } from "../../azure/private-file.ts";
import { tokenOwner } from "../../azure/token-owner.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { sameId } from "../../resource-id.ts";
import { Walk } from "./discover-record.ts";
import { walkTenants } from "./discover-walk.ts";

/**
 * The last walk of this identity in this cloud; undefined when there is none, or when it has not met the tenant
 * that is named now. A file that is broken is told once. At most one request, for a domain.
 */
export async function readWalk(login: LoginPort, ctx: Context): Promise<Walk | undefined> {
  const file = await walkFile(login, ctx);
  const read = await readPrivate(file);
  if (read === undefined) return undefined;
  if ("refused" in read) return ignore(ctx, file, read.refused);
  const walk = parseWalk(read.text) ?? ignore(ctx, file, "it is not a walk");
  return walk && (await hasMet(walk, login)) ? walk : undefined;
}

/** An application is another one in each tenant, and what it sees from one says nothing about the next. */
async function hasMet({ tenants }: Walk, { wanted, findTenantId }: LoginPort): Promise<boolean> {
  const named = wanted.tenant?.value.toLowerCase();
  if (named === undefined || tenants.some(({ domain }) => domain?.toLowerCase() === named)) return true;
  const tenantId = await findTenantId(named);
  return tenants.some((each) => sameId(each.tenantId, tenantId));
}

/** Only a walk that came to its end is kept, so that Ctrl-C leaves the last one in place. */
export async function walkAndKeep(login: LoginPort, ctx: Context, start: SignInRequest): Promise<Walk> {
  const walk = await walkTenants(login, ctx, start);
  await keepWalk(walk, login, ctx);
  return walk;
}

/** A walk that cannot be kept is still a result: that it is not kept is only told. */
async function keepWalk(walk: Walk, login: LoginPort, ctx: Context): Promise<void> {
  try {
    await writePrivate(await walkFile(login, ctx), JSON.stringify(walk));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.say(`warning: the walk is not kept: ${error.message}`);
  }
}

function parseWalk(text: string): Walk | undefined {
  try {
    return Walk.parse(JSON.parse(text));
  } catch {
    // Half-written, edited, or of another version: the caller says so and goes on without it.
    return undefined;
  }
}

function ignore(ctx: Context, file: string, reason: string): undefined {
  ctx.say(`warning: ${file} is ignored: ${reason}`);
}

/** Another identity sees other tenants, so each has a file of its own, as far as it is known before a sign-in. */
async function walkFile({ wanted, env, azProfile }: LoginPort, { folders }: Context): Promise<string> {
  const { cloud, tenant } = wanted;
  const kind = chooseAuth(wanted.auth.value, { cloud, env });
  const where = { kind, cloud, env, tenantId: tenant?.value ?? "", stateFolder: folders.state };
  const owner = await tokenOwner({ ...where, azAccounts: azProfile.accounts });
  const key = JSON.stringify([cloud.name, kind, owner ?? null]);
  const name = createHash("sha256").update(key).digest("hex").slice(0, 32);
  return join(folders.cache, "discovery", `${name}.json`);
}
