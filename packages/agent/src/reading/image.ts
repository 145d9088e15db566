/** Images: what EXIF, IPTC and XMP say of place, camera and author. The picture itself is not looked at. */
import { type Content, nothing } from "./content.ts";

const TAGS: [label: string, names: string[]][] = [
  ["Title", ["title", "ObjectName", "XPTitle", "Headline", "Title"]],
  ["Description", ["ImageDescription", "description", "Caption", "Description"]],
  ["Comment", ["UserComment", "XPComment", "userComment", "Comment"]],
  ["Artist", ["Artist", "creator", "Byline", "XPAuthor", "Author", "OwnerName", "CameraOwnerName"]],
  ["Copyright", ["Copyright", "rights", "CopyrightNotice"]],
  ["Keywords", ["Keywords", "subject", "XPKeywords"]],
  ["Place", ["City", "Sublocation", "State", "Country", "Location"]],
  ["Camera", ["Make", "Model"]],
  ["Lens", ["LensModel"]],
  ["Serial number", ["SerialNumber", "BodySerialNumber"]],
  ["Software", ["Software", "CreatorTool"]],
  ["Taken", ["DateTimeOriginal", "CreateDate", "DateCreated"]],
];
const LONGEST = 2_000;

export async function readImage(bytes: Uint8Array): Promise<Content> {
  const { default: exifr } = await import("exifr");
  const options = {
    tiff: true,
    exif: true,
    gps: true,
    iptc: true,
    xmp: true,
    icc: false,
    userComment: true,
    mergeOutput: true,
  };
  // The types leave out options that the library has.
  const tags: unknown = await exifr.parse(bytes, options as Parameters<typeof exifr.parse>[1]);
  if (typeof tags !== "object" || tags === null) return nothing();
  const known = new Map<string, unknown>(Object.entries(tags));
  const fields = TAGS.flatMap(([label, names]) => {
    const values = [...new Set(names.flatMap((name) => sayable(known.get(name)) ?? []))];
    const value =
      (label === "Place" || label === "Camera" ? values.join(label === "Place" ? ", " : " ") : values[0]) ?? "";
    return value === "" ? [] : [{ label, value: value.slice(0, LONGEST) }];
  });
  const position = positionOf(known.get("latitude"), known.get("longitude"));
  const lines = fields.map(({ label, value }) => `${label}: ${value}`);
  if (position) lines.push(`Position: ${position.latitude},${position.longitude}`);
  const title = fields.find(({ label }) => label === "Title" || label === "Description")?.value ?? "";
  return {
    ...nothing(),
    title: title.slice(0, 300),
    text: lines.join("\n"),
    fields,
    meta: Object.fromEntries(fields.map(({ label, value }) => [label.toLowerCase(), value])),
    ...(position ? { position } : {}),
  };
}

function positionOf(latitude: unknown, longitude: unknown): { latitude: number; longitude: number } | undefined {
  if (typeof latitude !== "number" || typeof longitude !== "number") return undefined;
  const onEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  // 0,0 is what a camera writes that has no fix yet.
  if (!onEarth || (latitude === 0 && longitude === 0)) return undefined;
  return { latitude: rounded(latitude), longitude: rounded(longitude) };
}

const rounded = (degrees: number): number => Number(degrees.toFixed(6));

function sayable(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return cleaned(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Uint8Array) return fromBytes(value);
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => Number.isInteger(each) && each >= 0 && each < 256)
  ) {
    return fromBytes(Uint8Array.from(value));
  }
  if (Array.isArray(value))
    return cleaned(
      value
        .slice(0, 50)
        .flatMap((each) => sayable(each, depth + 1) ?? [])
        .join(", "),
    );
  // XMP gives texts with a language as `{lang, value}`.
  if (typeof value === "object" && value !== null && "value" in value && depth < 3)
    return sayable(value.value, depth + 1);
  return undefined;
}

/** EXIF comments begin with the name of their encoding; Windows' own tags are UTF-16. */
function fromBytes(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes.subarray(0, LONGEST * 2));
  const named = buffer.toString("latin1", 0, 8);
  if (/^(?:ASCII|UNICODE|JIS)\0/.test(named)) {
    return cleaned(buffer.subarray(8).toString(named.startsWith("UNICODE") ? "utf16le" : "utf8"));
  }
  const wide = buffer.length > 3 && buffer[1] === 0 && buffer[3] === 0;
  return cleaned(buffer.toString(wide ? "utf16le" : "utf8"));
}

function cleaned(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: tags are padded with zeros and worse
  const bare = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "").trim();
  return bare === "" || /\ufffd{2}/.test(bare) ? undefined : bare;
}
