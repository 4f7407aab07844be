import type { CatalogueQuery } from "../catalogue-query.ts";
import { flowLogs, nsgFlowLogs } from "../flow-flavours.ts";
import { machine, whole } from "../parameters.ts";
import query from "./query.kql";
import nsg from "./query.nsg-flow-logs.kql";

export const flowDenied: CatalogueQuery = {
  name: "flow-denied",
  summary: "Flows that a security rule denied",
  parameters: [
    machine("ip", "only flows from or to this private address, or this machine as GROUP/NAME"),
    whole("rows", "most rows", 50),
  ],
  flavours: [flowLogs(query), nsgFlowLogs(nsg)],
  window: "24h",
  row: "One rule and pair of addresses and port, with the number of flows it denied. Flows that no rule of a flow log saw are not here.",
  next: [
    "the rule is a network security group's or a security admin rule of Virtual Network Manager",
    "what a rule would do with one flow: az network watcher test-ip-flow",
  ],
  because: [
    "vnet-flow-logs/allowed-and-denied",
    "azure-wire/flow-table",
    "azure-wire/flow-rule-column",
    "azure-wire/public-flows-have-no-address",
  ],
};
