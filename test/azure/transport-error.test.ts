import { expect, test } from "vitest";
import { ARM, lost, openPorts, refusalOf } from "./wire.ts";

const PATH = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
const READ = { path: PATH, apiVersion: "2024-11-01" };
const GET = `GET ${ARM}${PATH}`;

test.each([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
])("%s is final, as asking again does not change a certificate", async (code) => {
  const { arm, wire } = openPorts({ [GET]: lost(code) });

  expect(await refusalOf(arm.read(READ))).toEqual({
    kind: "failed",
    message: "the certificate of management.azure.com is not trusted",
    code,
    uncertain: false,
    hint: "if a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to its CA file",
  });
  expect(wire.seen).toHaveLength(1);
});

test("a server that does not speak TLS is not asked again", async () => {
  const { arm, wire } = openPorts({ [GET]: lost("EPROTO") });

  expect(await refusalOf(arm.read(READ))).toMatchObject({
    message: "no TLS connection to management.azure.com",
    hint: "check HTTPS_PROXY: a proxy that is spoken to without TLS has an http:// URL",
  });
  expect(wire.seen).toHaveLength(1);
});

test.each(["ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN"])(
  "%s passes often, so it is tried again",
  async (code) => {
    const { arm, wire } = openPorts({ [GET]: [1, 2, 3, 4].map(() => lost(code)) });

    expect(await refusalOf(arm.read(READ))).toEqual({
      kind: "failed",
      message: "cannot reach management.azure.com",
      code,
      uncertain: false,
      hint: "check the network, HTTPS_PROXY and --cloud",
    });
    expect(wire.seen).toHaveLength(4);
  },
);
