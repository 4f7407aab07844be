import type { Given } from "../../azure/target.ts";

/** Where a run went, as far as another command has to be told. */
interface Same {
  cloud: string;
  auth?: Given | undefined;
}

/** The command with the flags that let it go where this run went. */
export function again(command: string, { cloud, auth }: Same): string {
  return [
    command,
    ...(cloud === "public" ? [] : ["--cloud", cloud]),
    ...(auth?.by === "flag" ? ["--auth", auth.value] : []),
  ].join(" ");
}
