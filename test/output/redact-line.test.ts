import { expect, test } from "vitest";
import { redactLine } from "../../src/output/redact-line.ts";

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
  ["a token", "token=abcdefghijk", "token=***"],
  ["a token of JSON", '{"token":"abc def","n":1}', '{"token":"***","n":1}'],
  ["a token that a sentence gives", "using token: 8Sd7f6sdf8 now", "using token: *** now"],
  ["a key of functions", "x-functions-key: abc==", "x-functions-key: ***"],
  ["a key of API Management", "Ocp-Apim-Subscription-Key: 0a1b2c", "Ocp-Apim-Subscription-Key: ***"],
  ["a key in a list", '{"x-functions-key":["abc"]}', '{"x-functions-key":["***"]}'],
  [
    "a token of GitHub",
    `clone failed with ${"ghp"}_16C7e42F292c6912E7710c838347Ae178B4a`,
    "clone failed with ***",
  ],
  ["a key of a model's service", `using key ${"sk"}-proj-abcDEF0123456789_x`, "using key ***"],
  ["a short word for it", "Server=x;Pass=hunter2;Port=1", "Server=x;Pass=***;Port=1"],
  ["a variable with that word", "SMTP_PASS: hunter2", "SMTP_PASS: ***"],
  ["a passphrase", "passphrase: correct-horse", "passphrase: ***"],
  ["cookies", "Cookie: sessionid=abc; csrftoken=def", "Cookie: ***"],
  ["cookies of JSON", '{"cookie":"sessionid=abc; a=b","n":1}', '{"cookie":"***","n":1}'],
  ["the header of a managed identity", "IDENTITY_HEADER=abc PORT=1", "IDENTITY_HEADER=*** PORT=1"],
  ["a signature alone", `${SIGNED}=a%2Fb&se=2026`, `${SIGNED}=***&se=2026`],
  ["a key of a function in a path", "GET /api/x?code=abc&n=1", "GET /api/x?code=***&n=1"],
  ["a value in braces", "Driver=x;password={a;b}c;Port=1", "Driver=x;password=***;Port=1"],
  ["braces within braces", "password={a}};b};Port=1", "password=***;Port=1"],
  ["a value with doubled quotes", "Password='a''b;c';Port=1", "Password='***';Port=1"],
  ["a value with other doubled quotes", 'Password="a""b;c";Port=1', 'Password="***";Port=1'],
  ["a value with a quote in it", "password=ab'cd e", "password=*** e"],
  ["a quoted string with one", '"Server=x;Password=abc" is wrong', '"Server=x;Password=***" is wrong'],
  ["JSON in JSON with a quote in it", String.raw`{\"pwd\":\"a\\\"b\"}`, String.raw`{\"pwd\":\"***\"}`],
  ["a flag", "run --db-password hunter2 --port 1", "run --db-password *** --port 1"],
  ["a setting's path", "spring.datasource.password=abc", "spring.datasource.password=***"],
  ["a storage key alone", `key ${"aB3+".repeat(21)}aB==`, "key ***"],
  ["a line within a private key", `${"MIIEvQIBADANBgkq".repeat(4)}`, "***"],
  ["the last line of a private key", "hkiG9w0BAQEFAASCBKcwggSjAg", "***"],
  ["the last line of a private key, filled up", "hkiG9w0BAQ==", "***"],
  ["the rest of a private key", `${"MIIEvQIBADANBgkq".repeat(4)}\nAgE=\n-----END`, "***\n***\n-----END"],
  [
    "a setting that is listed",
    '{"name":"DB_PASSWORD","value":"abc"}',
    '{"name":"DB_PASSWORD","value":"***"}',
  ],
  ["no other value", "password=abc value=5", "password=*** value=5"],
  ["an object of a secret's name", '"SecretKey":{"value":"abc"}', '"SecretKey":{"value":"***"}'],
  ["an element of XML", "<password>abc def</password>", "<password>***</password>"],
  ["a key in words", "API key: abc, next", "API key: ***, next"],
  ["a password in a sentence", "the password is 'Ab3dEf6hIj'", "the password is '***'"],
  ["a word in brackets", "f(password=abc, user=x)", "f(password=***, user=x)"],
  ["credentials", "GCP_CREDENTIALS=abc", "GCP_CREDENTIALS=***"],
  ["a password that begins as a reason", "password: none-shall-pass", "password: ***"],
  ["another one", "API_KEY: not4you", "API_KEY: ***"],
  ["one that holds a reason", "DB_PASSWORD: missing/x1", "DB_PASSWORD: ***"],
  [
    "a part that begins as a reason",
    "Server: x;Password: no b1g Secret;Port: 1",
    "Server: x;Password: ***;Port: 1",
  ],
  ["a reason that is assigned", "API_KEY=required", "API_KEY=***"],
  ["a reason that is quoted", '{"password": "required"}', '{"password": "***"}'],
  ["a primary key of Azure", "primaryKey: 0a1b2c3d", "primaryKey: ***"],
  ["a secondary key", "secondaryKey: abc", "secondaryKey: ***"],
  ["the value of a secret of a vault", "got secret db-pass: hunter2", "got secret db-pass: ***"],
  ["that one behind an address", "https://kv/secrets/db-pass: Hunter2", "https://kv/secrets/db-pass: ***"],
  ["a word behind a path that is no address", "/run/secrets/db-pass: Hunter", "/run/secrets/db-pass: ***"],
  ["a key in words that begins as a reason", "API key: no-way", "API key: ***"],
  ["a client secret, as everywhere", "client_secret=q~1.x", "client_secret=***"],
])("a line of a log loses %s", (_, text, expected) => {
  expect(redactLine(text)).toBe(expected);
});

