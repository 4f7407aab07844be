import * as z from "zod";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { viewEndpoints } from "./endpoints-view.ts";
import { RegistryWord, someOf } from "./flags.ts";
import { SWITCHES, type Switch } from "./hosts.ts";
import { readRegistry, type RegistryRead } from "./read.ts";

const EndpointsInput = z.object({
  registry: RegistryWord,
  firewall: z.boolean().default(false),
  after: someOf(SWITCHES).default([]),
});
type EndpointsInput = z.infer<typeof EndpointsInput>;

export interface EndpointsResult extends RegistryRead {
  firewall: boolean;
  after: Switch[];
}

async function runEndpoints(input: EndpointsInput, ctx: Context): Promise<EndpointsResult> {
  const { registry, firewall, after } = input;
  return { ...(await readRegistry(registry, ctx)), firewall, after };
}

export const endpoints = verb({
  name: "endpoints",
  summary: "Every host of a registry, or what a firewall has to let through",
  args: ["<registry>"],
  examples: [
    "acr endpoints shopregistry",
    "acr endpoints shopregistry --firewall -o md",
    "acr endpoints shopregistry --firewall --after regional,data",
  ],
  flags: [
    { flag: "--firewall", summary: "per region, the hosts that a client there has to reach" },
    {
      flag: "--after <switches>",
      summary: "as if these were on: regional, data, or both separated by a comma",
      once: true,
    },
  ],
  details: `
Hosts are those that the service reports. With --after there are expected ones, too, and they are marked.
Exits 6 when the service does not tell a host that should be there.`,
  input: EndpointsInput,
  run: runEndpoints,
  view: viewEndpoints,
});
