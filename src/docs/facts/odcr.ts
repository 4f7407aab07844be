import type { Fact } from "../fact.ts";

const startup = "More detail about VM startup";
const cost = "Cost Implications of ODCRs";
const paidTwice = "Are there any cases where using ODCRs results in paying more for a VM?";
const whenToUse = "When should I use them?";
const components = "Components of an ODCR";
const creationFails = "What you can do if creating an ODCR fails";
const impact = "Impact of associating a virtual machine with an ODCR";
const wrongAnswer = "Where an ODCR is not the right answer";
const associatedVsAllocated = "“Associated” vs “Allocated”";
const behavior1 = "“Interesting” On-Demand Capacity Reservation behavior #1";
const behavior2 = "“Interesting” On-Demand Capacity Reservation behavior #2";
const behavior3 = "“Interesting” On-Demand Capacity Reservation behavior #3";
const payoff = "The payoff! Or, using these three behaviors to your advantage";

type OdcrFact = Omit<Fact, "article">;

const statements: readonly OdcrFact[] = [
  {
    id: "odcr/one-vm-owns-the-spot",
    section: "On-Demand Capacity Reservations",
    text: "A reservation is pictured as a parking space that one particular VM owns and nobody else may use.",
  },
  {
    id: "odcr/must-match",
    section: "On-Demand Capacity Reservations",
    text: "A VM can use a reservation only if both have the same region, the same zone (or none) and the same size.",
  },
  {
    id: "odcr/no-start-sla-without",
    section: startup,
    text: "Starting a VM that has no reservation is best effort with no SLA; a reservation brings a formal SLA and puts the VM ahead of those without one.",
  },
  {
    id: "odcr/quota-is-a-credit-limit",
    section: startup,
    text: "Quota only permits creating cores of a VM family, like a credit limit; it does not make room for a VM to start.",
  },
  {
    id: "odcr/discounts-are-not-capacity",
    section: startup,
    text: "Reserved Instances and Savings Plans lower the price only; they do nothing for the chance that a VM starts.",
  },
  {
    id: "odcr/no-double-billing",
    section: cost,
    text: "A reserved unit costs what a running VM of its size costs, and a VM using the unit is not charged a second time.",
  },
  {
    id: "odcr/billing-starts-with-quantity",
    section: cost,
    text: "The bill starts as soon as the reserved quantity is above zero, whether or not a VM uses the units.",
  },
  {
    id: "odcr/stopping-saves-nothing",
    section: cost,
    text: "Stopping a VM that has a reservation saves no compute cost, because its hardware stays held for it.",
  },
  {
    id: "odcr/discounts-apply",
    section: cost,
    text: "A Reserved Instance or Savings Plan of the same scope brings its discounted rate to the reservation too.",
  },
  {
    id: "odcr/replicas-paid-twice",
    section: paidTwice,
    text: "One workload is paid for twice when its Site Recovery or Azure Migrate replica holds a reservation while the original also runs in Azure.",
  },
  {
    id: "odcr/always-on-vms",
    section: whenToUse,
    text: "Reservations are strongly advised for VMs that must be up around the clock: domain controllers, application and database servers, and firewall or load balancer appliances.",
  },
  {
    id: "odcr/assessments-report-gaps",
    section: whenToUse,
    text: "Microsoft's resiliency assessments look for reservations and rate a VM without one as a high-risk finding.",
  },
  {
    id: "odcr/involuntary-stops",
    section: "Not all VM stops in Azure are voluntary",
    text: "Azure can stop a VM without its owner asking, for example ahead of a predicted hardware failure; this is rare, but then the VM has to find room again.",
  },
  {
    id: "odcr/group-is-a-bucket",
    section: components,
    text: "A capacity reservation group is only a container: a name, a region and the zones it may use; the reservations inside it hold the capacity.",
  },
  {
    id: "odcr/reservation-needs",
    section: components,
    text: "A reservation needs a name, exactly one VM size, a zone (or none, for regional VMs) and a quantity.",
  },
  {
    id: "odcr/naming",
    section: components,
    text: "Put the size and the zone into a reservation's name, as in Zone1_D16s_v5, so that nobody mistakes one for another.",
  },
  {
    id: "odcr/shared-groups",
    section: components,
    text: "A group can be shared, so that VMs of other subscriptions use what one subscription owns and manages.",
  },
  {
    id: "odcr/causes-of-failure",
    section: components,
    text: "Creating a reservation can fail for four reasons: no free hardware at that moment, too little quota, a size the region or zone does not offer, or a restriction on the subscription, zone or region.",
  },
  {
    id: "odcr/off-hours",
    section: creationFails,
    text: "A reservation is more likely to succeed outside the business hours of the region, when demand drops.",
  },
  {
    id: "odcr/other-size-zone-region",
    section: creationFails,
    text: "Where capacity is short, another VM size, availability zone or region may still have room.",
  },
  {
    id: "odcr/retry-until-it-succeeds",
    section: creationFails,
    text: "Automation may ask again at intervals until the full quantity is granted; expect that this can last days or weeks.",
  },
  {
    id: "odcr/support-ticket",
    section: creationFails,
    text: "A support ticket makes the problem visible and finds causes other than capacity, but support can hardly produce hardware that is not there.",
  },
  {
    id: "odcr/failed-start-same-advice",
    section: creationFails,
    text: "What helps a failing reservation also helps a VM that will not start, because both wait for the same search for free hardware.",
  },
  {
    id: "odcr/stopped-immediate",
    section: impact,
    text: "Associating a VM that is not running with a group takes effect at once.",
  },
  {
    id: "odcr/regional-restart",
    section: impact,
    text: "A running regional VM (one without a zone) can be added to a group, but is protected only after it was stopped and started again.",
    appliesTo: "regional VMs",
  },
  {
    id: "odcr/zonal-live-attach",
    section: impact,
    text: "A running zonal VM can be added to a group at once and without any disruption.",
    appliesTo: "zonal VMs",
  },
  {
    id: "odcr/scale-in-and-out-is-costly",
    section: wrongAnswer,
    text: "Where machines come and go to save money, reserving the whole pool pays for every machine, online or not.",
  },
  {
    id: "odcr/scale-out-minimum",
    section: wrongAnswer,
    text: "For a pool that scales out, reserve only the smallest number of VMs with which the service is still usable.",
  },
  {
    id: "odcr/associated-vs-allocated",
    section: associatedVsAllocated,
    text: "Associated means that a VM is linked to the group; allocated means the quantity that the group holds. A group with more associated VMs than quantity is overallocated.",
  },
  {
    id: "odcr/overallocation-first-come",
    section: associatedVsAllocated,
    text: "When a group is overallocated, the associated VMs that started first are protected, up to the quantity; later ones are not.",
  },
  {
    id: "odcr/join-and-leave-any-time",
    section: behavior1,
    text: "Unlike membership of an availability set, membership of a group can be changed at any time, for running and for stopped VMs.",
  },
  {
    id: "odcr/zero-quantity",
    section: behavior2,
    text: "Creating a reservation with quantity zero should always succeed: it is bookkeeping only, and Azure has no hardware to find.",
  },
  {
    id: "odcr/raise-over-running",
    section: behavior3,
    text: "Raising the quantity to cover members that already run needs no new hardware: Azure ties the reservation to the places they occupy.",
  },
  {
    id: "odcr/order-of-steps",
    section: payoff,
    text: "To protect existing VMs, create a group with a reservation of quantity zero, associate the VMs, then raise the quantity to the number of running VMs.",
  },
  {
    id: "odcr/protected-when-quantity-covers",
    section: payoff,
    text: "All associated VMs are protected once the quantity is at least their number.",
  },
  {
    id: "odcr/running-first",
    section: "Final thoughts",
    text: "Bring the VMs online first and reserve afterwards: reserving the full quantity up front makes Azure find extra hardware, which may fail where capacity is short.",
  },
  {
    id: "odcr/eligibility-changes",
    section: "References",
    text: "Which VMs may use a reservation changes often; check Microsoft's current list of restrictions.",
  },
];

export const odcrFacts: readonly Fact[] = statements.map((statement) => ({ ...statement, article: "odcr" }));
