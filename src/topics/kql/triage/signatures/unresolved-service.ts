import { azContainerApp, azUpdateContainer } from "../commands.ts";
import { causeOfLines, type Case } from "../evidence.ts";
import type { Cause, Examined, Fix } from "../seen.ts";
import { complaints, containerIn, linesOf, valuesOf } from "./lines.ts";

const SIGN =
  /\bSystem\.(?:InvalidOperationException|AggregateException): .{0,400}?Unable to resolve service for type '([^']+)'(?: while attempting to activate '([^']+)')?/;

/** A .NET application that cannot make one of its services. */
export function unresolvedService(seen: Case): Cause[] {
  const found = complaints(seen, SIGN);
  const [type = "a service"] = valuesOf(found, 1);
  const wanted = valuesOf(found, 2)[0];
  const need = wanted === undefined ? "" : `, which ${wanted} needs`;
  return causeOfLines(
    linesOf(found),
    {
      id: "unresolved-service",
      title: `.NET cannot make ${type}${need}`,
      fixes: fixesOf(type, containerIn(found), seen.examined),
      facts: [
        "azure-wire/unresolved-service-is-not-registered",
        "container-apps-startup/missing-setting-crashes",
        "container-apps-startup/double-underscore",
      ],
    },
    seen,
  );
}

function fixesOf(type: string, container: string | undefined, examined: Examined): Fix[] {
  const register: Fix = {
    text: `register ${type} before the application is built, also where a setting decides whether that is done`,
  };
  const show: Fix = {
    text: "compare its settings with those that the application reads",
    command: azContainerApp(
      examined,
      "show",
      "--query",
      "properties.template.containers[].env[].name",
      "-o",
      "tsv",
    ),
  };
  const names = examined.resource?.containers.flatMap(({ variables }) => variables);
  const isDatabase = /(?:DbContext|Context|Connection)\b/.test(type.split(".").at(-1) ?? "");
  if (!isDatabase || names?.some(({ name }) => /^ConnectionStrings(?:__|:)/i.test(name)))
    return [show, register];
  const without = names ? "it has no variable ConnectionStrings__…: " : "";
  return [
    {
      text: `${without}keep the connection string as a secret`,
      command: azContainerApp(examined, "secret set", "--secrets", "connectionstring=VALUE"),
    },
    {
      text: "and give it to the application under the name that it reads, a colon written as two underscores",
      command: azUpdateContainer(
        examined,
        container,
        "--set-env-vars",
        "ConnectionStrings__DefaultConnection=secretref:connectionstring",
      ),
    },
    register,
  ];
}
