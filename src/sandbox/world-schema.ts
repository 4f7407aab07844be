import * as z from "zod";
import * as types from "./bodies.ts";
import * as bodies from "./body-schemas.ts";
import { keyOf } from "./ids.ts";
import { Content } from "./registry/content-schema.ts";
import { Subscription, Tenant, User } from "./tenant-schemas.ts";
import { FAULT_NAMES, WORLD_FORMAT } from "./world.ts";

const Restriction = z.looseObject({
  type: z.enum(["Location", "Zone"]),
  restrictionInfo: z.object({ locations: z.array(z.string()), zones: z.array(z.string()).optional() }),
});

/** An entry of the resourceSkus list, in the service's shape. */
export const Size = z.looseObject({
  resourceType: z.string(),
  name: z.string(),
  family: z.string(),
  locations: z.array(z.string()),
  locationInfo: z.array(z.looseObject({ location: z.string(), zones: z.array(z.string()) })),
  capabilities: z.array(z.object({ name: z.string(), value: z.string() })),
  restrictions: z.array(Restriction),
});

export const Operation = z.object({
  id: z.guid(),
  kind: z.enum([
    "create-group",
    "delete-group",
    "create-reservation",
    "update-reservation",
    "delete-reservation",
    "associate",
    "start",
    "deallocate",
    "create-replication",
    "update-replication",
    "delete-replication",
    "nothing",
  ]),
  resourceId: z.string(),
  location: z.string(),
  startTime: z.iso.datetime(),
  /** World time at which it ends. */
  dueTime: z.iso.datetime(),
  status: z.enum(["InProgress", "Succeeded", "Failed"]),
  /** Decided at the beginning, told at the end. */
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  /** The group id or quantity before the change; null when there was none. */
  had: z.union([z.string(), z.number(), z.null()]).optional(),
  /** How many URLs were given out for it. */
  urls: z.int(),
});

export const Fault = z.object({
  name: z.enum(FAULT_NAMES),
  match: z.object({
    method: z.string().optional(),
    /** Part of the path, without regard to case. */
    path: z.string().optional(),
  }),
  /** How many matching requests it still spoils. */
  times: z.int().min(0),
  /** How many matching requests pass first. */
  skip: z.int().min(0),
});

/** Events of one request, which become rows of a table. */
export const Ingested = z.object({
  /** Its lower-cased id. */
  workspace: z.string(),
  table: z.string(),
  /** Types by column. */
  columns: z.record(z.string(), z.string()),
  /** World time from which on they can be queried. */
  due: z.iso.datetime(),
  rows: z.array(z.record(z.string(), z.unknown())),
});

const Settings = z.object({
  /** How long virtualMachinesAssociated lists lag behind a change. */
  associationLagMs: z.int().min(0).default(3000),
  /** How long a group still counts a deleted reservation as nested. */
  nestedLagMs: z.int().min(0).default(60_000),
  /** A raise without capacity leaves the reservation Failed until the old quantity is restored. */
  failedRaiseLeavesFailed: z.boolean().default(false),
  /** Only the newest URL of an operation is accepted. */
  strictPolls: z.boolean().default(false),
  /** Items per page of a list. */
  pageSize: z.int().min(1).default(50),
  /** Reservations refuse a stale If-Match; unknown on real Azure. */
  reservationIfMatch: z.boolean().default(false),
  /** Resource Graph requests allowed in five seconds. */
  graphRequestsPerWindow: z.int().min(1).default(15),
  /** Whether newer versions list the home region among the replications, only know it by name, or do not know it. */
  homeReplication: z.enum(["listed", "by-name", "absent"]).default("absent"),
  /** Seconds between two questions whether a device code was entered. */
  devicePollSeconds: z.int().min(0).default(5),
  /** What roles allow: at their scope and everywhere below it. */
  permissions: z
    .array(
      z.object({
        scope: z.string().default("/"),
        actions: z.array(z.string()),
        notActions: z.array(z.string()).default([]),
      }),
    )
    .default([{ scope: "/", actions: ["*"], notActions: [] }]),
  /** By "subscription|location": physical zones by logical ones, which are the same where it says nothing. */
  zoneMaps: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  /** The region that the global endpoint of a registry picks while its replica is in routing. */
  closestRegion: z.string().optional(),
  /** How long the global endpoint of a registry still picks by the routing from before a change. */
  routingLagMs: z.int().min(0).default(20_000),
  /** Regions in which no registry answers. */
  downRegions: z.array(z.string()).default([]),
  /** Requests that one replica of a registry answers in a minute. */
  replicaRequestsPerMinute: z.int().min(0).default(1000),
  /** Whether clients sit beside the private endpoints of every registry that has some. */
  clientIsPrivate: z.boolean().default(true),
  /** Where clients come from otherwise. */
  clientAddress: z.ipv4().default("203.0.113.10"),
  /** Most rows of an answer about logs, and most bytes of them. */
  logRows: z.int().min(0).default(500_000),
  logBytes: z.int().min(0).default(104_857_600),
  /** How long events that were sent cannot be queried yet. */
  ingestionLagMs: z.int().min(0).default(180_000),
});

