import type { Random } from './random.ts';

/** WebSocket frames for one connection, each a string with one character a byte. */
export type Frames = readonly string[];

const handshake =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

interface Shape {
  readonly opcode?: number;
  /** The first byte's flags; 8 is the last frame of a message, the rest are reserved. */
  readonly flags?: number;
  readonly masked?: boolean;
  /** What the header claims, when that is not the truth. */
  readonly claims?: number;
}

function frame(
  payload: string,
  { opcode = opcodes.text, flags = 8, masked = true, claims }: Shape = {},
): string {
  const size = claims ?? payload.length;
  const head = [(flags << 4) | opcode];
  const mask = masked ? 0x80 : 0;
  if (size < 126) head.push(mask | size);
  else if (size < 65_536) head.push(mask | 126, size >> 8, size & 255);
  else
    head.push(
      mask | 127,
      ...[56, 48, 40, 32, 24, 16, 8, 0].map((shift) => Number((BigInt(size) >> BigInt(shift)) & 255n)),
    );
  // a key of zeros masks nothing, and is allowed
  return String.fromCharCode(...head) + (masked ? '\0\0\0\0' : '') + payload;
}

/** Well-formed frames whose content is no packet of Engine.IO or Socket.IO, or one that a viewer has no business to send. */
function wrongPacket(random: Random): string {
  const text = random.pick([
    '', '0', '0{}', '1', '2', '2probe', '3probe', '4', '5', '6', '7', '9', 'b', 'bAAAA', '40', '40{"token":"x"}', '40/admin,', '40/admin,{"a":1}', '41', '41/admin,',
    '42', '42[', '42[]', '42[null]', '42{}', '42"x"', '42["results"]', '42["disconnect"]', '42["connect_error"]', '42["__proto__",{"x":1}]', '42["newListener"]',
    '420["x"]', '4299999999999999999999["x"]', '43', '430[]', '44', '44{"message":"x"}', '45', '451-["x",{"_placeholder":true,"num":0}]',
    '459999999-["x"]', '45-1-["x"]', '451-["x",{"_placeholder":true,"num":99}]', '46', '461-0[]', '47', '4/,', '42/admin,["x"]', '42["x",NaN]', '\x1e', '4\x1e4',
  ]); // biome-ignore format: one list
  const deep = () => `42["x",${'['.repeat(1_500)}`;
  const many = () => `42["x"${',{}'.repeat(1_000)}]`;
  return random.pick([
    text,
    text,
    text,
    `42["${random.word(1, 3_000)}"]`,
    random.bytes(1, 300),
    `4${random.bytes(1, 300)}`,
    deep(),
    many(),
  ]);
}

/** Violations of the WebSocket protocol itself. */
function wrongFrame(random: Random): string {
  return random.pick([
    () => frame(wrongPacket(random), { masked: false }),
    () => frame(wrongPacket(random), { flags: random.between(9, 15) }),
    () => frame(wrongPacket(random), { opcode: random.pick([3, 7, 11, 15]) }),
    () => frame('x'.repeat(200), { opcode: random.pick([opcodes.ping, opcodes.pong, opcodes.close]) }),
    () => frame('x', { opcode: opcodes.ping, flags: 0 }),
    () => frame('x', { opcode: opcodes.continuation }),
    () => frame('4', { flags: 0 }) + frame('2["x"]'),
    () => frame('\x03', { opcode: opcodes.close }),
    () => frame('\x00\x01', { opcode: opcodes.close }),
    () => frame('\xff\xfe\xc3\x28'),
    () => frame('x'.repeat(random.between(4_097, 60_000))),
    () => frame('x', { claims: random.pick([4_097, 2 ** 31, 2 ** 53, 2 ** 62]) }),
    () => random.bytes(1, 200),
  ])();
}

/** About ten frames after a proper handshake; most of them fit the protocol, so that those after them are read. */
export function badFrames(random: Random): { readonly handshake: string; readonly frames: Frames } {
  const joins = random.oneIn(2) ? [frame('40')] : [];
  const frames = Array.from({ length: 10 }, (_, n) => {
    if (n === 9) return wrongFrame(random);
    return frame(wrongPacket(random), { opcode: random.oneIn(4) ? opcodes.binary : opcodes.text });
  });
  return { handshake, frames: [...joins, ...frames] };
}

/** A request of the polling transport that is no proper one; `session` is that of a viewer who is there. */
export function badPoll(random: Random, session: string): string {
  const query = random.pick([
    'EIO=4&transport=polling', 'EIO=3&transport=polling', 'EIO=4', '', 'EIO=4&transport=webtransport', 'EIO=4&transport=__proto__', 'EIO=99&transport=polling',
    'EIO=4&transport=polling&sid=', 'EIO=4&transport=polling&sid=__proto__', `EIO=4&transport=polling&sid=${random.word(1, 2_000)}`, 'EIO=4&transport=websocket',
    `EIO=4&transport=polling&sid=${session}`, `EIO=4&transport=polling&sid=${session}`, `EIO=4&transport=websocket&sid=${session}`, '%', 'EIO[]=4&transport[]=polling',
  ]); // biome-ignore format: one list
  const method = random.pick(['POST', 'POST', 'POST', 'PUT', 'OPTIONS', 'DELETE']);
  const body = random.oneIn(10) ? 'x'.repeat(random.between(4_097, 100_000)) : wrongPacket(random);
  const type = random.pick(['text/plain;charset=UTF-8', 'application/octet-stream', 'application/json', '']);
  return `${method} /socket.io/?${query} HTTP/1.1\r\nHost: x\r\nOrigin: https://other.example\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
