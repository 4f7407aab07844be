import { expect, test } from "vitest";
import type { Examined } from "../../../src/topics/kql/triage/seen.ts";
import { app, causes, ended, job, line, probeFailed, started, told } from "./triage-case.ts";

const UNRESOLVED =
  "Unhandled exception. System.InvalidOperationException: Unable to resolve service for type 'Shop.Data.ShopDbContext' while attempting to activate 'Shop.OrderService'.";

/** A line, and the crash right after it. */
function crash(text: string): Partial<Examined> {
  return { lines: [line(102, text)], events: [started(105), ended(101)] };
}

test.each([
  ["unresolved-service", UNRESOLVED],
  [
    "unresolved-service",
    "fail: Microsoft.Extensions.Hosting.Internal.Host[11] Hosting failed to start System.InvalidOperationException: Unable to resolve service for type 'A.B'",
  ],
  [
    "unresolved-service",
    "System.AggregateException: Some services are not able to be constructed (Error while validating the service descriptor 'X': Unable to resolve service for type 'A.B' while attempting to activate 'C'.)",
  ],
  [
    "unresolved-service",
    JSON.stringify({
      LogLevel: "Error",
      Message: "Hosting failed to start",
      Exception: "System.InvalidOperationException: Unable to resolve service for type 'A.B'",
    }),
  ],
  ["connection-refused", "System.Net.Sockets.SocketException (111): Connection refused"],
  ["connection-refused", "System.Net.Http.HttpRequestException: Connection refused (orders:8080)"],
  ["connection-refused", "Error: connect ECONNREFUSED 10.0.0.4:5432"],
  ["connection-refused", "django.db.utils.OperationalError: could not connect to server: Connection refused"],
  [
    "connection-refused",
    'psycopg.OperationalError: connection failed: connection to server at "10.0.0.4", port 5432 failed: Connection refused',
  ],
  [
    "connection-refused",
    "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.",
  ],
  [
    "connection-refused",
    'time=1 level=error msg="dial tcp 10.0.0.4:5432: connect: connection refused" url=x',
  ],
  ["connection-refused", "fail: Shop.Search[0] job id=5 can't go on: connect ECONNREFUSED 10.0.0.4:5432"],
  ["connection-refused", "Error in database 'jobs': connect ECONNREFUSED 10.0.0.4:5432"],
  ["connection-refused", "panic: dial tcp 10.0.0.4:5432: connect: connection refused"],
  [
    "missing-secret-key",
    "django.core.exceptions.ImproperlyConfigured: Set the SECRET_KEY environment variable",
  ],
  [
    "missing-secret-key",
    "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
  ],
  ["missing-secret-key", "KeyError: 'DJANGO_SECRET_KEY'"],
  [
    "missing-variable",
    "django.core.exceptions.ImproperlyConfigured: Set the DATABASE_URL environment variable",
  ],
  ["static-files-missing", "FileNotFoundError: [Errno 2] No such file or directory: '/app/staticfiles'"],
  ["static-files-missing", "ValueError: Missing staticfiles manifest entry for 'css/site.css'"],
  [
    "allowed-hosts",
    "django.core.exceptions.DisallowedHost: Invalid HTTP_HOST header: 'app.happyfield.eastus2.azurecontainerapps.io'. You may need to add it to ALLOWED_HOSTS.",
  ],
  ["out-of-memory", "Unhandled exception. System.OutOfMemoryException: Array dimensions exceeded"],
  ["out-of-memory", "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"],
])("%s is told by: %s", (id, text) => {
  expect(told(crash(text))).toEqual([`${id} likely`]);
});

test.each([
  ["a request that has the words", `info: Request starting HTTP/1.1 GET /search?q=${UNRESOLVED}`],
  ["a comment that somebody wrote", `warn: Shop.Comments[0] Rejected the comment "${UNRESOLVED}"`],
  [
    "information",
    `info: Shop.Docs[0] Indexed System.InvalidOperationException: Unable to resolve service for type 'A'`,
  ],
  ["words without the exception", "Unable to resolve service for type: see the handbook"],
  ["an access log", '10.0.0.1 - - [21/Nov/2026] "GET /?x=Connection refused HTTP/1.1" 200 12'],
  ["a search", "warn: no results for System.Net.Sockets.SocketException: Connection refused"],
  ["a query of a request", "warn: slow page /search?q=SocketException: Connection refused"],
  ["a request that failed", "warn: GET /orders 502 Error: connect ECONNREFUSED 10.0.0.4:1"],
  ["a value of a field", "warn: rejected q=SocketException: Connection refused"],
  ["logfmt of level information", 'level=info msg="dial tcp 10.0.0.4:5432: connect: connection refused"'],
  ["logfmt with the words in a field of the user's", 'level=error comment="connect ECONNREFUSED 10.0.0.4:1"'],
  ["refused for another reason", "warn: payment refused by the bank"],
  ["a debug line", "dbug: retrying after System.Net.Sockets.SocketException (111): Connection refused"],
  [
    "JSON of level information",
    JSON.stringify({ level: "info", message: "connect ECONNREFUSED 10.0.0.4:1" }),
  ],
  ["JSON with the words in a field of the user's", JSON.stringify({ level: "error", comment: UNRESOLVED })],
  ["a page that was not there", '10.0.0.1 "GET /static/site.css HTTP/1.1" 404 153'],
  ["another file", "FileNotFoundError: [Errno 2] No such file or directory: '/app/config.yaml'"],
  ["a variable in a sentence", "The SECRET_KEY environment variable is read from the vault"],
  ["another key", "KeyError: 'price'"],
  ["talk of memory", "info: MemoryError is handled by the cache"],
])("no cause is told by %s: %s", (_, text) => {
  expect(told({ lines: [line(100, text)] })).toEqual([]);
  expect(told(crash(text))).toEqual(["unknown-end unknown"]);
});