const SCHEMAS: Record<string, z.ZodType> = {
  [types.MACHINE]: bodies.Machine,
  [types.GROUP]: bodies.Group,
  [types.RESERVATION]: bodies.Reservation,
  [types.REGISTRY]: bodies.Registry,
  [types.REPLICATION]: bodies.Replication,
  [types.WEBHOOK]: bodies.Webhook,
  [types.PRIVATE_ENDPOINT]: bodies.PrivateEndpoint,
  [types.NETWORK_INTERFACE]: bodies.NetworkInterface,
  [types.VIRTUAL_NETWORK]: bodies.VirtualNetwork,
  [types.WORKSPACE]: bodies.Workspace,
  [types.COLLECTION_RULE]: bodies.CollectionRule,
};

function bodySchemaOf(type: string): z.ZodType | undefined {
  return SCHEMAS[type];
}

interface Wrong {
  path: PropertyKey[];
  message: string;
}

interface People {
  tenants: z.infer<typeof Tenant>[];
  users: z.infer<typeof User>[];
}

function wrongPeople({ tenants, users }: People): Wrong[] {
  const known = new Set(users.flatMap(({ memberships }) => memberships.map((each) => each.tenantId)));
  const empty = tenants.flatMap(({ tenantId, applications }, index) => {
    if (applications.length > 0 || known.has(tenantId)) return [];
    return [{ path: ["tenants", index], message: "has neither an application nor a user to sign in" }];
  });
  const homeless = users.flatMap(({ homeTenantId, memberships }, index) => {
    if (memberships.some((each) => each.tenantId === homeTenantId)) return [];
    return [{ path: ["users", index, "homeTenantId"], message: "is not among the memberships" }];
  });
  return [...empty, ...homeless];
}

function wrongResources({
  resources,
}: {
  resources: Record<string, z.infer<typeof bodies.Resource>>;
}): Wrong[] {
  return Object.entries(resources).flatMap(([key, body]) => {
    const path = ["resources", key];
    const issues: Wrong[] = bodySchemaOf(body.type)?.safeParse(body).error?.issues ?? [];
    const wrong = issues.map((issue) => ({ path: [...path, ...issue.path], message: issue.message }));
    return key === keyOf(body.id) ? wrong : [{ path, message: "key is not the id in lower case" }, ...wrong];
  });
}

/** Everything the sandbox knows, as one JSON document that people may edit. */
export const World = z
  .object({
    formatVersion: z.literal(WORLD_FORMAT),
    name: z.string(),
    /** How far the world's clock is ahead of the real one. */
    clockOffsetMs: z.number(),
    counters: z.record(z.string(), z.int()),
    tenants: z.array(Tenant).min(1),
    /** The first one who is a member of a tenant is who rehearses there. */
    users: z.array(User).default([]),
    subscriptions: z.array(Subscription),
    /** By lower-cased id, in the service's own shape. */
    resources: z.record(z.string(), bodies.Resource),
    /** By location. */
    sizes: z.record(z.string(), z.array(Size)),
    /** Free physical slots by "location|zone|size", zone "" for regional; missing means unlimited. */
    capacity: z.record(z.string(), z.int().min(0)),
    /** Limit in cores by "subscription|location|family"; missing means unlimited. */
    quota: z.record(z.string(), z.int().min(0)),
    operations: z.record(z.string(), Operation),
    /** What is in a registry, by its lower-cased id. */
    images: z.record(z.string(), Content).default({}),
    /** Which of azwise's sets of rows a workspace has, by its lower-cased id; none was ever sent where nothing stands. */
    logs: z.record(z.string(), z.string()).default({}),
    /** Events that were sent to workspaces, one request each. */
    ingested: z.array(Ingested).default([]),
    faults: z.array(Fault),
    settings: Settings.prefault({}),
  })
  .superRefine((world, context) => {
    for (const { path, message } of [...wrongPeople(world), ...wrongResources(world)]) {
      context.addIssue({ code: "custom", path, message });
    }
  });
