import { test, type TestContext } from "vitest";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli } from "./cli.ts";

const STATUS = ["odcr", "status", "--verbose"];

async function open({ onTestFinished }: TestContext): Promise<Double> {
  const double = await openDouble();
  onTestFinished(() => double.close());
  return double;
}

/** The error as a person sees it, without the log. */
function errorIn(stderr: string): string[] {
  return stderr.split("\n").filter((line) => /^(error|bug|\s+next):/.test(line));
}

test.concurrent("a wrong secret exits 4 with Entra's code, and is not shown", async (context) => {
  const { expect } = context;
  const double = await open(context);

  const finished = await runCli(double, STATUS, { env: { AZURE_CLIENT_SECRET: "guessed-wrong" } });

  expect(finished.exit).toBe(4);
  expect(errorIn(finished.stderr)).toEqual([
    "error: sign-in was refused (AADSTS7000215)",
    "  next: the client secret is wrong: use the secret's value, not its id",
  ]);
  expect(double.seen).toHaveLength(1);
});

test.concurrent("a subscription of another tenant exits 4 and names that tenant", async (context) => {
  const { expect } = context;
  const double = await open(context);
  const env = { AZURE_SUBSCRIPTION_ID: "5b000000-0000-4000-8000-000000000003" };

  const finished = await runCli(double, STATUS, { env });

  expect(finished.exit).toBe(4);
  expect(finished.stderr).toContain("(InvalidAuthenticationTokenTenant)\n");
  expect(errorIn(finished.stderr)[1]).toBe("  next: use --tenant b0000000-0000-4000-8000-00000000000b");
  expect(double.seen).toHaveLength(2);
});

test.concurrent("an unknown subscription exits 4", async (context) => {
  const { expect } = context;
  const double = await open(context);
  const env = { AZURE_SUBSCRIPTION_ID: "5a000000-0000-4000-8000-0000000000ff" };

  const finished = await runCli(double, STATUS, { env });

  expect(finished.exit).toBe(4);
  expect(errorIn(finished.stderr)).toEqual([
    "error: subscription 5a000000-0000-4000-8000-0000000000ff is not visible in tenant a0000000-0000-4000-8000-00000000000a (SubscriptionNotFound)",
    "  next: check --subscription and --tenant, and that this identity has a role there",
  ]);
});

test.concurrent(
  "a certificate that nobody vouches for exits 1 at once, with one clear line",
  async (context) => {
    const { expect } = context;
    const double = await open(context);

    const finished = await runCli(double, STATUS, { env: { NODE_EXTRA_CA_CERTS: undefined } });

    expect(finished.exit).toBe(1);
    expect(errorIn(finished.stderr)).toEqual([
      "error: the certificate of login.microsoftonline.com is not trusted (SELF_SIGNED_CERT_IN_CHAIN)",
      "  next: if a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to its CA file",
    ]);
    expect(double.connects).toEqual(["login.microsoftonline.com"]);
  },
);

test.concurrent("a proxy that is no URL is wrong usage", async (context) => {
  const { expect } = context;
  const double = await open(context);

  const finished = await runCli(double, STATUS, { env: { HTTPS_PROXY: "127.0.0.1:3128" } });

  expect(finished).toMatchObject({ exit: 2, stdout: "" });
  expect(errorIn(finished.stderr)[0]).toBe("error: HTTPS_PROXY is not a URL that can be used");
});

test.concurrent("without a secret az is asked, and named when it is not there", async (context) => {
  const { expect } = context;
  const double = await open(context);
  const env = { AZURE_CLIENT_SECRET: undefined, PATH: double.home };

  const finished = await runCli(double, STATUS, { env });

  expect(finished.exit).toBe(4);
  expect(errorIn(finished.stderr)[0]).toBe("error: the Azure CLI (az) is not installed (AzNotFound)");
  expect(double.seen).toEqual([]);
});
