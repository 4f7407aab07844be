import * as z from "zod";

const Text = z.strictObject({ text: z.string().min(1) });
const Level = z.enum(["none", "note", "warning", "error"]);
const whole = z.int().min(1);

const Region = z
  .strictObject({ startLine: whole, startColumn: whole, endLine: whole, endColumn: whole })
  .refine((each) => each.endLine > each.startLine || each.endColumn >= each.startColumn);

/** A URI reference of RFC 3986: nothing unescaped that may not stand there, and no scheme but file. */
const Uri = z.string().regex(/^(?:file:\/\/\/)?(?:[A-Za-z0-9\-._~!$&'()*+,;=@/]|%[0-9A-F]{2})+$/);

const Location = z.strictObject({
  physicalLocation: z.strictObject({
    artifactLocation: z
      .strictObject({ uri: Uri, uriBaseId: z.literal("%SRCROOT%").optional() })
      .refine(({ uri, uriBaseId }) => uri.startsWith("file:") === (uriBaseId === undefined)),
    region: Region.optional(),
  }),
});

const Rule = z.strictObject({
  id: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/),
  shortDescription: Text,
  fullDescription: Text,
  help: Text,
  defaultConfiguration: z.strictObject({ level: Level }),
});

const Run = z
  .strictObject({
    tool: z.strictObject({
      driver: z.strictObject({ name: z.string(), version: z.string(), rules: z.array(Rule) }),
    }),
    invocations: z.array(
      z.strictObject({
        executionSuccessful: z.boolean(),
        exitCode: z.int(),
        toolExecutionNotifications: z.array(
          z.strictObject({ level: Level, message: Text, locations: z.array(Location) }),
        ),
      }),
    ),
    columnKind: z.literal("utf16CodeUnits"),
    newlineSequences: z.array(z.string()).min(1),
    results: z.array(
      z.strictObject({
        ruleId: z.string(),
        ruleIndex: z.int().min(0),
        level: Level,
        message: Text,
        locations: z.array(Location).length(1),
      }),
    ),
  })
  .refine(({ tool, results }) =>
    results.every(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId),
  );

/** What SARIF 2.1.0 requires and allows of what is written; every object of its schema is closed. */
export const SarifDocument = z.strictObject({
  $schema: z.literal("https://json.schemastore.org/sarif-2.1.0.json"),
  version: z.literal("2.1.0"),
  runs: z.array(Run).length(1),
});
