/** TensorFlow's record files: length, checksum, bytes, checksum; all little-endian. */

/** CRC-32C (Castagnoli). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
  return ~crc >>> 0;
}

/** As TensorFlow stores it, so that a checksum over a checksum does not go wrong. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(16 + data.length);
  record.writeBigUInt64LE(BigInt(data.length));
  record.writeUInt32LE(masked(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(masked(data), 12 + data.length);
  return record;
}

/** The records of a file up to a torn end; throws where a checksum is wrong. */
export function* decodeRecords(file: Buffer): Generator<Uint8Array> {
  for (let at = 0; at + 12 <= file.length; ) {
    if (file.readUInt32LE(at + 8) !== masked(file.subarray(at, at + 8)))
      throw new RangeError(`wrong checksum at byte ${at}`);
    const end = at + 12 + Number(file.readBigUInt64LE(at));
    if (end + 4 > file.length) return;
    const data = file.subarray(at + 12, end);
    if (file.readUInt32LE(end) !== masked(data)) throw new RangeError(`wrong checksum at byte ${at + 12}`);
    yield data;
    at = end + 4;
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
