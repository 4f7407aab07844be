import { expect, test } from "vitest";
import { facts } from "../../../src/docs/facts/all.ts";
import { diagnose } from "../../../src/topics/login/doctor-checks.ts";
import { env, file, login, machine, printed, profile } from "./doctor-machine.ts";

/** A machine on which every source of trouble is there at once. */
const SICK = machine({
  ...env({
    AZURE_CONFIG_DIR: "azure",
    AZURE_CLIENT_SECRET: "s3cret",
    HTTPS_PROXY: "nonsense",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
    CI: "true",
  }),
  az: { state: "installed", version: "2.45.0" },
  profile: profile([], { skipped: 1 }),
  azTokens: {
    value: { folder: file(".azure", 0o755), files: [file(".azure/msal_token_cache.json", 0o644)] },
  },
  ownTokens: { reason: "EACCES" },
  config: { value: { file: undefined, dangling: "prod" } },
  extraCaProblem: "it cannot be read (ENOENT)",
  login: { value: login({ aheadMs: { value: 90_000 }, auth: { reason: "no such --auth" } }) },
});

test("a machine without errors and warnings is told so, after what is worth knowing", () => {
  const findings = diagnose(machine());

  expect(findings.map(({ severity, id }) => [severity, id])).toEqual([
    ["info", "az-fast"],
    ["info", "discovery-walk"],
    ["ok", "healthy"],
  ]);
});

test("errors come before warnings, and a sick machine is not called healthy", () => {
  const findings = diagnose(SICK);

  expect(findings.map(({ severity, id }) => [severity, id])).toEqual([
    ["error", "auth-unknown"],
    ["error", "ca-file"],
    ["error", "tls-unverified"],
    ["error", "proxy-unusable"],
    ["error", "az-tokens-open"],
    ["warning", "clock-skew"],
    ["warning", "shared-config-dir"],
    ["warning", "tokens-open"],
    ["warning", "context-missing"],
    ["warning", "variables-half-set"],
    ["warning", "az-old"],
    ["warning", "az-folder-relative"],
    ["warning", "profile-partial"],
  ]);
});

test("no secret is in what is found", () => {
  const proxy = env({
    AZURE_CLIENT_ID: "app",
    AZURE_CLIENT_SECRET: "s3cret",
    HTTPS_PROXY: "http://ada:s3cret@proxy:3128",
    https_proxy: "ada:s3cret@proxy:3128",
  });

  expect(printed(diagnose(machine(proxy))).join("\n")).not.toContain("s3cret");
});

test("every finding cites facts, but for health and what lies in files alone", () => {
  const known = new Set(facts.map(({ id }) => id));
  const found = [...diagnose(SICK), ...diagnose(machine())];

  expect(found.flatMap(({ because }) => because).filter((id) => !known.has(id))).toEqual([]);
  expect(found.filter(({ because }) => because.length === 0).map(({ id }) => id)).toEqual([
    "auth-unknown",
    "context-missing",
    "profile-partial",
    "healthy",
  ]);
});
