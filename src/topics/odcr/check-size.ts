import type { Answer } from "../../azure/permissions.ts";
import type { Known } from "../../azure/known.ts";
import type { SizeOffer } from "../../azure/ports.ts";
import type { Finding } from "./check-judge.ts";
import { slotText, type Slot } from "./slots.ts";

/** Whether the slot's size is offered, can be reserved, and is not restricted there. */
export function judgeSize(slot: Slot, offers: Known<SizeOffer[]> | undefined): Finding[] {
  const found = findOffer(slot, offers);
  const about = slotText(slot);
  if ("unknown" in found) {
    return ["offered", "reservable", "unrestricted"].map((question) => ({
      question,
      about,
      answer: "cannot tell",
      detail: found.unknown,
      because: ["azure-wire/size-must-support"],
    }));
  }
  const { value: offer } = found;
  return [judgeOffered(slot, offer), judgeReservable(offer), judgeRestrictions(slot, offer)].map(
    (judged) => ({
      about,
      ...judged,
    }),
  );
}

type Judged = Omit<Finding, "about">;

/** The size as the location lists it; a value of undefined means that it does not. */
export function findOffer(
  { location, size }: Slot,
  offers: Known<SizeOffer[]> | undefined,
): Known<SizeOffer | undefined> {
  if (offers === undefined || "unknown" in offers) return offers ?? { unknown: "the sizes were not read" };
  if (offers.value.length === 0)
    return { unknown: `no size at all is listed for ${location}; check the name` };
  return { value: offers.value.find((each) => each.size.toLowerCase() === size.toLowerCase()) };
}

function judgeOffered({ location, zone }: Slot, offer: SizeOffer | undefined): Judged {
  const asked = { question: "offered", because: ["odcr/causes-of-failure"] };
  if (!offer) return { ...asked, answer: "no", detail: `the size is not listed for ${location}` };
  if (zone === undefined) return { ...asked, answer: "yes", detail: `listed for ${location}` };
  if (offer.zones.length === 0) return { ...asked, answer: "cannot tell", detail: "the list names no zones" };
  const answer: Answer = offer.zones.includes(zone) ? "yes" : "no";
  return { ...asked, answer, detail: `listed for zones ${offer.zones.join(", ")}` };
}

function judgeReservable(offer: SizeOffer | undefined): Judged {
  const asked = { question: "reservable", because: ["azure-wire/size-must-support"] };
  if (!offer) return { ...asked, answer: "cannot tell", detail: "the size is not listed" };
  const supported = offer.capacityReservationSupported;
  const detail = `CapacityReservationSupported is ${supported ? "" : "not "}True`;
  return { ...asked, answer: supported ? "yes" : "no", detail };
}

function judgeRestrictions({ zone }: Slot, offer: SizeOffer | undefined): Judged {
  const asked = { question: "unrestricted", because: ["azure-wire/size-restricted"] };
  if (!offer) return { ...asked, answer: "cannot tell", detail: "the size is not listed" };
  const inZone = zone !== undefined && offer.restrictedZones.includes(zone);
  if (!offer.restricted && !inZone) return { ...asked, answer: "yes", detail: "no restriction is listed" };
  const codes = offer.restrictionCodes.join(", ") || "no reason is given";
  const detail = `${offer.restricted ? "the location" : `zone ${zone}`} is restricted: ${codes}`;
  return { ...asked, answer: "no", detail, because: [...asked.because, "azure-wire/restriction-codes"] };
}
