import { flows, nsgFlows } from "../schemas/flow-logs.ts";
import type { Flavour } from "./catalogue-query.ts";

export function flowLogs(text: string): Flavour {
  return {
    name: "flow-logs",
    when: "virtual network flow logs with Traffic Analytics go to this workspace",
    text,
    tables: [flows],
    names: { parameter: "ip", column: "SrcIp", others: ["DestIp", "SrcVm", "DestVm"] },
  };
}

export function nsgFlowLogs(text: string): Flavour {
  return {
    name: "nsg-flow-logs",
    when: "flow logs of network security groups with Traffic Analytics go to this workspace",
    text,
    tables: [nsgFlows],
    names: { parameter: "ip", column: "SrcIP_s", others: ["DestIP_s", "VMIP_s", "VM1_s", "VM2_s"] },
  };
}
