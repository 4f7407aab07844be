// The main job, end to end, against the sandbox: plan, apply, status. Needs no account and leaves nothing behind.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const state = mkdtempSync(join(tmpdir(), "azwise-demo-"));
const env = { ...process.env, XDG_STATE_HOME: state, AZWISE_CLOUD: "sandbox", AZWISE_OUTPUT: "table" };
const CHANGES_PENDING = 3;

function azwise(args, expected) {
  console.log(`\n$ azwise ${args.join(" ")}`);
  const { status } = spawnSync(process.execPath, ["bin/azwise.js", ...args], { env, stdio: "inherit" });
  if (status === expected) return;
  console.error(`demo: expected exit code ${expected}, got ${status}`);
  rmSync(state, { recursive: true, force: true });
  process.exit(1);
}

const attach = ["odcr", "attach", "--resource-group", "rg-shop-prod"];
azwise(attach, CHANGES_PENDING);
azwise([...attach, "--apply", "--yes"], 0);
azwise(["odcr", "status"], 0);
rmSync(state, { recursive: true, force: true });
