/** How a text looks to a person, as far as it decides whether they see it at all. */
import type { Declarations } from "./stylesheet.ts";

export interface Look {
  /** Not rendered, off the screen, or without size: nothing inside can be seen. */
  gone: boolean;
  /** `visibility`: an element inside can be visible again. */
  invisible: boolean;
  /** Letters too small to read. */
  tiny: boolean;
  color: Colour | null;
  /** Null where it cannot be told, e.g. because another file says it. */
  background: Colour | null;
  /** The letters are shown in reverse. */
  reversed: boolean;
}

export type Colour = readonly [red: number, green: number, blue: number];

export const hides = (look: Look): boolean =>
  look.gone ||
  look.invisible ||
  look.tiny ||
  (look.color !== null && look.background !== null && near(look.color, look.background));

/** @param knowsAllStyles no stylesheet lies in another file, so that what is unstyled is black on white */
export const firstLook = (knowsAllStyles: boolean): Look => ({
  gone: false,
  invisible: false,
  tiny: false,
  color: knowsAllStyles ? [0, 0, 0] : null,
  background: knowsAllStyles ? [255, 255, 255] : null,
  reversed: false,
});

const SMALLEST_PX = 2.5;
const FAR_PX = 400;

/** How an element looks, by its styles and by the attributes that do the same. */
export function lookOf(tag: string, attributes: ReadonlyMap<string, string>, parent: Look, style: Declarations): Look {
  const shades: [string, string][] = [];
  const background = attributes.get("bgcolor")?.trim().toLowerCase();
  const color = tag === "font" ? attributes.get("color")?.trim().toLowerCase() : undefined;
  if (background) shades.push(["background-color", background]);
  if (color) shades.push(["color", color]);
  const look = lookWith(parent, shades.length > 0 ? new Map([...shades, ...style]) : style);
  const gone =
    tag === "head" ||
    (tag === "dialog" && !attributes.has("open")) ||
    (tag === "input" && attributes.get("type")?.toLowerCase() === "hidden") ||
    (attributes.has("hidden") && attributes.get("hidden") !== "until-found") ||
    attributes.get("aria-hidden") === "true";
  const reversed = tag === "bdo" && attributes.get("dir")?.toLowerCase() === "rtl";
  return gone || reversed ? { ...look, gone: look.gone || gone, reversed: look.reversed || reversed } : look;
}

function lookWith(parent: Look, style: Declarations): Look {
  if (style.size === 0) return parent;
  const get = (property: string): string => style.get(property) ?? "";
  const visibility = get("visibility");
  const size = sizeOf(
    get("font-size") || /(?:^|\s)(0|\d*\.?\d+(?:px|pt|em|rem|%))(?:\/|\s)/.exec(get("font"))?.[1] || "",
  );
  return {
    gone: parent.gone || isGone(get),
    invisible: visibility === "" || visibility === "inherit" ? parent.invisible : visibility !== "visible",
    tiny: size === undefined ? parent.tiny : size < SMALLEST_PX,
    color: style.has("color") ? colourOf(get("color"), parent.background) : parent.color,
    background: backgroundOf(get("background-color") || get("background"), parent.background),
    reversed:
      get("unicode-bidi").includes("override") && style.has("direction") ? get("direction") === "rtl" : parent.reversed,
  };
}

function isGone(get: (property: string) => string): boolean {
  if (get("display") === "none") return true;
  if (get("opacity") !== "" && Number.parseFloat(get("opacity")) <= 0.05) return true;
  if (pixels(get("text-indent")) <= -FAR_PX || pixels(get("margin-left")) <= -FAR_PX * 2) return true;
  const positioned = /absolute|fixed/.test(get("position"));
  if (positioned && ["left", "right", "top", "bottom"].some((side) => pixels(get(side)) <= -FAR_PX)) return true;
  if (positioned && (pixels(get("left")) >= 9_000 || pixels(get("top")) >= 90_000)) return true;
  if (/rect\(\s*[01](?:px)?\s*[,\s]\s*[01](?:px)?\s*[,\s]\s*[01](?:px)?\s*[,\s]\s*[01](?:px)?\s*\)/.test(get("clip")))
    return true;
  if (/inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0/.test(get("clip-path"))) return true;
  if (/scale(?:3d|x|y)?\(\s*0(?:\.0+)?\s*[,)]/.test(get("transform"))) return true;
  if (/translate(?:3d|x|y)?\([^)]*-\d{4,}(?:px|%)/.test(get("transform"))) return true;
  const clipped = /hidden|clip/.test(get("overflow"));
  return (
    clipped &&
    ["width", "height", "max-width", "max-height"].some((side) => pixels(get(side), Number.POSITIVE_INFINITY) <= 1)
  );
}

