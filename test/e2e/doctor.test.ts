import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "vitest";
import { openDouble } from "./azure-double.ts";
import { startCli } from "./cli.ts";
import { openMuteProxy } from "./mute-proxy.ts";

/** A port at which nobody listens. */
async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.concurrent("doctor ends within seconds where nobody listens", async ({ expect }) => {
  expect(await offlineFindings(`http://127.0.0.1:${await findClosedPort()}`)).toMatchObject({
    "clock-unknown": expect.stringContaining("cannot reach management.azure.com"),
    "pin-unknown": expect.stringContaining("cannot reach management.azure.com"),
  });
});

test.concurrent("doctor ends within seconds behind a proxy that never answers", async ({ expect }) => {
  const proxy = await openMuteProxy();
  expect(await offlineFindings(proxy.url)).toHaveProperty("clock-unknown");
  proxy.close();
});

/** The evidence of each finding, where the way out is that proxy. Throws when doctor takes too long. */
async function offlineFindings(proxy: string): Promise<Record<string, string>> {
  const double = await openDouble();
  // Whose tenant a domain is can only be told by asking.
  await writeFile(join(double.home, ".azwise.json"), '{"cloud":"public","tenant":"contoso.com"}');
  const bin = join(double.home, "bin");
  await mkdir(bin);
  const running = startCli(double, ["login", "doctor", "-o", "json"], {
    env: { PATH: bin, HTTPS_PROXY: proxy },
  });
  const late = setTimeout(() => running.child.kill("SIGKILL"), 8000);
  const { exit, stdout } = await running.finished;
  clearTimeout(late);
  await double.close();
  if (exit === null) throw new Error("doctor did not end");
  const { findings } = JSON.parse(stdout) as { findings: { id: string; evidence: string }[] };
  return Object.fromEntries(findings.map(({ id, evidence }) => [id, evidence]));
}
