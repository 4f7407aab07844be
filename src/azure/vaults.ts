import type { GraphPort } from "./ports.ts";
import type { VaultPort } from "./graph-ports.ts";

/** What a key's address begins with: `https://<name>.vault.azure.net`, `https://<name>.managedhsm.azure.net`. */
const KEY_HOST = /^https:\/\/([a-z0-9-]{3,24})\.(vault|managedhsm)\./i;

const TYPES: Readonly<Record<string, string>> = {
  vault: "microsoft.keyvault/vaults",
  managedhsm: "microsoft.keyvault/managedhsms",
};

/** Key vaults by Resource Graph, as only their names are known and not where they are. */
export function createVaults(graph: GraphPort): VaultPort {
  return {
    async findOf(keyId, subscriptionIds) {
      const [, name = "", kind = ""] = KEY_HOST.exec(keyId) ?? [];
      const type = TYPES[kind.toLowerCase()];
      if (type === undefined) return undefined;
      const query = `resources\n| where type =~ '${type}' and name =~ '${name}'\n| project id, name, location`;
      for await (const { rows } of graph.query(query, subscriptionIds)) {
        const [row] = rows;
        if (row) return { id: `${row["id"]}`, name: `${row["name"]}`, location: `${row["location"]}` };
      }
      return undefined;
    },
  };
}