/** Pixels of a CSS length; `otherwise` for what is none. */
function pixels(value: string, otherwise = 0): number {
  const match = /^(-?\d*\.?\d+)(px|em|rem|pt|vw|vh|%|in|cm)?$/.exec(value);
  if (!match) return otherwise;
  const number = Number(match[1]);
  if (number === 0) return 0;
  const unit = match[2] ?? "px";
  return number * ({ px: 1, pt: 1.33, em: 16, rem: 16, vw: 12.8, vh: 8, "%": 10, in: 96, cm: 38 }[unit] ?? 1);
}

/** Font size in pixels where it can be told. A size relative to the parent's only tells when it is next to nothing. */
function sizeOf(value: string): number | undefined {
  const match = /^(\d*\.?\d+)(px|pt|em|rem|%|vw|vh)?$/.exec(value);
  if (!match) return undefined;
  const number = Number(match[1]);
  if (number === 0) return 0;
  switch (match[2]) {
    case "px":
    case undefined:
      return number;
    case "pt":
      return number * 1.33;
    case "em":
      return number < 0.15 ? number * 16 : undefined;
    case "rem":
      return number * 16;
    case "%":
      return number < 15 ? number * 0.16 : undefined;
    default:
      return number < 0.1 ? 0 : undefined;
  }
}

const near = (a: Colour, b: Colour): boolean =>
  Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]) <= 24;

function backgroundOf(value: string, behind: Colour | null): Colour | null {
  if (value === "" || /^(?:none|inherit|unset|initial|transparent|0(?:\s+0)?|rgba\([^)]*,\s*0?\.?0+\))$/.test(value))
    return behind;
  if (/url\(|gradient|var\(/.test(value)) return null;
  for (const part of value.match(/#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|[a-z]+/g) ?? []) {
    const colour = parseColour(part);
    if (colour) return colour;
  }
  return null;
}

/** A transparent text has the colour of what is behind it. */
function colourOf(value: string, behind: Colour | null): Colour | null {
  if (value === "transparent" || /^rgba\([^)]*[,/]\s*0?\.?0+\s*\)$|^#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)$/.test(value)) {
    return behind ?? [255, 255, 255];
  }
  return parseColour(value) ?? null;
}

const NAMED: Record<string, Colour> = {
  white: [255, 255, 255],
  black: [0, 0, 0],
  snow: [255, 250, 250],
  ivory: [255, 255, 240],
  whitesmoke: [245, 245, 245],
  ghostwhite: [248, 248, 255],
  floralwhite: [255, 250, 240],
  aliceblue: [240, 248, 255],
  red: [255, 0, 0],
  lime: [0, 255, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  navy: [0, 0, 128],
  yellow: [255, 255, 0],
  orange: [255, 165, 0],
  purple: [128, 0, 128],
  gray: [128, 128, 128],
  grey: [128, 128, 128],
  silver: [192, 192, 192],
  lightgray: [211, 211, 211],
  lightgrey: [211, 211, 211],
  maroon: [128, 0, 0],
  teal: [0, 128, 128],
};

function parseColour(value: string): Colour | undefined {
  const hex = /^#([0-9a-f]{3,8})$/.exec(value)?.[1];
  if (hex !== undefined) {
    const full = hex.length < 6 ? [...hex].map((digit) => digit + digit).join("") : hex;
    return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as unknown as Colour;
  }
  const parts = /^rgba?\(([^)]*)\)$/
    .exec(value)?.[1]
    ?.split(/[\s,/]+/)
    .filter(Boolean)
    .slice(0, 3);
  if (parts?.length === 3) {
    const numbers = parts.map((part) =>
      part.endsWith("%") ? Number.parseFloat(part) * 2.55 : Number.parseFloat(part),
    );
    return numbers.every(Number.isFinite) ? (numbers as unknown as Colour) : undefined;
  }
  return NAMED[value];
}
