import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  createTestHost,
  OTHER_SUBSCRIPTION,
  runCli,
  type CliResult,
  type HostOptions,
  type TestHost,
} from "../../harness.ts";

export const GLOBAL = "platformimages-g3a9dfh2c5e7b6hk.azurecr.io";
export const WEST = "platformimages-g3a9dfh2c5e7b6hk.westeurope.geo.azurecr.io";
export const EAST = "platformimages-g3a9dfh2c5e7b6hk.eastus2.geo.azurecr.io";
export const PLATFORM = ["--registry", "platformimages", "--subscription", OTHER_SUBSCRIPTION];
export const TO_WEST = [...PLATFORM, "--region", "westeurope"];
export const WRITE = ["--apply", "--yes"];

export const DEPLOY = `# ${GLOBAL}/shop:1 is what runs now
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: shop
          image: "${GLOBAL}/shop:1"   # keep
          args: ["--fallback=${GLOBAL}/shop:0"]
        - {name: moved, image: ${EAST}/moved@sha256:${"0".repeat(64)}}
        - {name: pinned, image: ${WEST}/pinned}
        - {name: hub, image: platformimages/hub}
`;
export const VALUES = `\uFEFFimage:\r\n  registry: ${GLOBAL}\r\n  repository: shop\r\n  tag: '{{ .Chart.AppVersion }}'\r\nextraImage: "${GLOBAL}/{{ .x }}"`;
export const FILES = { "deploy.yaml": DEPLOY, "values-prod-eu.yaml": VALUES, "other.yaml": "image: nginx\n" };

export function hostOf(
  files: Record<string, string | Uint8Array> = FILES,
  options: HostOptions = {},
): TestHost {
  const host = createTestHost(options);
  for (const [name, text] of Object.entries(files)) {
    const path = join(host.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return host;
}

export async function pin(host: TestHost, ...argv: string[]): Promise<CliResult> {
  return runCli(host, "acr", "pin", ...argv);
}

export function textOf(host: TestHost, name = "deploy.yaml"): string {
  return readFileSync(join(host.folder, name), "utf8");
}
