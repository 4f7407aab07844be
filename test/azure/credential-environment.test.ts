import { createPrivateKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";
import { expect, test } from "vitest";
import { putOnPath } from "./on-path.ts";
import { openSignIn, SUBSCRIPTION, TENANT } from "./sign-in.ts";
import { refusalOf } from "./wire.ts";

const REQUESTS = [
  `POST https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
  `GET https://management.azure.com/subscriptions/${SUBSCRIPTION}`,
];
const PASSWORD = "only-for-this-test";

/** A certificate with its key in one file, as Azure wants it. */
async function writeCertificate(password?: string): Promise<string> {
  const pems = await generate([{ name: "commonName", value: "azwise test" }], { algorithm: "sha256" });
  const cipher = password === undefined ? {} : { cipher: "aes-256-cbc", passphrase: password };
  const key = createPrivateKey(pems.private).export({ type: "pkcs8", format: "pem", ...cipher });
  const file = join(putOnPath({}).folder, "certificate.pem");
  writeFileSync(file, `${key.toString()}${pems.cert}`);
  return file;
}

test.each([
  ["without a password", undefined],
  ["with a password", PASSWORD],
])("a certificate %s signs in with one token request, and stays here", async (_, password) => {
  const file = await writeCertificate(password);
  const sent: string[] = [];
  const { connect, seen } = await openSignIn({
    env: {
      AZURE_CLIENT_SECRET: "",
      AZURE_CLIENT_CERTIFICATE_PATH: file,
      AZURE_CLIENT_CERTIFICATE_PASSWORD: password ?? "",
    },
    before: ({ body }) => void sent.push(body),
  });

  await connect();

  expect(seen).toEqual(REQUESTS);
  const form = new URLSearchParams(sent[0]);
  expect(form.get("client_assertion")?.split(".")).toHaveLength(3);
  expect(form.has("client_secret")).toBe(false);
});

test("a wrong password says which variables to check, and sends nothing", async () => {
  const { connect, seen } = await openSignIn({
    env: {
      AZURE_CLIENT_SECRET: "",
      AZURE_CLIENT_CERTIFICATE_PATH: await writeCertificate(PASSWORD),
      AZURE_CLIENT_CERTIFICATE_PASSWORD: "guessed-wrong",
    },
  });

  const refusal = await refusalOf(connect());

  expect(refusal).toMatchObject({
    kind: "auth",
    hint: "check AZURE_CLIENT_CERTIFICATE_PATH and AZURE_CLIENT_CERTIFICATE_PASSWORD",
  });
  expect(JSON.stringify(refusal)).not.toContain("guessed-wrong");
  expect(seen).toEqual([]);
});

test("a certificate that is not there is named", async () => {
  const env = { AZURE_CLIENT_SECRET: "", AZURE_CLIENT_CERTIFICATE_PATH: "/nowhere/certificate.pem" };
  const { connect } = await openSignIn({ env });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: "the certificate /nowhere/certificate.pem cannot be read (ENOENT)",
    hint: "check AZURE_CLIENT_CERTIFICATE_PATH",
    uncertain: false,
  });
});

test.each([
  ["AZURE_CLIENT_ID", { AZURE_CLIENT_ID: "" }, "set AZURE_CLIENT_ID, or use another --auth"],
  [
    "AZURE_CLIENT_SECRET",
    { AZURE_CLIENT_SECRET: "" },
    "set it, or AZURE_CLIENT_CERTIFICATE_PATH, or use another --auth",
  ],
])("--auth environment without %s says what to set", async (name, env, hint) => {
  const { connect, seen } = await openSignIn({ auth: "environment", env });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: `${name} is not set`,
    hint,
    uncertain: false,
  });
  expect(seen).toEqual([]);
});
