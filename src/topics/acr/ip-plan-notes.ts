import type { Replica } from "../../azure/registry-ports.ts";
import type { Note } from "../../output/view.ts";
import { nameOf } from "../../resource-id.ts";
import {
  shortText,
  STATIC_TEXT,
  subnetName,
  type AddressPlan,
  type EndpointPlan,
  type SubnetPlan,
} from "./address-plan.ts";
import { AT_LEAST, usableIn, type Addresses } from "./addresses.ts";
import type { Change } from "./ip-plan.ts";
import type { RegistryRead } from "./read.ts";

/** What holds for subnets of any size. */
export function sizeNotes(): Note[] {
  const text = "a subnet for private endpoints should be a /27 at least, and a /24 where that is possible";
  const kept = "Azure keeps five addresses of every subnet, and whatever else is in it needs its own";
  return [
    { level: "info", text, because: ["acr-geo-operations/subnet-size"] },
    { level: "info", text: kept, because: ["azure-wire/subnet-keeps-five"] },
  ];
}

export function ipPlanNotes(live: RegistryRead & Change, plan: AddressPlan): Note[] {
  return [
    eachNote(live, plan),
    ...live.replicas.flatMap(unsettledNotes),
    ...plan.subnets.flatMap(shortNotes),
    ...plan.endpoints.flatMap((endpoint) => endpointNotes(endpoint, plan)),
    ...plan.subnets.flatMap(smallNotes),
    ...freeNotes(plan),
  ];
}

function eachNote({ before, after }: Change, plan: AddressPlan): Note {
  const because = ["azure-wire/acr-addresses-formula", "acr-geo-operations/private-endpoint-covers-all"];
  const same = before.replicas === after.replicas && before.regional === after.regional;
  const afterwards = same ? "" : `, and then ${counted(plan.after)}`;
  const none = plan.endpoints.length === 0 ? "there is none, so no subnet is concerned; " : "";
  const text = `${none}each private endpoint takes ${counted(plan.before)}${afterwards}`;
  return { level: "info", text, because };
}

/** A home region that is not shown as a replication tells no state. */
function unsettledNotes({ region, provisioningState: state }: Replica): Note[] {
  if (state === "" || state === "Succeeded") return [];
  const text = `the replica in ${region} is ${state}: counted, whether or not it has its addresses yet`;
  return [{ level: "info", text, because: ["azure-wire/acr-addresses-formula"] }];
}

function counted({ global, data, regional, total }: Addresses): string {
  const added = regional === 0 ? "" : `, ${regional} regional`;
  return `${total} addresses (${global} global, ${data} data${added})`;
}

function shortNotes(subnet: SubnetPlan): Note[] {
  const text = shortText(subnet);
  if (text === undefined) return [];
  const because = ["acr-geo-operations/full-subnet-rolls-back", "acr-geo-operations/full-subnet-unnamed"];
  return [{ level: "warning", text: `${text}; the service would not name it`, because }];
}

function endpointNotes({ id, status, verdict, now, isStatic }: EndpointPlan, plan: AddressPlan): Note[] {
  const name = nameOf(id);
  const notes: Note[] = [];
  const say = (level: Note["level"], text: string, because: string[] = []): void =>
    void notes.push({ level, text: `${name}: ${text}`, because });
  if (isStatic === true) say("warning", STATIC_TEXT, ["azure-wire/acr-static-addresses"]);
  if (verdict === "gone")
    say("info", `does not exist any more, and its connection is ${status}: not counted`, [
      "azure-wire/acr-connection-states",
    ]);
  else if (status !== "Approved") {
    say("info", `its connection is ${status}; counted as if it were approved`, [
      "azure-wire/acr-connection-states",
    ]);
  }
  if (now !== undefined && now !== plan.before.total) {
    say("info", `has ${now} addresses where ${plan.before.total} are expected`, [
      "azure-wire/acr-addresses-formula",
    ]);
  }
  return notes;
}

function smallNotes({ id, prefixes, usable }: SubnetPlan): Note[] {
  if (usable === undefined || usable >= usableIn(AT_LEAST)) return [];
  const text = `subnet ${subnetName(id)} (${prefixes.join(", ")}) is smaller than a /27, which is advised at least`;
  return [{ level: "info", text, because: ["acr-geo-operations/subnet-size"] }];
}

function freeNotes({ subnets }: AddressPlan): Note[] {
  if (subnets.length === 0) return [];
  const text =
    "free is the size less the five that Azure keeps and the IP configurations that the subnet lists; what is not listed there is not counted";
  return [
    { level: "info", text, because: ["azure-wire/subnet-keeps-five", "acr-geo-operations/addresses-in-use"] },
  ];
}
