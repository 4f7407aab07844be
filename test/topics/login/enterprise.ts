import { createTestHost, runCli, type HostOptions, type TestHost } from "../../harness.ts";

/** A process whose sandbox is the world of 40 tenants, six of which refuse. */
export async function openEnterprise(options: HostOptions = {}): Promise<TestHost> {
  const host = createTestHost(options);
  await runCli(host, "sandbox", "reset", "enterprise");
  return host;
}
