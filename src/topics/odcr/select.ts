import pLimit from "p-limit";
import type * as z from "zod";
import type { Azure, CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { requireOurs } from "./find-group.ts";
import { findScaleSet } from "./find-scale-set.ts";
import { hasTags, type SELECTED } from "./flags.ts";
import { idKey, parseResourceId, sameId, sameText } from "../../resource-id.ts";

export interface Selection {
  /** Names or ids. */
  vms: readonly string[];
  resourceGroup: string | undefined;
  /** Name or id. */
  scaleSet: string | undefined;
  tags: readonly { key: string; value: string }[];
  /** "1", "2", … or "regional". */
  zones: readonly string[];
  sizes: readonly string[];
}

/** What the selectors of the command line say; see SELECTED. */
export function selectionOf({ vm, resourceGroup, scaleSet, tag, zone, size }: Selected): Selection {
  return { vms: vm, resourceGroup, scaleSet, tags: tag, zones: zone, sizes: size };
}

type Selected = z.infer<z.ZodObject<typeof SELECTED>>;

const STDIN = "-";
const HOW =
  "select with --vm, --resource-group, --scale-set, --tag, --zone, --size, or ids on standard input";

/** The selected VMs with their power state. Selectors narrow each other; selecting nothing is an error. */
export async function selectMachines(selection: Selection, ctx: Context): Promise<VirtualMachine[]> {
  // Read only when asked for: a job's standard input may stay open for ever.
  const given = { ...selection, vms: await readNames(selection.vms, isEmpty(selection), ctx) };
  if (isEmpty(given)) throw new AppError("usage", "no VM is selected", { hint: HOW });
  const wanted = await withScaleSetId(given, ctx);
  const found = await readMachines(await findIds(wanted, await ctx.azure()), ctx, (id) => {
    throw unknownVm(id, []);
  });
  const machines = found.filter((machine) => matches(machine, wanted));
  if (wanted.vms.length > 0) requireAll(found, machines);
  if (machines.length > 0) return machines;
  throw new AppError("usage", "no VM matches the selection", {
    hint: `loosen it, or list VMs with az vm list -o table`,
  });
}

/** An empty list of names must not turn into a selection of everything else that was said. */
async function readNames(vms: readonly string[], onlyStdin: boolean, ctx: Context): Promise<string[]> {
  if (!onlyStdin && !vms.includes(STDIN)) return [...vms];
  const given = await ctx.stdinLines();
  if (given.length > 0 || onlyStdin) return [...vms.filter((vm) => vm !== STDIN), ...given];
  throw new AppError("usage", "no VM is named on standard input", {
    hint: "give names or ids, one per line",
  });
}

/** The members of a group that this run may change, narrowed by the other selectors; there may be none. */
export async function selectMembers(
  group: CapacityReservationGroup,
  selection: Selection,
  ctx: Context,
): Promise<VirtualMachine[]> {
  const { target } = await ctx.azure();
  const wanted = await withScaleSetId(selection, ctx);
  const named = await readNames(selection.vms, false, ctx);
  const ids = group.reservations.flatMap(({ associated, allocated }) => [...associated, ...allocated]);
  const own = unique(ids.filter((id) => isMachineOf(id, target.subscriptionIds[0])));
  // The lists may still name one that is gone.
  const members = await readMachines(own, ctx, () => undefined);
  const stranger = named.find((vm) => !members.some((machine) => isCalled(machine, vm)));
  if (stranger !== undefined) {
    const hint = `azwise odcr status ${group.name} lists its members`;
    throw new AppError("usage", `"${stranger}" is not in group ${group.name}`, { hint });
  }
  const isNamed = (machine: VirtualMachine): boolean =>
    named.length === 0 || named.some((vm) => isCalled(machine, vm));
  return members.filter((machine) => isNamed(machine) && matches(machine, wanted));
}

async function withScaleSetId(selection: Selection, ctx: Context): Promise<Selection> {
  const { scaleSet } = selection;
  return scaleSet === undefined ? selection : { ...selection, scaleSet: await findScaleSet(scaleSet, ctx) };
}

function isMachineOf(id: string, subscriptionId: string): boolean {
  const parsed = parseResourceId(id);
  return parsed?.type === "microsoft.compute/virtualmachines" && parsed.subscriptionId === subscriptionId;
}

function isCalled({ id, name }: VirtualMachine, vm: string): boolean {
  return vm.includes("/") ? sameId(id, vm) : sameText(name, vm);
}

/** Each VM with its power state; `onMissing` throws, or leaves out what does not exist. */
export async function readMachines(
  ids: readonly string[],
  ctx: Context,
  onMissing: (id: string) => undefined,
): Promise<VirtualMachine[]> {
  const azure = await ctx.azure();
  const limit = pLimit(ctx.concurrency);
  let read = 0;
  const found = await Promise.all(
    ids.map((id) =>
      limit(async () => {
        const machine = await azure.compute.getVirtualMachine(id);
        read += 1;
        ctx.progress(`reading VMs ${read}/${ids.length}`);
        return machine ?? onMissing(id);
      }),
    ),
  );
  ctx.progress(undefined);
  return found.filter((machine) => machine !== undefined);
}

/** A VM that was named must not vanish because another selector rules it out. */
function requireAll(named: readonly VirtualMachine[], matching: readonly VirtualMachine[]): void {
  const left = named.filter((machine) => !matching.includes(machine)).map(({ name }) => name);
  if (left.length === 0) return;
  throw new AppError("usage", `the other selectors rule out ${left.join(", ")}`, {
    hint: "name the VMs, or select them by their properties",
  });
}

export function isEmpty({ vms, resourceGroup, scaleSet, tags, zones, sizes }: Selection): boolean {
  return (
    resourceGroup === undefined &&
    scaleSet === undefined &&
    [vms, tags, zones, sizes].every((each) => each.length === 0)
  );
}

/** Ids are taken as they are; names need the list. Filters that the list can answer spare reads of single VMs. */
async function findIds(selection: Selection, azure: Azure): Promise<string[]> {
  const ids = selection.vms.filter((vm) => vm.includes("/")).map((vm) => checkId(vm, azure));
  const names = selection.vms.filter((vm) => !vm.includes("/"));
  if (selection.vms.length > 0 && names.length === 0) return unique(ids);
  const [subscriptionId] = azure.target.subscriptionIds;
  const { resourceGroup } = selection;
  const listed = await azure.compute.listVirtualMachines({
    subscriptionId,
    ...(resourceGroup === undefined ? {} : { resourceGroup }),
  });
  const named = names.map((name) => findByName(name, listed));
  const chosen = selection.vms.length > 0 ? named : listed.filter((machine) => matches(machine, selection));
  return unique([...ids, ...chosen.map(({ id }) => id)]);
}

function checkId(id: string, azure: Azure): string {
  const parsed = parseResourceId(id);
  if (parsed?.type !== "microsoft.compute/virtualmachines") {
    const hint =
      "an id is /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/virtualMachines/<name>";
    throw new AppError("usage", `"${id}" is not the id of a virtual machine`, { hint });
  }
  requireOurs(parsed, azure.target.subscriptionIds[0]);
  return id;
}

function findByName(name: string, machines: readonly VirtualMachine[]): VirtualMachine {
  const [found, ...others] = machines.filter((machine) => machine.name.toLowerCase() === name.toLowerCase());
  if (!found) throw unknownVm(name, machines);
  if (others.length === 0) return found;
  const places = [found, ...others].map((machine) => machine.resourceGroup.toLowerCase()).sort();
  throw new AppError("usage", `"${name}" exists in several resource groups: ${places.join(", ")}`, {
    hint: "add --resource-group, or give the id",
  });
}

function unknownVm(name: string, machines: readonly VirtualMachine[]): AppError {
  const start = name.slice(0, 4).toLowerCase();
  const near = machines.map((machine) => machine.name).filter((each) => each.toLowerCase().startsWith(start));
  const hint =
    near.length > 0
      ? `did you mean ${near.sort().slice(0, 3).join(", ")}?`
      : "list VMs with az vm list -o table";
  return new AppError("usage", `there is no VM "${name}" in this subscription`, { hint });
}

/** A scale set is an id by now. */
function matches(machine: VirtualMachine, selection: Selection): boolean {
  const { resourceGroup, scaleSet, tags, zones, sizes } = selection;
  const inSet = scaleSet === undefined || sameId(machine.scaleSetId, scaleSet);
  const inGroup = resourceGroup === undefined || sameText(machine.resourceGroup, resourceGroup);
  const tagged = hasTags(machine.tags, tags);
  const inZone = zones.length === 0 || zones.includes(machine.zone ?? "regional");
  const sized =
    sizes.length === 0 || sizes.some((size) => sameText(shortSize(size), shortSize(machine.size)));
  return inGroup && inSet && tagged && inZone && sized;
}

function shortSize(size: string): string {
  return size.replace(/^standard_/i, "");
}

function unique(ids: string[]): string[] {
  return [...new Map(ids.map((id) => [idKey(id), id])).values()];
}
