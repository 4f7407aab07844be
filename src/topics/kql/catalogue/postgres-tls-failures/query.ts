import type { CatalogueQuery } from "../catalogue-query.ts";
import { span, text, whole } from "../parameters.ts";
import { pgServerLogs, postgresDiagnostics } from "../../schemas/postgres.ts";
import resourceSpecific from "./query.kql";
import diagnostics from "./query.azure-diagnostics.kql";

export const postgresTlsFailures: CatalogueQuery = {
  name: "postgres-tls-failures",
  summary: "TLS connections to PostgreSQL that failed, as after a change of certificates",
  parameters: [
    text("server", "a server, by name"),
    span("bin", "time per row", "5m"),
    whole("threshold", "more failures than these in one row are told as above", 5),
  ],
  flavours: [
    {
      name: "resource-specific",
      when: "a diagnostic setting sends PostgreSQLLogs to resource-specific tables",
      text: resourceSpecific,
      tables: [pgServerLogs],
      names: { parameter: "server", column: "LogicalServerName" },
    },
    {
      name: "azure-diagnostics",
      when: "a diagnostic setting sends PostgreSQLLogs to AzureDiagnostics",
      text: diagnostics,
      tables: [postgresDiagnostics],
      only: 'ResourceProvider =~ "MICROSOFT.DBFORPOSTGRESQL" and Category =~ "PostgreSQLLogs"',
      names: { parameter: "server", column: "Resource" },
    },
  ],
  window: "1h",
  row: "One server in one stretch of time. The log does not always name the client: a handshake that fails comes before the sign-in.",
  next: [
    "find who connects: pg_stat_ssl joined with pg_stat_activity, again and again over days",
    "put the root certificates into the client's trust store; never pin an intermediate one",
    'proof of a trust store: psql "host=SERVER sslmode=verify-full sslrootcert=roots.pem"',
  ],
  because: [
    "postgres-ca-rotation/alert-threshold",
    "postgres-ca-rotation/trust-roots",
    "azure-wire/postgres-log-tables",
    "azure-wire/postgres-resource-type",
    "azure-wire/postgres-handshake-texts",
  ],
  alert: {
    measure: "Failures",
    threshold: 5,
    window: "PT5M",
    frequency: "PT5M",
    severity: 2,
    because: ["postgres-ca-rotation/alert-threshold"],
  },
};
