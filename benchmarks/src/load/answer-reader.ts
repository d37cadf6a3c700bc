/** An HTTP answer, as far as a voter looks at it. */
export interface Answer {
  readonly status: number;
  /** `voter_id=…` when the answer sets that cookie. */
  readonly voterCookie: string | undefined;
  /** Whether the server will close the connection. */
  readonly last: boolean;
}

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

/**
 * Reads the answers on one keep-alive connection on which one request at a time is under way. It
 * understands a Content-Length and chunks, which is all that servers send, and looks at nothing else:
 * what the load costs must not hide what the server costs.
 *
 * @returns a function that is given what arrives, and returns the answer once it is whole
 */
export function createAnswerReader(): (chunk: Buffer) => Answer | undefined {
  let received: Buffer | undefined;

  return (chunk) => {
    received = received === undefined ? chunk : Buffer.concat([received, chunk]);
    const bodyStart = received.indexOf(headEnd) + headEnd.length;
    if (bodyStart < headEnd.length) return undefined;
    const head = received.toString('latin1', 0, bodyStart);
    if (!isWhole(head, received, bodyStart)) return undefined;
    received = undefined;
    return {
      status: Number(head.slice(9, 12)),
      voterCookie: /\r\nset-cookie: *(voter_id=[^;\r]*)/i.exec(head)?.[1],
      last: /\r\nconnection: *close/i.test(head),
    };
  };
}

function isWhole(head: string, received: Buffer, bodyStart: number): boolean {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return received.length >= bodyStart + Number(length);
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return true;
  return (
    received.length >= bodyStart + lastChunk.length && received.subarray(-lastChunk.length).equals(lastChunk)
  );
}
