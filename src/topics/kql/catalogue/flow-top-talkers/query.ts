import type { CatalogueQuery } from "../catalogue-query.ts";
import { flowLogs, nsgFlowLogs } from "../flow-flavours.ts";
import { machine, whole } from "../parameters.ts";
import query from "./query.kql";
import nsg from "./query.nsg-flow-logs.kql";

export const flowTopTalkers: CatalogueQuery = {
  name: "flow-top-talkers",
  summary: "Who sends most to whom in a virtual network",
  parameters: [
    machine("ip", "only flows from or to this private address, or this machine as GROUP/NAME"),
    whole("rows", "most rows", 20),
  ],
  flavours: [flowLogs(query), nsgFlowLogs(nsg)],
  window: "24h",
  row: "One pair of addresses, bytes of both directions. A flow that both of its machines log counts once; one that is passed on by a third machine counts there, too. Public addresses are told by kind and place, as one record holds several of them, and where no address is logged, the machine by its name.",
  next: [
    "one machine alone: azwise kql run flow-top-talkers --workspace W --param ip=ADDRESS",
    "NTAIpDetails (for network security groups AzureNetworkAnalyticsIPDetails_CL) in the same workspace says whose a public address is",
  ],
  because: [
    "vnet-flow-logs/table-of-flows",
    "azure-wire/flow-table",
    "azure-wire/public-flows-have-no-address",
    "azure-wire/flow-logged-at-both-ends",
    "azure-wire/flow-time",
  ],
};
