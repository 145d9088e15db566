/** Images: what EXIF, IPTC and XMP say of place, camera and author. The picture itself is not looked at. */
import type { Document } from "../../ports.ts";
import type { Content } from "./html.ts";

const SHOWN = [
  "Artist",
  "Copyright",
  "ImageDescription",
  "UserComment",
  "Make",
  "Model",
  "DateTimeOriginal",
  "CreateDate",
  "XPAuthor",
  "XPComment",
  "XPTitle",
  "creator",
  "description",
  "title",
  "OwnerName",
  "SerialNumber",
];

export async function readImage(bytes: Uint8Array): Promise<Content & Pick<Document, "position">> {
  const { default: exifr } = await import("exifr");
  const tags = ((await exifr.parse(Buffer.from(bytes), {
    gps: true,
    iptc: true,
    xmp: true,
    userComment: true,
    translateValues: true,
  })) ?? {}) as Record<string, unknown>;
  const fields = SHOWN.flatMap((name) => {
    const value = plain(tags[name]);
    return value ? [{ label: name, value: value.slice(0, 1_000) }] : [];
  });
  const { latitude, longitude } = tags;
  const placed =
    typeof latitude === "number" &&
    typeof longitude === "number" &&
    Number.isFinite(latitude) &&
    Number.isFinite(longitude);
  const lines = fields.map(({ label, value }) => `${label}: ${value}`);
  if (placed) lines.push(`GPS position: ${latitude.toFixed(5)},${longitude.toFixed(5)}`);
  return {
    title: fields.find((f) => /title|ImageDescription/i.test(f.label))?.value ?? "",
    text: lines.join("\n"),
    hidden: "",
    links: [],
    fields,
    structured: [],
    images: [],
    meta: {},
    ...(placed && { position: { latitude, longitude } }),
  };
}

function plain(value: unknown): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (typeof value === "string") return value.replaceAll("\0", "").trim() || undefined;
  if (value instanceof Uint8Array) {
    const text = Buffer.from(value)
      .toString("utf8")
      .replace(/^(?:ASCII|UNICODE)/, "")
      .replaceAll("\0", "")
      .trim();
    return /^[\p{L}\p{N}\p{P}\p{Z}\p{S}]+$/u.test(text) ? text : undefined;
  }
  return typeof value === "number" ? String(value) : undefined;
}
