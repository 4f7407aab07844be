export const RESOURCE_GROUP_NAME = "rg-fleet";

/** Two of the five locations have no zones. */
export const LOCATIONS = [
  { name: "eastus2", zones: ["1", "2", "3"] },
  { name: "northcentralus", zones: [] },
  { name: "westeurope", zones: ["1", "2", "3"] },
  { name: "northeurope", zones: ["1", "2", "3"] },
  { name: "westus", zones: [] },
] as const;

/** Of fifty VMs of a subscription: what they do, how many there are, whether zones are used. */
const ROLES = [
  { role: "web", count: 14, size: "Standard_D4s_v5", zonal: true, mustRun: false },
  { role: "app", count: 12, size: "Standard_D8s_v5", zonal: true, mustRun: false },
  { role: "db", count: 8, size: "Standard_E8s_v5", zonal: true, mustRun: true },
  { role: "legacy", count: 6, size: "Standard_D4s_v5", zonal: false, mustRun: false },
  { role: "batch", count: 4, size: "Standard_D8s_v5", zonal: true, mustRun: false },
  { role: "ad", count: 3, size: "Standard_D2s_v5", zonal: false, mustRun: true },
  { role: "tools", count: 3, size: "Standard_A2_v2", zonal: false, mustRun: false },
] as const;

type Role = (typeof ROLES)[number];

const ROLE_OF_TURN: readonly Role[] = ROLES.flatMap((role) =>
  Array.from({ length: role.count }, (): Role => role),
);

export interface FleetMachine {
  id: string;
  name: string;
  role: Role["role"];
  location: string;
  zone: string | undefined;
  size: string;
  tags: Record<string, string>;
  power: "running" | "stopped" | "deallocated";
  optedOut: boolean;
}

/** E.g. f5000000-0000-4000-8000-000000000017 is number 17. */
export function subscriptionId(number: number): string {
  return `f5000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** Ten subscriptions in a row share a location. */
export function locationOf(number: number): (typeof LOCATIONS)[number] {
  return LOCATIONS[Math.floor((number - 1) / 10) % LOCATIONS.length] ?? LOCATIONS[0];
}

export function machinesOf(number: number, count: number): FleetMachine[] {
  return Array.from({ length: count }, (_, index) => makeMachine(number, index));
}

/** The factors have nothing in common with 50, so that fifty VMs in a row have every role as often as it says. */
function makeMachine(number: number, index: number): FleetMachine {
  const role = ROLE_OF_TURN[(index * 11 + number * 3) % ROLE_OF_TURN.length] ?? ROLES[0];
  const { name: location, zones } = locationOf(number);
  const name = `${role.role}-${String(number).padStart(3, "0")}-${String(index + 1).padStart(2, "0")}`;
  const chance = (number * 31 + index * 17) % 20;
  const place = `/subscriptions/${subscriptionId(number)}/resourceGroups/${RESOURCE_GROUP_NAME}`;
  return {
    id: `${place}/providers/Microsoft.Compute/virtualMachines/${name}`,
    name,
    role: role.role,
    location,
    zone: role.zonal && zones.length > 0 ? zones[index % zones.length] : undefined,
    size: role.size,
    tags: { tier: role.role, ...(role.mustRun ? { criticality: "must-run" } : {}) },
    power: chance < 2 ? "deallocated" : chance === 2 ? "stopped" : "running",
    optedOut: (role.role === "web" || role.role === "app") && chance === 5,
  };
}
