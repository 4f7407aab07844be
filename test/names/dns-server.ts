import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a name server answers to one question: addresses with their lifetime, an error code, or nothing at all. */
export type Reply = { addresses: string[]; ttl: number } | { code: number } | "silence";

/** NXDOMAIN */
export const UNKNOWN_NAME = 3;

export interface DnsServer {
  /** As a resolver takes it. */
  address: string;
  /** The names that were asked for. */
  asked: string[];
}

/** A name server on a port of its own that answers with these in turn, and then with the last one for ever. */
export async function openDnsServer(...replies: [Reply, ...Reply[]]): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  socket.on("message", (question, { port, address }) => {
    const reply = replies[Math.min(asked.length, replies.length - 1)]!;
    asked.push(nameIn(question));
    if (reply !== "silence") socket.send(answerTo(question, reply), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${(socket.address() as AddressInfo).port}`, asked };
}

const HEADER = 12;

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER; question[at] !== 0; at += 1 + question[at]!) {
    labels.push(question.toString("latin1", at + 1, at + 1 + question[at]!));
  }
  return labels.join(".");
}

/** The question's own header and name, without what extensions it has. */
function answerTo(question: Buffer, reply: Exclude<Reply, "silence">): Buffer {
  const end = question.indexOf(0, HEADER) + 5;
  const addresses = "code" in reply ? [] : reply.addresses;
  const answer = Buffer.from(question.subarray(0, end));
  answer.writeUInt16BE(0x8180 | ("code" in reply ? reply.code : 0), 2);
  answer.writeUInt16BE(addresses.length, 6);
  answer.writeUInt16BE(0, 8);
  answer.writeUInt16BE(0, 10);
  const ttl = "code" in reply ? 0 : reply.ttl;
  return Buffer.concat([answer, ...addresses.map((address) => record(address, ttl))]);
}

/** An A record of the name in the question. */
function record(address: string, ttl: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(0xc00c, 0);
  bytes.writeUInt16BE(1, 2);
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt32BE(ttl, 6);
  bytes.writeUInt16BE(4, 10);
  Buffer.from(address.split(".").map(Number)).copy(bytes, 12);
  return bytes;
}
