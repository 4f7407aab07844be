import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readClaims } from "../../src/azure/claims.ts";
import { openPerson, type Person } from "./person.ts";
import { SECRET_TOOL } from "./secret-tool-script.ts";
import { TENANT } from "./sign-in.ts";
import { refusalOf } from "./wire.ts";

const SCOPE = "https://management.azure.com/.default";
const OPTIONS = { enableCae: true };
const KEPT = { "secret-tool": SECRET_TOOL };

test("the browser comes back to this machine, and the sign-in is kept", async () => {
  const person = await openPerson({ ...KEPT, "xdg-open": `echo "$1" > "$(dirname "$0")/url"` });

  const credential = await person.open({ kind: "browser", interactive: true });
  const asking = credential.getToken(SCOPE, OPTIONS);
  await person.browse(await urlOpened(person));
  const token = await asking;
  const later = await person.open({ kind: "browser" });
  await later.getToken(SCOPE, OPTIONS);

  expect(readClaims(token?.token ?? "")?.tenantId).toBe(TENANT);
  expect(person.told).toEqual(["to sign in, use the window that opens in the browser"]);
  expect(person.seen).toEqual(["authorization_code", "refresh_token"]);
});

async function urlOpened({ folder }: Person): Promise<string> {
  const read = (): string => {
    try {
      return readFileSync(join(folder, "url"), "utf8").trim();
    } catch {
      return "";
    }
  };
  await expect.poll(read, { timeout: 5000 }).not.toBe("");
  return read();
}

test.each([
  ["is not there", {}],
  ["fails", { "xdg-open": "exit 3" }],
])("where the program that opens a browser %s, a device code is proposed", async (_, scripts) => {
  const person = await openPerson({ ...KEPT, ...scripts });

  const credential = await person.open({ kind: "browser", interactive: true });

  expect(await refusalOf(credential.getToken(SCOPE, OPTIONS))).toEqual({
    kind: "auth",
    message: "no browser can be opened here",
    hint: "use --auth device, which needs no browser on this machine",
    uncertain: false,
  });
});

test.each(["device", "browser"] as const)("Ctrl-C ends waiting for a person (%s)", async (kind) => {
  const person = await openPerson({ ...KEPT, "xdg-open": "exit 0" });
  person.intercept(({ body }) =>
    body.includes("device_code=")
      ? { status: 400, headers: {}, body: JSON.stringify({ error: "authorization_pending" }) }
      : undefined,
  );
  person.world.settings.devicePollSeconds = 1;
  const interrupted = new AbortController();

  const credential = await person.open({ kind, interactive: true, signal: interrupted.signal });
  const asking = credential.getToken(SCOPE, OPTIONS);
  await expect.poll(() => person.told).toHaveLength(1);
  interrupted.abort();

  await expect(asking).rejects.toHaveProperty("name", "AbortError");
});

test.each([
  [{}],
  [{ device_code: "d", verification_uri: "https://x.test", interval: 1, expires_in: 9 }],
  [{ device_code: "d", user_code: "ABCD", interval: 1, expires_in: 9 }],
])("a device code answer of %o shows no half sentence", async (body) => {
  const person = await openPerson();
  person.intercept(() => ({ status: 200, headers: {}, body: JSON.stringify(body) }));

  const credential = await person.open({ interactive: true });

  expect(await refusalOf(credential.getToken(SCOPE))).toEqual({
    kind: "failed",
    message: "Entra answered without a code to enter",
    hint: "try again, or use --auth browser",
    uncertain: false,
  });
  expect(person.told).toEqual([]);
});

test("a code that ends while Entra still says to wait was not refused by Entra", async () => {
  const person = await openPerson(KEPT);
  const url = "https://microsoft.com/devicelogin";
  const code = { device_code: "d", user_code: "u", verification_uri: url, expires_in: 0, interval: 0.3 };
  const pending = { error: "authorization_pending", error_codes: [70016] };
  person.intercept(({ url, body }) => {
    if (url.includes("/devicecode")) return { status: 200, headers: {}, body: JSON.stringify(code) };
    return body.includes("device_code=")
      ? { status: 400, headers: {}, body: JSON.stringify(pending) }
      : undefined;
  });

  const credential = await person.open({ interactive: true });

  const refusal = await refusalOf(credential.getToken(SCOPE, OPTIONS));
  expect(refusal).toMatchObject({ kind: "auth", message: "sign-in failed" });
  expect(refusal).not.toHaveProperty("code");
});
