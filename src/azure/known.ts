import { AzureError } from "./azure-error.ts";

/** What was read, or why it could not be. */
export type Known<T> = { value: T } | { unknown: string };

/** The service's refusal as a reason; anything else that goes wrong stops the run. */
export async function tellRefusal<T>(what: string, read: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    const status = error instanceof AzureError ? (error.status ?? 0) : 0;
    if (!(error instanceof AzureError) || ![400, 403, 404, 409].includes(status)) throw error;
    if (status === 403) return { unknown: `not allowed to read ${what}` };
    return { unknown: `${what}: the service answered ${error.code ?? status}` };
  }
}

/** For what stands beside a result: no failure of the service, the network or in time may take the rest away. */
export async function tellFailure<T>(what: string, read: () => Promise<T>): Promise<Known<T>> {
  try {
    return await tellRefusal(what, read);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { unknown: `${what}: ${error.message}` };
  }
}
