import type { Citation } from "../../src/output/citations.ts";
import type { RenderOptions } from "../../src/output/render.ts";
import type { View } from "../../src/output/view.ts";

export const ESC = "\u001b";
export const TENANT = "11111111-2222-3333-4444-555555550001";
export const SUBSCRIPTION = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeee0002";

const FACTS: Citation[] = [
  {
    id: "odcr/overallocation",
    text: "A group may hold more VMs than it has slots.",
    article: "Capacity reservations",
    section: "Overallocation",
    published: "2026-06-08",
    url: "https://example.com/odcr",
  },
  {
    id: "wire/no-slot-owner",
    text: "The service does not say which VM holds a slot.",
    article: "Wire observations",
    section: "Instance view",
    published: null,
    url: null,
    appliesTo: "API 2024-11-01",
    contradicts: ["odcr/slot-owner"],
  },
  {
    id: "odcr/slot-owner",
    text: "The instance view lists the VMs that use the reservation.",
    article: "Capacity reservations",
    section: "View",
    published: "2026-06-08",
    url: null,
  },
];

export function cite(id: string): Citation {
  const fact = FACTS.find((fact) => fact.id === id);
  if (!fact) throw new Error(`no fact ${id}`);
  return fact;
}

/** Two tables, tones, a null, both kinds of note, and a fact that contradicts another. */
export const sample: View = {
  data: { group: "crg-1", vms: [{ name: "web-1", slots: 2, zone: null }] },
  tables: [
    {
      title: "Group crg-1",
      columns: [{ header: "Name" }, { header: "Slots" }, { header: "State" }],
      rows: [
        { cells: ["web-1", 2, { text: "running", tone: "good" }] },
        { cells: ["db_1", 12, { text: "over", tone: "warn" }], because: ["odcr/overallocation"] },
        { cells: ["spare", null, null] },
      ],
    },
    { columns: [{ header: "Zone", align: "right" }], rows: [{ cells: ["1"] }] },
  ],
  notes: [
    {
      level: "warning",
      text: "slots are not attributed",
      because: ["wire/no-slot-owner", "odcr/overallocation"],
    },
    { level: "info", text: "read 2 VMs" },
  ],
};

export const empty: View = { data: {}, tables: [], notes: [] };

export function options(changes: Partial<RenderOptions> = {}): RenderOptions {
  return {
    format: "table",
    colour: { stdout: false, stderr: false },
    columns: undefined,
    showIds: false,
    command: "azwise odcr status crg-1",
    now: new Date("2026-08-01T09:05:07.123Z"),
    target: { cloud: "public", tenantId: TENANT, subscriptionIds: [SUBSCRIPTION], auth: "cli" },
    cite,
    ...changes,
  };
}

/** A view of one table whose rows hold the given cells. */
export function tableOf(headers: string[], ...rows: View["tables"][number]["rows"][number]["cells"][]): View {
  const table = { columns: headers.map((header) => ({ header })), rows: rows.map((cells) => ({ cells })) };
  return { ...empty, tables: [table] };
}
