import type { ScaleSet } from "../../azure/ports.ts";
import { shellWord } from "../../azure/shell-word.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { parseResourceId, sameId, sameText } from "../../resource-id.ts";
import { requireOurs } from "./find-group.ts";

/**
 * The id of a flexible scale set of the pinned subscription, by its name or id. Throws AppError "usage" when there
 * is none or it is uniform, "auth" when it is elsewhere.
 */
export async function findScaleSet(wanted: string, ctx: Context): Promise<string> {
  const azure = await ctx.azure();
  const id = parseResourceId(wanted);
  if (id) requireOurs(id, azure.target.subscriptionIds[0]);
  ctx.progress("listing scale sets");
  const sets = await azure.compute.listScaleSets(azure.target.subscriptionIds[0]);
  ctx.progress(undefined);
  const [found, another] = sets.filter(({ id, name }) => sameId(id, wanted) || sameText(name, wanted));
  if (!found) throw unknownScaleSet(wanted, sets);
  if (another) {
    const hint = `give the id: --scale-set ${found.id}`;
    throw new AppError("usage", `there are several scale sets named ${found.name}`, { hint });
  }
  if (found.flexible) return found.id;
  throw refuseUniform(found);
}

function refuseUniform({ id, name }: ScaleSet): AppError {
  const words = ["az", "vmss", "update", "--name", name, "--resource-group"];
  const update = [...words, parseResourceId(id)?.resourceGroup ?? ""].map(shellWord).join(" ");
  const message = `scale set ${name} is uniform: its instances are no VMs of their own`;
  return new AppError("usage", message, {
    hint: `name the group in its model: ${update} --capacity-reservation-group <id>`,
    because: ["azure-wire/scale-set-model"],
  });
}

function unknownScaleSet(wanted: string, sets: readonly ScaleSet[]): AppError {
  const names = sets.filter(({ flexible }) => flexible).map(({ name }) => name);
  const hint =
    names.length === 0
      ? "list them with az vmss list -o table"
      : `flexible ones are: ${names.sort().join(", ")}`;
  return new AppError("usage", `there is no scale set "${wanted}" in this subscription`, { hint });
}