test("a host of nobody's is a stranger's, and only possible", () => {
  const text =
    "DisallowedHost: Invalid HTTP_HOST header: 'evil.example'. You may need to add it to ALLOWED_HOSTS.";

  const [cause] = causes({ lines: [line(100, text)], events: [probeFailed(99)] });

  expect(cause).toMatchObject({ id: "allowed-hosts", certainty: "possible" });
  expect(cause?.title).toContain("it may be a stranger");
  expect(cause?.fixes.map(({ command }) => command)).toEqual([expect.stringMatching(/ ALLOWED_HOSTS=HOST$/)]);
});

test.each([
  [["Error: connect ECONNREFUSED 10.0.0.4:5432"], "10.0.0.4:5432"],
  [["System.Net.Http.HttpRequestException: Connection refused (orders:8080)"], "orders:8080"],
  [
    [
      "django.db.utils.OperationalError: could not connect to server: Connection refused",
      'Is the server running on host "localhost" (127.0.0.1) and accepting',
      "TCP/IP connections on port 5432?",
    ],
    "localhost:5432",
  ],
  [
    [
      "An error occurred using the connection to database 'jobs' on server 'sql.example'.",
      "System.Net.Sockets.SocketException (111): Connection refused",
    ],
    "sql.example (database jobs)",
  ],
  [["System.Net.Sockets.SocketException (111): Connection refused"], "something; the lines do not say what"],
])("who refused is in the lines %j: %s", (texts, whom) => {
  const [cause] = causes({ lines: texts.map((text, index) => line(100 - index / 10, text)) });

  expect(cause?.title).toBe(`Connections are refused by ${whom}`);
});

test("the setting of the connection is known with its secret, and the revision that has to see it", () => {
  const resource = app({}, { variables: [{ name: "ConnectionStrings__Db", secret: "db" }] });

  const [cause] = causes({ resource, lines: [line(100, "Error: connect ECONNREFUSED 10.0.0.4:5432")] });

  const where =
    "--name app --resource-group rg-shop-prod --subscription 5a000000-0000-4000-8000-000000000001";
  expect(cause?.fixes[0]?.text).toContain("this prints the secret that ConnectionStrings__Db refers to");
  expect(cause?.fixes.map(({ command }) => command)).toEqual([
    `az containerapp secret show ${where} --secret-name db --query value -o tsv`,
    `az containerapp secret set ${where} --secrets db=VALUE`,
    `az containerapp revision restart ${where} --revision app--v1`,
  ]);
});

test.each([
  [
    "info: Microsoft.Hosting.Lifetime[14] Now listening on: http://localhost:8080",
    "wrong-bind-address likely",
  ],
  [
    "[2026-11-21 08:00:00 +0000] [7] [INFO] Listening at: http://127.0.0.1:8080 (7)",
    "wrong-bind-address likely",
  ],
  ["INFO:     Uvicorn running on http://127.0.0.1:8080 (Press CTRL+C to quit)", "wrong-bind-address likely"],
  ["Starting development server at http://127.0.0.1:8080/", "wrong-bind-address likely"],
  ["info: Microsoft.Hosting.Lifetime[14] Now listening on: http://[::]:5000", "wrong-port likely"],
])("%s is %s", (text, expected) => {
  expect(told({ lines: [line(100, text)] })).toEqual([expected]);
});

const GOOD = "info: Microsoft.Hosting.Lifetime[14] Now listening on: http://[::]:8080";
const LOCAL = "info: Microsoft.Hosting.Lifetime[14] Now listening on: http://127.0.0.1:8080";

test.each<[string, Partial<Examined>]>([
  ["all addresses and the ingress's port", { lines: [line(100, GOOD)] }],
  ["one listener inside and one outside", { lines: [line(100, LOCAL), line(99, GOOD)] }],
  ["a loopback of an earlier start", { lines: [line(300, LOCAL), line(100, GOOD)] }],
  ["neither ingress nor probes", { lines: [line(100, LOCAL)], resource: app({ ingress: undefined }) }],
  ["a job", { lines: [line(100, LOCAL)], resource: job(), kind: "job" }],
  [
    "an ingress that finds the port by itself",
    {
      lines: [line(100, "Now listening on: http://[::]:5000")],
      resource: app({
        ingress: { targetPort: undefined, external: true, fqdn: undefined, transport: undefined },
      }),
    },
  ],
  [
    "an unknown resource and another port",
    {
      lines: [line(100, "Now listening on: http://[::]:5000")],
      resource: undefined,
    },
  ],
  ["a request for it", { lines: [line(100, 'warn: asked for "Now listening on: http://127.0.0.1:1"')] }],
])("no wrong address with %s", (_, change) => {
  expect(told(change)).toEqual([]);
});

test("only the last start counts: an earlier one that listened for all is no help", () => {
  expect(told({ lines: [line(300, GOOD), line(100, LOCAL)] })).toEqual(["wrong-bind-address likely"]);
});

test("a probe of the newest revision on another port is told, one of an older revision is not", () => {
  const probe = {
    kind: "Liveness",
    port: 9090,
    path: "/",
    initialDelay: 1,
    period: 1,
    failureThreshold: 1,
  } as const;
  const resource = app({}, { probes: [probe] });

  expect(causes({ resource, lines: [line(100, GOOD)] })[0]?.title).toBe(
    "Its liveness probe asks port 9090, and it listens on 8080",
  );
  expect(told({ resource, lines: [line(100, GOOD, { revision: "app--v0" })] })).toEqual([]);
});
