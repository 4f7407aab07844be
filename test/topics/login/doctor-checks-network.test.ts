import { describe, expect, test } from "vitest";
import { checkClock, checkProxy, checkTrust } from "../../../src/topics/login/doctor-checks-network.ts";
import { env, machine, printed, wanting } from "./doctor-machine.ts";

describe("the clock:", () => {
  test.each([
    ["a minute is near enough", wanting({ aheadMs: { value: 60_000 } }), []],
    [
      "more than a minute is a warning",
      wanting({ aheadMs: { value: 60_001 } }),
      [
        "warning clock-skew: this machine's clock is wrong: 60 s ahead of the resource manager's | next - | because azure-wire/assertion-validity",
      ],
    ],
    [
      "five minutes are still accepted",
      wanting({ aheadMs: { value: -300_000 } }),
      [
        "warning clock-skew: this machine's clock is wrong: 300 s behind the resource manager's | next - | because azure-wire/assertion-validity",
      ],
    ],
    [
      "more than five minutes are an error",
      wanting({ aheadMs: { value: -300_001 } }),
      [
        "error clock-skew: this machine's clock is wrong: 300 s behind the resource manager's | next - | because azure-wire/assertion-validity",
      ],
    ],
    [
      "a clock that cannot be compared is not called right",
      wanting({ aheadMs: { reason: "cannot reach management.azure.com" } }),
      [
        "warning clock-unknown: cannot tell whether the clock is right: cannot reach management.azure.com | next - | because azure-wire/assertion-validity",
      ],
    ],
    ["without a target there is nobody to compare with", machine({ login: { reason: "unknown cloud" } }), []],
  ])("%s", (_, given, expected) => {
    expect(printed(checkClock(given))).toEqual(expected);
  });
});

describe("proxies:", () => {
  test.each([
    ["no proxy is not worth a word", machine(), []],
    [
      "one proxy with a host to leave out is not either",
      machine(
        env({ HTTPS_PROXY: "http://proxy:3128", https_proxy: "http://proxy:3128", NO_PROXY: "localhost" }),
      ),
      [],
    ],
    [
      "a proxy that is no URL is an error, and is not shown",
      machine(env({ HTTPS_PROXY: "ada:secret@proxy:3128" })),
      [
        "error proxy-unusable: HTTPS_PROXY is not a URL that can be used: write it as http://host:port | next - | because azure-wire/proxy-variables",
      ],
    ],
    [
      "two different proxies are a warning without their passwords",
      machine(env({ HTTPS_PROXY: "http://ada:se@cret@one:3128", https_proxy: "http://two:3128" })),
      [
        'warning proxy-differs: azwise takes HTTPS_PROXY, az takes https_proxy, and they differ: HTTPS_PROXY=http://***@one:3128, https_proxy=http://two:3128 | next export https_proxy="$HTTPS_PROXY" | because azure-wire/proxy-variables',
      ],
    ],
    [
      "two different lists are a warning",
      machine(env({ NO_PROXY: "localhost", no_proxy: "127.0.0.1" })),
      [
        'warning proxy-differs: azwise takes NO_PROXY, az takes no_proxy, and they differ: NO_PROXY=localhost, no_proxy=127.0.0.1 | next export no_proxy="$NO_PROXY" | because azure-wire/proxy-variables',
      ],
    ],
    [
      "a star beside a proxy is a warning",
      machine(env({ https_proxy: "http://proxy:3128", no_proxy: "*" })),
      [
        "warning no-proxy-star: a star in no_proxy means nothing to azwise, which uses the proxy all the same: no_proxy=* | next export no_proxy=.azure.com,.microsoftonline.com | because azure-wire/proxy-variables",
      ],
    ],
    ["a star without a proxy is no matter", machine(env({ NO_PROXY: "*" })), []],
  ])("%s", (_, given, expected) => {
    expect(printed(checkProxy(given))).toEqual(expected);
  });
});

describe("who is trusted:", () => {
  test.each([
    ["nothing special is not worth a word", machine(), []],
    [
      "the same certificates for both are not either",
      machine(env({ NODE_EXTRA_CA_CERTS: "/ca.pem", REQUESTS_CA_BUNDLE: "/ca.pem" })),
      [],
    ],
    [
      "certificates that cannot be read are an error",
      machine({
        ...env({ NODE_EXTRA_CA_CERTS: "/ca.pem", REQUESTS_CA_BUNDLE: "/ca.pem" }),
        extraCaProblem: "it cannot be read (ENOENT)",
      }),
      [
        "error ca-file: the certificates that NODE_EXTRA_CA_CERTS names are not used: /ca.pem: it cannot be read (ENOENT) | next - | because azure-wire/certificates-per-tool",
      ],
    ],
    [
      "certificates for az alone are a warning",
      machine(env({ REQUESTS_CA_BUNDLE: "/ca.pem" })),
      [
        'warning ca-az-only: az trusts certificates that azwise does not know: REQUESTS_CA_BUNDLE=/ca.pem, NODE_EXTRA_CA_CERTS is not set | next export NODE_EXTRA_CA_CERTS="$REQUESTS_CA_BUNDLE" | because azure-wire/certificates-per-tool',
      ],
    ],
    [
      "certificates for azwise alone are a warning",
      machine(env({ NODE_EXTRA_CA_CERTS: "/ca.pem" })),
      [
        "warning ca-azwise-only: azwise trusts certificates that az does not know: NODE_EXTRA_CA_CERTS=/ca.pem, REQUESTS_CA_BUNDLE is not set | next - | because azure-wire/certificates-per-tool",
      ],
    ],
    [
      "without az they are all that is needed",
      machine({ ...env({ NODE_EXTRA_CA_CERTS: "/ca.pem" }), az: { state: "missing" } }),
      [],
    ],
    [
      "azwise without verification is an error",
      machine(env({ NODE_TLS_REJECT_UNAUTHORIZED: "0" })),
      [
        "error tls-unverified: azwise sends secrets and tokens to whoever answers: NODE_TLS_REJECT_UNAUTHORIZED=0 turns the check of certificates off | next unset NODE_TLS_REJECT_UNAUTHORIZED | because azure-wire/unchecked-certificates",
      ],
    ],
    [
      "with NODE_TLS_REJECT_UNAUTHORIZED=1 it verifies",
      machine(env({ NODE_TLS_REJECT_UNAUTHORIZED: "1" })),
      [],
    ],
    [
      "az without verification is an error, whatever the value",
      machine(env({ AZURE_CLI_DISABLE_CONNECTION_VERIFICATION: "false" })),
      [
        "error tls-unverified: az sends secrets and tokens to whoever answers: AZURE_CLI_DISABLE_CONNECTION_VERIFICATION=false turns the check of certificates off | next unset AZURE_CLI_DISABLE_CONNECTION_VERIFICATION | because azure-wire/unchecked-certificates",
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkTrust(given))).toEqual(expected);
  });
});
