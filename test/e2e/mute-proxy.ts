import { createServer, type AddressInfo, type Socket } from "node:net";

/** A proxy that takes every connection and never answers. */
export interface MuteProxy {
  url: string;
  /** Resolves once somebody has connected. */
  waiting: Promise<void>;
  close(): void;
}

export async function openMuteProxy(): Promise<MuteProxy> {
  const sockets = new Set<Socket>();
  let connected = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    connected();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waiting,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
