import { describe, expect, test } from "vitest";
import { maskIds, redact } from "../../src/output/redact.ts";
import { SUBSCRIPTION } from "./sample.ts";

const JWT = "eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJodHRw.c2lnbmF0dXJl-_x";

describe("redact", () => {
  test.each([
    ["a JWT", `token ${JWT}, expired`, "token ***, expired"],
    ["a header", "Authorization: Bearer abc.DEF-1~+/==", "Authorization: Bearer ***"],
    ["a lower-case header", "bearer 0123456789abcdefghij", "bearer ***"],
    ["a form body", "a=1&client_secret=q~1.x&scope=y", "a=1&client_secret=***&scope=y"],
    ["a JSON body", '{"access_token": "a \\" b", "expires_in":3}', '{"access_token": "***", "expires_in":3}'],
    [
      "JSON within JSON",
      String.raw`"{\"refresh_token\":\"a.b\",\"n\":1}"`,
      String.raw`"{\"refresh_token\":\"***\",\"n\":1}"`,
    ],
    ["a body that was cut off", '{"client_assertion":"abc', '{"client_assertion":"***'],
    ["camel case", "{ accessToken: 'a b' }", "{ accessToken: '***' }"],
    [
      "a flag",
      "azwise login --client-secret s3cret --tenant t",
      "azwise login --client-secret *** --tenant t",
    ],
    [
      "a signed URL",
      "see https://x.test/a?api-version=1&t=639&c=MII&s=abc&h=def.",
      "see https://x.test/a?api-version=1&t=***&c=***&s=***&h=***",
    ],
    ["a storage URL in HTML", '"https://x.test/?sv=1&amp;sig=a%2Fb"', '"https://x.test/?sv=1&amp;sig=***"'],
    [
      "a URL in .NET's JSON",
      String.raw`"https://x.test/?sv=1\u0026sig=a"`,
      String.raw`"https://x.test/?sv=1\u0026sig=***"`,
    ],
  ])("hides %s", (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each([
    "the bearer token of another tenant was refused",
    'Bearer realm="https://x.azurecr.io/oauth2/token",service="x"',
    "client_assertion_type=urn:ietf:params",
    "https://x.test/subscriptions?api-version=2024-11-01&$top=5",
    "keyJob.name",
  ])("leaves %j alone", (text) => {
    expect(redact(text)).toBe(text);
  });
});

test("masks all but the last four digits of an id, also inside a resource id", () => {
  expect(maskIds(`/subscriptions/${SUBSCRIPTION.toUpperCase()}/resourceGroups/rg`)).toBe(
    "/subscriptions/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxx0002/resourceGroups/rg",
  );
});
