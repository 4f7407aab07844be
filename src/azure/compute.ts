import { ComputeManagementClient } from "@azure/arm-compute";
import type { TokenCredential } from "@azure/core-auth";
import type { ArmConnection } from "./arm.ts";
import type { Clients } from "./compute-answer.ts";
import { getGroup, listGroups } from "./compute-groups.ts";
import {
  getVirtualMachine,
  isSinglePlacementGroup,
  listScaleSets,
  listVirtualMachines,
} from "./compute-machines.ts";
import { listSizes, listUsages } from "./compute-sizes.ts";
import { readReservationType } from "./newer-compute.ts";
import type { ComputePort } from "./ports.ts";

export interface ComputeConnection extends ArmConnection {
  credential: TokenCredential;
}

/** Reads of Microsoft.Compute through the SDK client, narrowed to what reservations need. */
export function createCompute(connection: ComputeConnection): ComputePort {
  const made = new Map<string, ComputeManagementClient>();
  const clients: Clients = (subscriptionId) => {
    const client = made.get(subscriptionId) ?? createClient(connection, subscriptionId);
    made.set(subscriptionId, client);
    return client;
  };
  return {
    listVirtualMachines: (scope) => listVirtualMachines(clients(scope.subscriptionId), scope.resourceGroup),
    getVirtualMachine: (id) => getVirtualMachine(clients, id),
    listGroups: (subscriptionId) => listGroups(clients(subscriptionId), subscriptionId),
    getReservationType: (id) => readReservationType(connection, id),
    getGroup: (id) => getGroup({ connection, clients }, id),
    listSizes: (subscriptionId, location) => listSizes(clients(subscriptionId), location),
    listUsages: (subscriptionId, location) => listUsages(clients(subscriptionId), location),
    listScaleSets: (subscriptionId) => listScaleSets(clients(subscriptionId)),
    isSinglePlacementGroup: (id) => isSinglePlacementGroup(clients, id),
  };
}

function createClient(connection: ComputeConnection, subscriptionId: string): ComputeManagementClient {
  const { pipeline, httpClient, endpoint, credential } = connection;
  // `pipeline` is honoured by the client's runtime although its option type does not name it.
  const options = { pipeline, httpClient, endpoint };
  return new ComputeManagementClient(credential, subscriptionId, options);
}
