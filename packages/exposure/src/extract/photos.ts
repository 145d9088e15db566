/** Which images of a page are pictures of its subject or by them, and not furniture. */
import type { Document } from "@candor/agent";
import { absolute, fold, holds } from "./words.ts";

const FURNITURE =
  /\b(?:logo|icon|sprite|banner|badge|placeholder|default|spacer|pixel|tracking|button|emoji|flag|favicon|advert|ad|ads|captcha|loading|spinner|arrow|bullet|background|bg|header|footer|nobody|anonymous|no[-_ ]?(?:photo|avatar|image|pic)|blank|unknown|silhouette|generic|star|rating|map|qr|powered|social|share)\b/i;
const FURNITURE_FILE = /\.svg(?:$|\?)|\/(?:static|assets|icons?|ui|theme|themes|sprites?|emoji|flags?)\//i;
const PORTRAIT =
  /\b(?:avatar|profile|portrait|photo|headshot|picture|userpic|mugshot|face|me|selfie|author)\b|gravatar/i;

export interface Photo {
  src: string;
  alt: string;
}

/**
 * @param whom names and handles of the subject
 * @param whole the page is the subject's own: an image without a name on it counts when it is the only one or a portrait
 */
export function photosOf(document: Document, whom: readonly string[], whole: boolean): Photo[] {
  const images = document.images
    .map(({ src, alt }) => ({ src: absolute(src, document.url), alt }))
    .filter(
      ({ src, alt }) =>
        /^https?:/.test(src) &&
        !FURNITURE_FILE.test(src) &&
        !FURNITURE.test(`${alt} ${fileName(src).replace(/[_-]+/g, " ")}`),
    );
  const about = images.filter(({ src, alt }) => {
    const path = fold(decodeSafe(src));
    return whom.some(
      (word) =>
        word.length > 2 &&
        (holds(alt, word) ||
          path.includes(fold(word).replace(/\s+/g, "-")) ||
          path.includes(fold(word).replace(/\s+/g, ""))),
    );
  });
  const chosen = new Map(about.map((photo) => [photo.src, photo]));
  if (whole) {
    for (const image of images)
      if (PORTRAIT.test(`${image.alt} ${image.src.replace(/[_/-]+/g, " ")}`) || images.length <= 2)
        chosen.set(image.src, image);
    const shared = document.meta["og:image"];
    const src = shared ? absolute(shared, document.url) : "";
    if (src && !FURNITURE_FILE.test(src) && !FURNITURE.test(fileName(src).replace(/[_-]+/g, " ")))
      chosen.set(src, { src, alt: document.meta["og:image:alt"] ?? "" });
  }
  return [...chosen.values()].slice(0, 20);
}

const fileName = (src: string): string => {
  try {
    return decodeURIComponent(new URL(src).pathname.split("/").at(-1) ?? "");
  } catch {
    return "";
  }
};

function decodeSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
