import { expect, test } from "vitest";
import { redactLine } from "../../src/output/redact.ts";

const SIGNED = ["s", "i", "g"].join("");

test.each([
  [
    "a connection string",
    "Server=sql;User Id=sa;Password=p&ss, word!;Encrypt=True",
    "Server=sql;User Id=sa;Password=***;Encrypt=True",
  ],
  ["the last part of one", "Server=sql;Pwd=abc", "Server=sql;Pwd=***"],
  ["a quoted value", `Password="a b;c";Timeout=3`, `Password="***";Timeout=3`],
  [
    "a storage key",
    "AccountName=x;AccountKey=abc+/==;EndpointSuffix=y",
    "AccountName=x;AccountKey=***;EndpointSuffix=y",
  ],
  [
    "a key of Service Bus",
    "Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=abc=",
    "Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=***",
  ],
  ["a shared access signature", "SharedAccessSignature=sv=1&x=2;z=1", "SharedAccessSignature=***;z=1"],
  [
    "a user in an address",
    "postgres://app:p@ss/word@db:5432/x failed",
    "postgres://app:***@db:5432/x failed",
  ],
  ["an address of redis", "rediss://:abc=@cache:6380", "rediss://:***@cache:6380"],
  ["a variable", "SECRET_KEY='django-insecure-abc'", "SECRET_KEY='***'"],
  [
    "a variable of another name",
    "env DJANGO_SECRET_KEY=abc DB_PASSWORD=def",
    "env DJANGO_SECRET_KEY=*** DB_PASSWORD=***",
  ],
  ["a field of JSON", '{"password": "a\\"b", "n": 1}', '{"password": "***", "n": 1}'],
  ["JSON in JSON", String.raw`"{\"apiKey\":\"abc\"}"`, String.raw`"{\"apiKey\":\"***\"}"`],
  ["a header", "x-api-key: abc", "x-api-key: ***"],
  ["basic authentication", "Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***"],
  ["a bearer token", "Authorization: Bearer abc.def", "Authorization: Bearer ***"],
  ["a signature over http", `http://x/?sv=1&${SIGNED}=abc&e=1`, `http://x/?sv=1&${SIGNED}=***&e=1`],
  [
    "a private key",
    "key -----BEGIN RSA PRIVATE KEY----- MIIE -----END RSA PRIVATE KEY----- end",
    "key *** end",
  ],
  ["a private key that is cut off", "-----BEGIN PRIVATE KEY----- MIIE", "***"],
  ["a client secret, as everywhere", "client_secret=q~1.x", "client_secret=***"],
])("a line of a log loses %s", (_, text, expected) => {
  expect(redactLine(text)).toBe(expected);
});

test.each([
  "django.core.exceptions.ImproperlyConfigured: Set the SECRET_KEY environment variable",
  "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
  "KeyError: 'SECRET_KEY'",
  "password authentication failed for user app",
  "https://shop.example:8443/a?b=c",
  "An error occurred using the connection to database 'jobs' on server 'sql.example'.",
])("a line without a secret stays: %s", (text) => {
  expect(redactLine(text)).toBe(text);
});

test("a long line takes no long time", () => {
  const begun = performance.now();
  for (const each of ["password", "a:", "://a:", '"', "secret=", "-----BEGIN PRIVATE KEY-----", "x_"]) {
    redactLine(each.repeat(4000 / each.length));
  }

  expect(performance.now() - begun).toBeLessThan(2000);
});
