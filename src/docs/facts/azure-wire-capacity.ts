import type { Fact } from "../fact.ts";

const groups = "Capacity reservation groups";
const reservations = "Capacity reservations";
const association = "Virtual machine association";

/** What is known about capacity reservations; part of the azure-wire article. */
export const capacityFacts: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/group-zones-immutable",
    section: groups,
    text: "The zones of a group are fixed at creation; later only its tags and its sharing can change.",
    appliesTo: "read in the SDK, API 2026-04-01",
  },
  {
    id: "azure-wire/shared-groups-hidden",
    section: groups,
    text: "A plain list of a subscription's groups omits those shared into it; they appear only when the list asks for ids of shared groups.",
    appliesTo: "recorded traffic and read in the SDK, API 2026-04-01",
  },
  {
    id: "azure-wire/zones-are-logical",
    section: groups,
    text: "Zone numbers are per subscription: zone 1 of a shared group may be another physical zone than zone 1 of the subscription that uses it.",
    appliesTo: "Microsoft documentation; the request that maps zones was read in the SDK",
  },
  {
    id: "azure-wire/sharing-replaced",
    section: groups,
    text: "A group's sharing is one list of at most 100 subscription ids, and each change replaces the whole list. The subscriptions have to be of the owner's tenant unless the two tenants trust each other.",
    appliesTo: "Microsoft documentation (preview); replacing was read in the SDK, API 2026-04-01",
  },
  {
    id: "azure-wire/share-permission",
    section: groups,
    text: "Sharing needs the action capacityReservationGroups/share/action beside the right to write the group. Microsoft's page on sharing wants it granted in the subscription that is added, other notes at the group; Owner and Contributor of both have it.",
    appliesTo: "Microsoft documentation (preview); sources differ on where it is granted",
  },
  {
    id: "azure-wire/unshared-until-deallocated",
    section: groups,
    text: "Sharing can be taken back while VMs of that subscription are in the group: they keep their SLA until they are deallocated or moved to other hardware, and then can no longer be associated. Their association stays until it is removed.",
    appliesTo: "Microsoft documentation (preview)",
  },
  {
    id: "azure-wire/shared-quota",
    section: groups,
    text: "The subscription that owns a shared group needs quota for what it reserves, and the subscription whose VMs use it needs quota for those VMs as well.",
    appliesTo: "Microsoft documentation (preview)",
  },
  {
    id: "azure-wire/group-delete-waits",
    section: groups,
    text: "A group can be deleted only when it holds no reservation, and the service may keep refusing for minutes after the last one is gone.",
    appliesTo: "another team's first-hand notes",
  },
  {
    id: "azure-wire/one-zone-per-reservation",
    section: reservations,
    text: "A reservation has exactly one zone, which must be among its group's; a group without zones takes regional reservations and regional VMs only. There is one reservation per size and zone.",
    appliesTo: "Microsoft documentation; request shape in recorded traffic, API 2026-04-01",
  },
  {
    id: "azure-wire/location-of-group",
    section: reservations,
    text: "A reservation has the location of its group.",
    appliesTo: "request shape in recorded traffic, API 2026-04-01",
  },
  {
    id: "azure-wire/reservation-shape-immutable",
    section: reservations,
    text: "Of an existing reservation the quantity and the tags can change; size, zone and location cannot.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/all-or-nothing",
    section: reservations,
    text: "A reservation is granted in full or refused; Azure never gives part of the requested quantity.",
    appliesTo: "Microsoft documentation; immediate reservations, not future ones",
  },
  {
    id: "azure-wire/failed-raise",
    section: reservations,
    text: "When a raise is refused, the reservation usually stays Succeeded with the old quantity, but it may turn Failed and be unusable until that quantity is set again; so the old quantity must be known before raising.",
    appliesTo: "Microsoft documentation (the Failed case); probed in 2026 by another team (the usual case)",
  },
  {
    id: "azure-wire/overallocation-silent",
    section: reservations,
    text: "Azure starts associated VMs beyond the quantity without a warning; those need ordinary quota and free hardware and are outside the SLA.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/overallocated-counts-allocated",
    section: reservations,
    text: "The service calls VMs allocated when they hold hardware, and a reservation overallocated when those outnumber the quantity; deallocated members do not count.",
    appliesTo: "Microsoft documentation",
    contradicts: ["odcr/associated-vs-allocated"],
  },
  {
    id: "azure-wire/which-vm-unknown",
    section: reservations,
    text: "The service lists the VMs allocated against a reservation but never which of them holds a unit; when it is overallocated, no single VM can be called covered.",
    appliesTo: "read in the SDK, API 2026-04-01; another team's design notes agree",
    contradicts: ["odcr/one-vm-owns-the-spot"],
  },
  {
    id: "azure-wire/quota-at-creation",
    section: reservations,
    text: "Quota is taken when a reservation is created or raised; VMs up to the quantity then need no further quota.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/deallocated-counts-quota",
    section: reservations,
    text: "A deallocated VM that stays associated still counts against quota.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/provisioning-must-succeed",
    section: reservations,
    text: "Only the provisioning state Succeeded is a base for the next change: Creating and Updating mean that an operation is still under way, Failed that the last one did not finish.",
    appliesTo:
      "state words in recorded traffic, API 2026-04-01; the rule for VMs is well known, not re-verified",
  },
  {
    id: "azure-wire/size-must-support",
    section: reservations,
    text: "Only sizes whose capability CapacityReservationSupported is True can be reserved; the list of sizes tells, per location.",
    appliesTo: "read in the SDK, API 2026-03-01",
  },
  {
    id: "azure-wire/size-restricted",
    section: reservations,
    text: "A size may be restricted for a subscription in a location or zone and is then refused at once with SkuNotAvailable; whether quantity zero escapes this is not known.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/not-combinable",
    section: reservations,
    text: "Not possible with a reservation: Spot VMs, dedicated hosts, availability sets, proximity placement groups, scale sets limited to a single placement group, Ultra disks, resuming from hibernation.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/sponsored-subscriptions-excluded",
    section: reservations,
    text: "Sponsored subscriptions such as free trials cannot reserve capacity.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/zonal-attach-preview",
    section: association,
    text: "Microsoft's documentation labels associating a running zonal VM a preview.",
    appliesTo: "Microsoft documentation; preview",
  },
  {
    id: "azure-wire/regional-must-be-deallocated",
    section: association,
    text: "A running regional VM cannot be associated: it has to be deallocated first, then associated, then started.",
    appliesTo: "Microsoft documentation; regional VMs",
    contradicts: ["odcr/regional-restart", "odcr/join-and-leave-any-time"],
  },
  {
    id: "azure-wire/regional-gives-up-its-place",
    section: association,
    text: "Microsoft describes the way through quantity zero for zonal VMs only. A deallocated regional VM gives its hardware back, so unless units were reserved before, nothing assures that it starts again.",
    appliesTo: "Microsoft documentation; the risk follows from it and was not measured",
  },
  {
    id: "azure-wire/no-matching-reservation-refused",
    section: association,
    text: "Associating or resizing a VM is refused when the group has no reservation of its size and zone; the error code is not documented.",
    appliesTo: "Microsoft documentation; one third-party source says that the VM merely goes unreserved",
  },
  {
    id: "azure-wire/scale-set-model",
    section: association,
    text: "A scale set names its group in the machine profile of its model. The instances of a uniform set have it from there alone, and with the manual upgrade policy only once they are updated; each VM of a flexible set carries its group itself.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/detach-null-inside",
    section: association,
    text: "Detaching needs the group's id set to null inside the association; a null one level further out answers 200 and detaches nothing.",
    appliesTo: "Microsoft documentation and another team's first-hand notes",
  },
  {
    id: "azure-wire/detach-running-needs-zero",
    section: association,
    text: "A running VM can leave a group only while the reservation's quantity is zero; otherwise it must be deallocated first.",
    appliesTo: "Microsoft documentation",
    contradicts: ["odcr/join-and-leave-any-time"],
  },
  {
    id: "azure-wire/deploy-permission",
    section: association,
    text: "Associating needs the action capacityReservationGroups/deploy/action on the group; being able to read the group does not show that one has it, and VM Contributor may lack it.",
    appliesTo: "Microsoft documentation; sources conflict on VM Contributor",
  },
  {
    id: "azure-wire/open-and-optout",
    section: association,
    text: "VMs use a group of type Open without being associated, by size and zone, and must not be associated with it; a single VM can opt out of reservations altogether.",
    appliesTo: "read in the SDK, API 2026-04-01",
  },
  {
    id: "azure-wire/reservation-type-of-vm",
    section: association,
    text: "A VM's instance view names the type of reservation it runs on (NotEligible, Targeted, Open, Disabled or Block), but never the reservation or the unit.",
    appliesTo: "read in the SDK, API 2026-04-01",
  },
  {
    id: "azure-wire/block-reservations",
    section: groups,
    text: "A group of type Block reserves between two dates; its VMs do not fall back to ordinary capacity, and it cannot be shared.",
    appliesTo: "read in the SDK, API 2026-04-01",
  },
  {
    id: "azure-wire/future-reservations",
    section: reservations,
    text: "A reservation ordered for later is Pending, Declined, Approved, FulfillmentFailed, Committed, Live or PartiallyFulfilled; in the last three it can be neither changed nor deleted before its commitment ends.",
    appliesTo: "read in the SDK, API 2026-04-01",
  },
];
