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
