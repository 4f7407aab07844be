import * as z from "zod";

/** Any resource as the service would return it; unknown properties are kept. */
export const Resource = z.looseObject({
  id: z.string().startsWith("/subscriptions/"),
  name: z.string(),
  type: z.string(),
  location: z.string(),
  zones: z.array(z.string()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.looseObject({}),
});

const Reference = z.looseObject({ id: z.string() });

const Status = z.looseObject({ code: z.string() });

/** A virtual machine; its instance view is stored with it and shown only when asked for. */
export const Machine = Resource.extend({
  etag: z.string(),
  properties: z.looseObject({
    hardwareProfile: z.looseObject({ vmSize: z.string() }),
    provisioningState: z.string(),
    priority: z.string().optional(),
    availabilitySet: Reference.optional(),
    proximityPlacementGroup: Reference.optional(),
    host: Reference.optional(),
    hostGroup: Reference.optional(),
    additionalCapabilities: z.looseObject({ ultraSSDEnabled: z.boolean().optional() }).optional(),
    capacityReservation: z
      .looseObject({
        capacityReservationGroup: Reference.optional(),
        disableCapacityReservationAssignment: z.boolean().optional(),
      })
      .optional(),
    instanceView: z.looseObject({ statuses: z.array(Status) }),
  }),
});

export const Group = Resource.extend({
  properties: z.looseObject({
    provisioningState: z.string(),
    reservationType: z.string(),
    sharingProfile: z.looseObject({ subscriptionIds: z.array(Reference).optional() }).optional(),
  }),
});

export const Reservation = Resource.extend({
  etag: z.string(),
  sku: z.looseObject({ name: z.string(), capacity: z.int().min(0) }),
  properties: z.looseObject({
    provisioningState: z.string(),
    /** What was really obtained; `sku.capacity` is what was asked for. */
    instanceView: z.looseObject({ utilizationInfo: z.looseObject({ currentCapacity: z.int().min(0) }) }),
  }),
});

/** A container registry. Its host names are not stored: they follow from what is enabled and which replicas exist. */
export const Registry = Resource.extend({
  sku: z.looseObject({ name: z.enum(["Basic", "Standard", "Premium"]) }),
  properties: z.looseObject({
    loginServer: z.string(),
    provisioningState: z.string(),
    dataEndpointEnabled: z.boolean(),
    regionalEndpoints: z.enum(["Enabled", "Disabled"]),
    privateEndpointConnections: z.array(
      z.looseObject({ id: z.string(), properties: z.looseObject({ privateEndpoint: Reference }) }),
    ),
    /** Bytes in one replica; told as a usage and nowhere else. */
    usedBytes: z.int().min(0),
  }),
});

/** One of the home region is stored only once it differs from what a registry is born with. */
export const Replication = Resource.extend({
  properties: z.looseObject({
    provisioningState: z.string(),
    regionEndpointEnabled: z.boolean(),
    zoneRedundancy: z.enum(["Enabled", "Disabled"]),
    status: z.looseObject({ displayStatus: z.string().optional(), timestamp: z.string() }),
  }),
});

/** The address that a webhook calls is stored with it and never shown. */
export const Webhook = Resource.extend({
  properties: z.looseObject({ serviceUri: z.string(), status: z.string(), actions: z.array(z.string()) }),
});

export const PrivateEndpoint = Resource.extend({
  properties: z.looseObject({ subnet: Reference, networkInterfaces: z.array(Reference) }),
});

export const NetworkInterface = Resource.extend({
  properties: z.looseObject({
    ipConfigurations: z.array(
      z.looseObject({
        id: z.string(),
        properties: z.looseObject({
          privateIPAddress: z.ipv4(),
          privateIPAllocationMethod: z.enum(["Static", "Dynamic"]),
          subnet: Reference,
          privateLinkConnectionProperties: z.looseObject({ requiredMemberName: z.string() }).optional(),
        }),
      }),
    ),
  }),
});

/** Its subnets are stored inside it. */
export const VirtualNetwork = Resource.extend({
  properties: z.looseObject({
    subnets: z.array(
      z.looseObject({
        id: z.string(),
        name: z.string(),
        properties: z.looseObject({
          addressPrefix: z.cidrv4(),
          /** What takes addresses beside the network interfaces of this world. */
          ipConfigurations: z.array(Reference),
        }),
      }),
    ),
  }),
});

/** A Log Analytics workspace; its rows are told by the world's `logs`. */
export const Workspace = Resource.extend({
  properties: z.looseObject({ customerId: z.guid(), retentionInDays: z.int() }),
});

/** A data collection rule; those that take events declare their streams. */
export const CollectionRule = Resource.extend({
  properties: z.looseObject({
    immutableId: z.string().regex(/^dcr-[0-9a-f]{32}$/),
    streamDeclarations: z
      .record(z.string(), z.object({ columns: z.array(z.object({ name: z.string(), type: z.string() })) }))
      .optional(),
    destinations: z
      .looseObject({
        logAnalytics: z
          .array(z.looseObject({ name: z.string(), workspaceResourceId: z.string() }))
          .optional(),
      })
      .optional(),
    dataFlows: z
      .array(
        z.looseObject({
          streams: z.array(z.string()),
          destinations: z.array(z.string()),
          outputStream: z.string().optional(),
        }),
      )
      .optional(),
  }),
});
