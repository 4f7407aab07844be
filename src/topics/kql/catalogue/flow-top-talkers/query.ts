import type { CatalogueQuery } from "../catalogue-query.ts";
import { text, whole } from "../parameters.ts";
import { flows, nsgFlows } from "../../schemas/flow-logs.ts";
import query from "./query.kql";
import nsg from "./query.nsg-flow-logs.kql";

export const flowTopTalkers: CatalogueQuery = {
  name: "flow-top-talkers",
  summary: "Who sends most to whom in a virtual network",
  parameters: [text("ip", "only flows from or to this private address"), whole("rows", "most rows", 20)],
  flavours: [
    {
      name: "flow-logs",
      when: "virtual network flow logs with Traffic Analytics go to this workspace",
      text: query,
      tables: [flows],
    },
    {
      name: "nsg-flow-logs",
      when: "flow logs of network security groups with Traffic Analytics go to this workspace",
      text: nsg,
      tables: [nsgFlows],
    },
  ],
  window: "24h",
  row: "One pair of addresses, bytes of both directions. Public addresses are told by kind and place, as one record holds several of them.",
  next: [
    "azwise kql run flow-top-talkers --workspace W --param ip=ADDRESS for one machine",
    "NTAIpDetails in the same workspace says whose a public address is",
  ],
  because: [
    "vnet-flow-logs/table-of-flows",
    "azure-wire/flow-table",
    "azure-wire/public-flows-have-no-address",
    "azure-wire/flow-time",
  ],
};
