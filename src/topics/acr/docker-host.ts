/** The host in what Docker calls a server: older entries are addresses such as `https://shop.azurecr.io/v1/`. */
export function hostOfServer(server: string): string {
  return server.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}
