import { generate } from "selfsigned";

export interface Certificates {
  /** PEM of the authority that signed the server's certificate. */
  ca: string;
  cert: string;
  key: string;
}

/** An authority of our own and one server certificate for all the given host names. */
export async function makeCertificates(hosts: readonly string[]): Promise<Certificates> {
  const ca = await generate([{ name: "commonName", value: "azwise test authority" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: "commonName", value: hosts[0] ?? "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: hosts.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  return { ca: ca.cert, cert: server.cert, key: server.private };
}
