/** Versions that Microsoft.Compute accepts for machines and reservations. */
export const COMPUTE_VERSIONS = [
  "2022-08-01",
  "2024-07-01",
  "2024-11-01",
  "2025-04-01",
  "2026-03-01",
  "2026-04-01",
];

export const SKU_VERSIONS = ["2019-04-01", "2021-07-01"];

/** From this version on reservations are consumed by VMs without association, too. */
export function knowsOpenReservations(version: string | undefined): boolean {
  return (version ?? "") >= "2026-04-01";
}
