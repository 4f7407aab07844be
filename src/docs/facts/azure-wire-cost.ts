import type { Fact } from "../fact.ts";

const prices = "Public price list";
const replicas = "Replicated machines in Resource Graph";

/** What units cost, and who holds a second one; part of the azure-wire article. */
export const costFacts: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/retail-prices",
    section: prices,
    text: "Azure's public price list tells anybody, without a sign-in, the retail price of a size in a location of the public cloud; US dollars are what Microsoft prices in, other currencies are for reference, and no agreement or discount is in it.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/retail-meters",
    section: prices,
    text: "The price list has several meters for one size in one location: with a Windows licence, Spot, low priority, cloud services, and prices of other periods.",
    appliesTo: "Microsoft documentation and other teams' notes",
  },
  {
    id: "azure-wire/owner-pays-idle-units",
    section: "Shared groups",
    text: "Idle units of a shared group are charged to the subscription that owns it; what runs on its units is charged to the VM's own subscription.",
    appliesTo: "another team's first-hand notes on sharing, in preview",
  },
  {
    id: "azure-wire/replicas-in-graph",
    section: replicas,
    text: "Resource Graph lists replicated items of Site Recovery with the source VM in fabricObjectId and the replica's group in recoveryCapacityReservationGroupId; the migration items of Azure Migrate are not among its documented types.",
    appliesTo:
      "Microsoft documentation, SDK models and public scripts; that Resource Graph shows the group is not verified",
  },
];
