// Runs a few commands against the sandbox and then writes V8's code cache of every chunk they loaded,
// so that the cache also holds the functions that are compiled only when they are first called.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerCredential, main, scripts } from "../dist/main.js";

const folder = mkdtempSync(join(tmpdir(), "azwise-build-"));
const output = (isTTY) => ({ isTTY, columns: isTTY ? 100 : undefined, write() {} });
const host = (isTTY) => ({
  env: { HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, AZWISE_CLOUD: "sandbox" },
  cwd: folder,
  stdin: { isTTY: false, text: async () => "", line: async () => undefined },
  stdout: output(isTTY),
  stderr: output(isTTY),
  now: () => new Date(),
  onInterrupt: () => () => {},
});

const attach = ["odcr", "attach", "--resource-group", "rg-shop-prod"];
for (const argv of [
  ["--help"],
  ["odcr", "attach", "--help"],
  attach,
  [...attach, "--apply", "--yes"],
  ["odcr", "status"],
  ["odcr", "audit", "-o", "json"],
  ["odcr", "status", "-o", "md"],
  ["docs", "search", "quota"],
  ["kql", "list"],
  ["kql", "show", "container-restarts"],
  ["runs", "list"],
  ["sandbox", "show"],
  ["login"],
  ["login", "whoami"],
  ["login", "contexts"],
]) {
  for (const isTTY of [false, true]) await main(argv, host(isTTY));
}
await dockerCredential(["get"], { ...host(false), stdin: { text: async () => "shopregistry.azurecr.io" } });
for (const [filename, script] of scripts) writeFileSync(`${filename}.cache`, script.createCachedData());
rmSync(folder, { recursive: true, force: true });
