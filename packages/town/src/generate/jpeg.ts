/**
 * Grey baseline JPEGs, small and real: each 8x8 block is flat, so that only DC coefficients are coded. Optional EXIF.
 * Written here because the town must be built synchronously and byte for byte the same everywhere.
 */
import { type ExifTags, exif } from "./exif.ts";
import { Rng } from "./rng.ts";

// ITU-T T.81, table K.3: luminance DC code lengths and values.
const DC_COUNTS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/** A table of one code: "0" ends a block. */
const AC_COUNTS = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

function dcCodes(): { code: number; bits: number }[] {
  const codes: { code: number; bits: number }[] = [];
  let code = 0;
  DC_COUNTS.forEach((count, i) => {
    for (let n = 0; n < count; n++) codes.push({ code: code++, bits: i + 1 });
    code <<= 1;
  });
  return codes;
}
const DC_CODES = dcCodes();

class BitWriter {
  readonly bytes: number[] = [];
  #pending = 0;
  #count = 0;
  write(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i--) {
      this.#pending = (this.#pending << 1) | ((value >> i) & 1);
      if (++this.#count === 8) this.#flush();
    }
  }
  end(): void {
    while (this.#count > 0) this.write(1, 1);
  }
  #flush(): void {
    this.bytes.push(this.#pending);
    if (this.#pending === 0xff) this.bytes.push(0);
    this.#pending = 0;
    this.#count = 0;
  }
}

function scan(levels: readonly number[]): number[] {
  const bits = new BitWriter();
  let previous = 0;
  for (const level of levels) {
    const difference = level - previous;
    previous = level;
    const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
    const code = DC_CODES[size] ?? { code: 0, bits: 2 };
    bits.write(code.code, code.bits);
    if (size > 0) bits.write(difference > 0 ? difference : difference + (1 << size) - 1, size);
    bits.write(0, 1);
  }
  bits.end();
  return bits.bytes;
}

const segment = (marker: number, data: readonly number[]): number[] => [
  0xff,
  marker,
  ((data.length + 2) >> 8) & 255,
  (data.length + 2) & 255,
  ...data,
];

/** `levels` are DC levels row by row, -63 (black) to 63 (white), quantised by 16. */
function encode(columns: number, levels: readonly number[], tags: ExifTags | null): Uint8Array {
  const rows = levels.length / columns;
  const [width, height] = [columns * 8, rows * 8];
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...(tags === null ? [] : segment(0xe1, exif(tags))),
    ...segment(0xdb, [0, ...Array.from({ length: 64 }, () => 16)]),
    ...segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]),
    ...segment(0xc4, [0x00, ...DC_COUNTS, ...DC_VALUES]),
    ...segment(0xc4, [0x10, ...AC_COUNTS, 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...scan(levels),
    0xff,
    0xd9,
  ]);
}

/** A face of sorts: mirrored left to right, the same bytes for the same name. */
export function portrait(face: string): Uint8Array {
  const rng = new Rng(`face ${face}`);
  const half = 4;
  const levels: number[] = [];
  for (let row = 0; row < 8; row++) {
    const left = Array.from({ length: half }, () => rng.int(-50, 50));
    levels.push(...left, ...left.toReversed());
  }
  return encode(half * 2, levels, null);
}

/** A landscape of sorts: light above, dark below. */
export function landscape(name: string, tags: ExifTags | null): Uint8Array {
  const rng = new Rng(`landscape ${name}`);
  const [columns, rows] = [12, 8];
  const levels = Array.from({ length: columns * rows }, (_, i) => 45 - Math.floor(i / columns) * 12 + rng.int(-6, 6));
  return encode(columns, levels, tags);
}
