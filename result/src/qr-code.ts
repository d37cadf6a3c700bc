import { encode } from 'uqr';

export interface QrCode {
  /** Modules on each side, the quiet zone that scanners need included. */
  readonly size: number;
  /** An SVG path of the dark modules. */
  readonly path: string;
}

const quietZone = 4;

export function qrCode(text: string): QrCode {
  const { size, data } = encode(text, { ecc: 'M', border: quietZone });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { size, path };
}
