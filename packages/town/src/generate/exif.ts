/** Writes the EXIF block of a JPEG: camera, description, time and GPS position. */

export interface ExifTags {
  make: string;
  model: string;
  description?: string;
  /** `2024:05:17 08:12:00` */
  taken?: string;
  /** Degrees, north and east positive. */
  position?: { latitude: number; longitude: number };
}

type Entry = { tag: number; type: 2 | 4 | 5; count: number; data: number[] };

const u16 = (n: number): number[] => [(n >> 8) & 255, n & 255];
const u32 = (n: number): number[] => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

function ascii(tag: number, text: string): Entry {
  const data = [...new TextEncoder().encode(text), 0];
  return { tag, type: 2, count: data.length, data };
}

const pointer = (tag: number, offset: number): Entry => ({ tag, type: 4, count: 1, data: u32(offset) });

/** Degrees, minutes and hundredths of a second. */
function degrees(tag: number, value: number): Entry {
  const hundredths = Math.round(Math.abs(value) * 360_000);
  const parts = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6_000) % 60];
  return {
    tag,
    type: 5,
    count: 3,
    data: [...parts.flatMap((n) => [...u32(n), ...u32(1)]), ...u32(hundredths % 6_000), ...u32(100)],
  };
}

const sizeOf = (entries: readonly Entry[]): number =>
  2 + entries.length * 12 + 4 + entries.reduce((sum, e) => sum + (e.data.length > 4 ? e.data.length : 0), 0);

/** One image file directory that starts at `offset` of the TIFF block. */
function directory(entries: readonly Entry[], offset: number): number[] {
  let next = offset + 2 + entries.length * 12 + 4;
  const heads: number[] = [];
  const tails: number[] = [];
  for (const entry of entries) {
    heads.push(...u16(entry.tag), ...u16(entry.type), ...u32(entry.count));
    if (entry.data.length <= 4) heads.push(...entry.data, ...Array.from({ length: 4 - entry.data.length }, () => 0));
    else {
      heads.push(...u32(next));
      tails.push(...entry.data);
      next += entry.data.length;
    }
  }
  return [...u16(entries.length), ...heads, ...u32(0), ...tails];
}

/** Bytes of an APP1 segment: `Exif\0\0` and a big-endian TIFF block. */
export function exif(tags: ExifTags): number[] {
  const main = (gpsAt: number, exifAt: number): Entry[] => [
    ...(tags.description === undefined ? [] : [ascii(0x010e, tags.description)]),
    ascii(0x010f, tags.make),
    ascii(0x0110, tags.model),
    ...(tags.taken === undefined ? [] : [pointer(0x8769, exifAt)]),
    ...(tags.position === undefined ? [] : [pointer(0x8825, gpsAt)]),
  ];
  const detail = tags.taken === undefined ? [] : [ascii(0x9003, tags.taken)];
  const { latitude = 0, longitude = 0 } = tags.position ?? {};
  const gps =
    tags.position === undefined
      ? []
      : [
          ascii(1, latitude < 0 ? "S" : "N"),
          degrees(2, latitude),
          ascii(3, longitude < 0 ? "W" : "E"),
          degrees(4, longitude),
        ];
  const exifAt = 8 + sizeOf(main(0, 0));
  const gpsAt = exifAt + (detail.length > 0 ? sizeOf(detail) : 0);
  return [
    ...new TextEncoder().encode("Exif\0\0"),
    ...[0x4d, 0x4d, 0, 42],
    ...u32(8),
    ...directory(main(gpsAt, exifAt), 8),
    ...(detail.length > 0 ? directory(detail, exifAt) : []),
    ...(gps.length > 0 ? directory(gps, gpsAt) : []),
  ];
}
