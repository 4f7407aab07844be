import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTestHost } from "./harness.ts";
import { refuseSecrets, secretsIn, secretsOf } from "./written.ts";

const TOKEN = "eyJ0eXAiOiJKV1Qi.eyJ0aWQiOiJhMDAw.c2lnbmF0dXJl";
const HASH = "0123456789abcdef".repeat(4);

function folderWith(files: Record<string, string>, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), "azwise-written-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode });
  }
  return folder;
}

test.each([
  ["a token", `{"access_token":"${TOKEN}"}`],
  ["a token", "the header eyJhbGciOiJub25lIn0.eyJ0aWQiOiIxIn0. without a signature"],
  ["a client secret", "AZURE_CLIENT_SECRET=sandbox-secret-not-real"],
  [
    "Docker's credentials",
    `{"auth":"${Buffer.from(`00000000-0000-0000-0000-000000000000:${TOKEN}`).toString("base64")}"}`,
  ],
  ["a sign-in ticket", "sandbox-refresh-eyJ1c2VyIjoiYSJ9"],
  ["a signed URL", "https://management.azure.com/x?api-version=1&t=638999999999999999"],
  ["a signed URL", `GET /x?s=${"A".repeat(342)}`],
  ["a signed URL", `{"url":"https://x/y?p=1\\u0026h=${"b".repeat(43)}"}`],
])("%s is found in %s", (name, text) => {
  expect(secretsIn(text)).toEqual([name]);
});

test.each([
  "https://management.azure.com/x?t=***&c=***&s=***&h=***",
  "az login --claims-challenge eyJhY2Nlc3NfdG9rZW4iOnt9fQ== --tenant contoso.com",
  "odcr status?c=1&s=web&t=5",
])("%s holds no secret", (text) => {
  expect(secretsIn(text)).toEqual([]);
});

test("what only the test knows is a secret, too", () => {
  expect(secretsIn("refresh: 0.AAA-opaque", ["0.AAA-opaque"])).toEqual(["a secret of this test"]);
});

test("secrets are known by the variables that they come in", () => {
  const env = {
    AZURE_CLIENT_SECRET: "guessed-wrong",
    AZURE_CLIENT_ID: "application",
    SYSTEM_ACCESSTOKEN: "short",
  };

  expect(secretsOf(env)).toEqual(["guessed-wrong"]);
});

test("a secret that was printed is refused, and not printed again", () => {
  const folder = folderWith({});

  expect(() => refuseSecrets({ folder, printed: TOKEN })).toThrow(
    new Error("secrets got out: a token was printed"),
  );
});

test.each(["state/azwise/runs/1.jsonl", "cache/azwise/tokens/x.tmp", "azwise/world.json", ".azwise.json"])(
  "a token in %s is refused",
  (file) => {
    const folder = folderWith({ [file]: TOKEN });

    expect(() => refuseSecrets({ folder, printed: "" })).toThrow(
      new Error(`secrets got out: a token is in ${file}`),
    );
  },
);

test("a secret in the name of a file is refused", () => {
  const folder = folderWith({ "cache/sandbox-secret-not-real.json": "" });

  expect(() => refuseSecrets({ folder, printed: "" })).toThrow("a client secret is in a file's name");
});

test("token files, the sandbox's world and what the test provides may hold secrets", () => {
  const folder = folderWith({
    [`.cache/azwise/tokens/${HASH}.json`]: TOKEN,
    ".docker/config.json": TOKEN,
    "state/azwise/sandbox/world.json": "sandbox-secret-not-real",
    "given/bin/az": TOKEN,
  });

  expect(() => refuseSecrets({ folder, printed: "" })).not.toThrow();
});

test.skipIf(process.platform === "win32").each([`azwise/tokens/${HASH}.json`, ".docker/config.json"])(
  "%s that others can read is refused",
  (file) => {
    const folder = folderWith({ [file]: TOKEN }, 0o644);

    expect(() => refuseSecrets({ folder, printed: "" })).toThrow(
      new Error(`secrets got out: ${file} has mode 644`),
    );
  },
);

test.fails("a test fails when its host prints a token", () => {
  const host = createTestHost();

  host.stderr.write(TOKEN);

  expect(host.folder).not.toBe("");
});

test.fails("a test fails when a token is left in its host's folder", () => {
  const host = createTestHost();

  writeFileSync(join(host.folder, "leak.txt"), TOKEN);

  expect(host.folder).not.toBe("");
});
