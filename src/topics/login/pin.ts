import * as z from "zod";
import type { LoginPort } from "../../azure/login-ports.ts";
import { pinPath, readPin, removePin, writePin, type FoundPin, type Pin } from "../../azure/settings.ts";
import { checkSubscriptions } from "../../azure/target.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { chooseTarget, findTenant } from "./login-choice.ts";
import { readAnyPin } from "./pin-read.ts";
import { pinJson, pinTable } from "./pin-table.ts";

const PinInput = z.object({ force: z.boolean().default(false) });

interface PinResult extends FoundPin {
  /** What was pinned before; undefined when nothing was. */
  replaced: Pin | undefined;
}

async function runPin({ force }: z.infer<typeof PinInput>, ctx: Context): Promise<PinResult> {
  const { pin: replaced, isBroken } = force
    ? await readAnyPin(ctx.cwd)
    : { pin: await readPin(ctx.cwd), isBroken: false };
  const pin = await resolvePin(await ctx.login("pin"));
  if (replaced !== undefined && !force && !isSamePin(replaced, pin)) throw pinnedAlready(ctx.cwd, replaced);
  // A link that leads nowhere must not be written through.
  if (isBroken) await removePin(pinPath(ctx.cwd));
  return { file: await writePin(ctx.cwd, pin), pin, replaced };
}

/** Ids, since a domain may come to belong to another tenant. At most one request, and none with a token. */
async function resolvePin(login: LoginPort): Promise<Pin> {
  const { wanted } = login;
  const { tenant, subscription } = chooseTarget(wanted);
  const [id] = subscription === undefined ? [] : checkSubscriptions([subscription]);
  return {
    cloud: wanted.cloud.name,
    tenant: await findTenant(login, tenant, id),
    ...(id === undefined ? {} : { subscription: id }),
  };
}

function isSamePin(one: Pin, other: Pin): boolean {
  const parts = ({ cloud, tenant, subscription }: Pin): string =>
    JSON.stringify([cloud, tenant?.toLowerCase(), subscription?.toLowerCase()]);
  return parts(one) === parts(other);
}

function pinnedAlready(folder: string, { cloud, tenant, subscription }: Pin): AppError {
  const pinned = [
    cloud === undefined ? [] : [`cloud ${cloud}`],
    tenant === undefined ? [] : [`tenant ${tenant}`],
    subscription === undefined ? [] : [`subscription ${subscription}`],
  ].flat();
  return new AppError("usage", `${pinPath(folder)} pins ${pinned.join(", ") || "nothing"}`, {
    hint: "add --force to replace it",
  });
}

function viewPin(result: PinResult): View {
  return {
    data: {
      pinned: pinJson(result),
      replaced: result.replaced ? pinJson({ ...result, pin: result.replaced }) : null,
    },
    tables: [pinTable(result.pin)],
    notes: [{ level: "info", text: `${result.file} is written; commit it, and it holds for everybody here` }],
  };
}

export const pin = verb({
  name: "pin",
  summary: "Pin this folder to one cloud, tenant and subscription",
  examples: ["login pin", "login pin --tenant contoso.com --subscription <id>"],
  flags: [{ flag: "--force", summary: "replace a pin of this folder that says something else" }],
  details: `
Writes .azwise.json into the working directory: what flags, variables, the active context and az's default
account lead to, as ids. Every command below this folder that is told to go elsewhere stops with exit 4.`,
  input: PinInput,
  run: runPin,
  view: viewPin,
});
