import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const handshake =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: viewer\r\nUpgrade: websocket\r\n' +
  'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const joining = '40';
const ping = '2';
const pong = '3';

/** A viewer that stands on the bare connection, so that it can behave as no library would. */
export interface WireViewer {
  readonly socket: Socket;
  /** The texts received so far, oldest first, as Engine.IO packets. */
  readonly received: readonly string[];
  send(packet: string): void;
  /** Reads nothing from now on, but says every four seconds that it has heard a ping. */
  turnDeaf(): void;
  /** Reads again. */
  listen(): void;
  close(): void;
}

/**
 * Connects by WebSocket and joins.
 *
 * @param answersPings false for one whose pongs are sent by the test
 */
export async function openWireViewer(address: string, answersPings = true): Promise<WireViewer> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const received: string[] = [];
  let bytes = Buffer.alloc(0);
  let upgraded = false;
  let answering: NodeJS.Timeout | undefined;

  socket.on('data', (data) => {
    bytes = Buffer.concat([bytes, data]);
    if (!upgraded) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) return;
      upgraded = true;
      bytes = bytes.subarray(end + 4);
    }
    for (let frame = firstFrame(bytes); frame !== undefined; frame = firstFrame(bytes)) {
      received.push(frame.text);
      if (frame.text === ping && answersPings) send(pong);
      bytes = bytes.subarray(frame.size);
    }
  });
  socket.once('close', () => clearInterval(answering));

  function send(packet: string): void {
    if (socket.writable) socket.write(frameOf(packet));
  }

  await once(socket, 'connect');
  socket.write(handshake);
  send(joining);
  return {
    socket,
    received,
    send,
    turnDeaf() {
      socket.pause();
      answering = setInterval(() => send(pong), 4_000);
    },
    listen() {
      clearInterval(answering);
      socket.resume();
    },
    close() {
      clearInterval(answering);
      socket.destroy();
    },
  };
}

/** A whole text frame as a client sends it; a mask of zeros hides nothing, and is allowed. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 125) throw new RangeError('longer than a viewer has to say');
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** The first whole frame of a server in `bytes`. */
function firstFrame(bytes: Buffer): { readonly text: string; readonly size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1);
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < head) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < head + length) return undefined;
  return { text: bytes.toString('utf8', head, head + length), size: head + length };
}
