import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeToken } from "../../src/sandbox/token.ts";
import { GIVEN } from "../written.ts";

export const TENANT = "a0000000-0000-4000-8000-00000000000a";
export const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";

/** Puts an az that does what the script says into a folder for programs, beside a profile as az writes it. */
export async function installAz(home: string, script: string): Promise<{ bin: string; profile: string }> {
  const [bin, azure] = [join(home, GIVEN, "bin"), join(home, ".azure")];
  for (const folder of [bin, azure]) await mkdir(folder, { recursive: true });
  await writeFile(join(bin, "az"), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, "az"), 0o755);
  const account = {
    id: SUBSCRIPTION,
    name: "Shop",
    state: "Enabled",
    tenantId: TENANT,
    user: { name: "ada@contoso.com", type: "user" },
    isDefault: true,
    environmentName: "AzureCloud",
  };
  const profile = join(azure, "azureProfile.json");
  await writeFile(profile, `\uFEFF${JSON.stringify({ installationId: "x", subscriptions: [account] })}`);
  return { bin, profile };
}

/** What az prints when it is asked for a token of Ada in that tenant. */
export function printToken(tenantId: string): string {
  const now = Math.floor(Date.now() / 1000);
  const accessToken = writeToken({
    tid: tenantId,
    oid: "a2000000-0000-4000-8000-00000000000a",
    appid: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    aud: "https://management.azure.com",
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: now,
    exp: now + 3600,
  });
  return `echo '${JSON.stringify({ accessToken, expires_on: now + 3600, tokenType: "Bearer" })}'`;
}