test.each([
  "django.core.exceptions.ImproperlyConfigured: Set the SECRET_KEY environment variable",
  "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
  "KeyError: 'SECRET_KEY'",
  "the token expired",
  "invalid token: IDX10223: Lifetime validation failed",
  "SyntaxError: Unexpected token '<', is not valid JSON",
  "token: Microsoft.IdentityModel.Tokens.SecurityTokenExpiredException: expired",
  "Tests: pass: 5, fail: 3",
  "   at Shop.Jobs.Run(String password, CancellationToken cancellationToken) in /src/Jobs.cs:line 12",
  '  File "/app/auth.py", line 3, in get_token',
  "Password=;Port=1",
  '{"password": null, "token": null}',
  "sessionid=7c000000-0000-4000-8000-000000000001",
  `image x.azurecr.io/shop@sha256:${"0a1b2c3d".repeat(8)} pulled`,
  "0a1b2c3d".repeat(8),
  "DEBUG=",
  "PWD=/app",
  "ApplicationStartedSuccessfully1",
  "DefaultAzureCredential: failed to retrieve a token from the included credentials",
  "Credentials: EnvironmentCredential authentication unavailable",
  "the token is expired, secret 'db-password' is not there",
  "System.InvalidOperationException",
  "ConnectionRefusedErrorWhileStarting",
  "SharedAccessKeyName=Root;KeyName=x",
  "password authentication failed for user app",
  "https://shop.example:8443/a?b=c",
  "environment variable API_KEY: not set",
  "Failed to get secret 'db-pass' from key vault https://kv-shop.vault.azure.net/secrets/db-pass: Forbidden",
  "GET https://kv-shop.vault.azure.net/secrets/db-pass: Azure.RequestFailedException: 403",
  "Unable to get value using Managed identity system for secret db-pass: Forbidden",
  "Unable to get value using Managed identity system for secret db-pass: Caller is not authorized",
  "API_KEY: missing",
  "(API_KEY: missing), next",
  "API_KEY: not set; DB_PASSWORD: is not set.",
  "password: required",
  "DB_PASSWORD: Access denied",
  "secret 'db-pass': value is empty",
  "Auth__ApiKey: Field required",
  "primaryKey: OrderId",
  "the API key is not set, access key: missing",
  "An error occurred using the connection to database 'jobs' on server 'sql.example'.",
])("a line without a secret stays: %s", (text) => {
  expect(redactLine(text)).toBe(text);
});

test("a long line takes no long time", () => {
  const begun = performance.now();
  const parts = [
    'password|a:|://a:|a://a:|"|secret=|-----BEGIN PRIVATE KEY-----|-----BEGIN |x_',
    "password=a |password='a |password={a |password=\\|token: |--token |eyJ-|Cookie: a|pwd=[",
    'sk-|sk-a|A/|aB3|sig=|\n| |\\|Bearer |authorization: |SG.|1Q~|<a|<token>|token a1A|token is |value|{"password":{|pwd=)|a1A',
  ].flatMap((all) => all.split("|"));
  for (const each of parts) {
    redactLine(each.repeat(100_000 / each.length));
  }

  expect(performance.now() - begun).toBeLessThan(4000);
});
