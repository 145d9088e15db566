/** An HTTP proxy whose every tunnel leads to one port of this machine: for programs that tunnel plain HTTP as well. */
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface Tunnel {
  port: number;
  close(): Promise<void>;
}

export async function tunnelTo(target: number): Promise<Tunnel> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on("connect", (_request, client: Socket, head) => {
    const town = connect(target, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      town.write(head);
      client.pipe(town).pipe(client);
    });
    keep(town);
    keep(client);
    town.on("close", () => client.destroy());
    client.on("close", () => town.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
