import type { LoginPort } from "../../azure/login-ports.ts";
import type { Env } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { isGuid } from "../../resource-id.ts";
import { readAz } from "./tools-az.ts";
import { readAzd } from "./tools-azd.ts";
import { findDefaultCredential } from "./tools-default-credential.ts";
import { readKubelogin } from "./tools-kubelogin.ts";
import type { ToolReading } from "./tools-reading.ts";
import { readVariables } from "./tools-variables.ts";

/** Where every other tool in this shell leads. Files are read, nothing is started. */
export async function readTools(login: LoginPort, place: { env: Env; cwd: string }): Promise<ToolReading[]> {
  const az = readAz(login.azProfile);
  const azd = await readAzd({ ...place, az });
  const kubelogin = await readKubelogin({ ...place, azd });
  const chain = findDefaultCredential({ env: place.env, az, azd });
  const tools = [az, ...readVariables(place.env), azd, kubelogin, chain];
  return Promise.all(tools.map((tool) => withTenantId(tool, login)));
}

/** A tool may name its tenant by a domain; Entra says, without a token, whose that is. */
async function withTenantId(tool: ToolReading, login: LoginPort): Promise<ToolReading> {
  const domain = tool.state === "in use" ? tool.target.tenant : undefined;
  if (tool.state !== "in use" || domain === undefined || !isDomain(domain)) return tool;
  try {
    return { ...tool, target: { ...tool.target, tenant: await login.findTenantId(domain) } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...tool, target: { ...tool.target, tenantUnsure: error.message } };
  }
}

/** "common" and "organizations" have no dot: they stand for whichever tenant signs in. */
function isDomain(tenant: string): boolean {
  return !isGuid(tenant) && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(tenant);
}
