import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "vitest";
import { openDouble } from "./azure-double.ts";
import { runCli } from "./cli.ts";

/** A port at which nobody listens. */
async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.concurrent("doctor ends within seconds where there is no network", async (context) => {
  const { expect } = context;
  const double = await openDouble();
  context.onTestFinished(() => double.close());
  // Whose tenant a domain is can only be told by asking.
  await writeFile(join(double.home, ".azwise.json"), '{"cloud":"public","tenant":"contoso.com"}');
  const bin = join(double.home, "bin");
  await mkdir(bin);
  const env = { PATH: bin, HTTPS_PROXY: `http://127.0.0.1:${await findClosedPort()}` };
  const started = performance.now();

  const { stdout } = await runCli(double, ["login", "doctor", "-o", "json"], { env });

  expect(performance.now() - started).toBeLessThan(5000);
  const reasons = Object.fromEntries(
    JSON.parse(stdout).findings.map((each: { id: string; evidence: string }) => [each.id, each.evidence]),
  );
  const offline = expect.stringContaining("cannot reach management.azure.com");
  expect(reasons).toMatchObject({ "clock-unknown": offline, "pin-unknown": offline });
});
