/** Finds street addresses in the orders of English, German, French, Spanish, Italian, Dutch, Nordic and Polish speaking countries. */
import { UK_POSTCODE } from "../identity/forms/address.ts";

export interface FoundAddress {
  start: number;
  end: number;
}

const UPPER_WORD = "\\p{Lu}[\\p{L}'’.-]*";
const STRONG =
  "Street|Road|Lane|Avenue|Crescent|Terrace|Boulevard|Gardens|Mews|Highway|Parkway|Esplanade|Parade|Wynd|St|Rd|Ln|Ave|Blvd|Cres|Gdns|Hwy|Pkwy|Tce";
const WEAK =
  "Close|Drive|Way|Court|Place|Grove|Hill|Row|Square|Walk|Rise|Wharf|Quay|Circle|Trail|Park|Green|View|Yard|Alley|Loop|Vale|Croft|Dene|Brae|Gate|Broadway|Embankment|Dr|Ct|Pl|Sq|Ter|Cir|Trl|Cl|Gr";
const NUMBER =
  "(?<![\\p{L}\\p{N}.,:/#$€£+-])(?:No\\.?\\s)?\\d{1,5}\\s?(?:[A-Za-z](?![\\p{L}\\p{N}]))?(?:\\s?[-/]\\s?\\d{1,4}[A-Za-z]?)?";
const UNIT = "(?:(?:Flat|Apt|Apartment|Unit|Suite|Ste|Room|Floor|Studio|#)\\.?\\s?#?[\\p{L}\\p{N}-]{1,5},?\\s+)?";

const ENGLISH = new RegExp(
  `${UNIT}${NUMBER},?\\s+((?:(?:${UPPER_WORD}|\\d{1,3}(?:st|nd|rd|th)|of|the)\\s+){1,4})(?:(${STRONG})|(${WEAK}))(?![\\p{Ll}\\p{N}])\\.?`,
  "gu",
);
const LOWER =
  /(?<![\p{L}\p{N}.,:/#$€£+-])\d{1,4}[a-z]?,?\s+((?:[a-z][a-z'’]{2,}\s+){1,3})(?:street|road|avenue|crescent|terrace|boulevard|gardens|mews|lane|close)(?![\p{L}\p{N}])/gu;
const UNNUMBERED = new RegExp(
  `(?:${UPPER_WORD}\\s+){1,3}(?:${STRONG}|${WEAK})\\.?(?:,\\s?(?:[\\p{L}'’-]+[ ]?){1,4}){0,3}[,\\s]\\s?${UK_POSTCODE}`,
  "gu",
);
const HOUSE_POSTCODE = new RegExp(`(?<![\\p{L}\\p{N}.])\\d{1,4}[a-z]?,?\\s+${UK_POSTCODE}(?![\\p{L}\\p{N}])`, "gu");
const PO_BOX = /\b(?:P\.?\s?O\.?\s?Box|Postfach|BP|Apartado)\s?\d{2,6}\b/gu;

const HOUSE_AFTER =
  "\\s*,?\\s*(?:n[°ºr]?\\.?\\s*)?\\d{1,4}\\s?(?:[a-zA-Z](?![\\p{L}\\p{N}]))?(?:\\s?[-/]\\s?\\d{1,4}[a-z]?)?(?![\\p{L}\\p{N}]|[.,]\\d)";
const STREET_FIRST: RegExp[] = [
  // Hauptstraße 5, Alte Gasse 12a, Kerkstraat 8, Storgatan 3
  new RegExp(
    `(?<![\\p{L}])(?:\\p{Lu}[\\p{L}.-]*[\\s-]){0,2}\\p{Lu}?[\\p{L}-]*(?:[Ss]tra(?:ß|ss|s)e|[Ss]tr\\.|[Gg]asse|[Aa]llee|[Pp]latz|[Cc]haussee|[Ss]teig|[Pp]fad|[Uu]fer|[Dd]amm|[Ss]traat|[Ll]aan|[Pp]lein|[Gg]racht|[Kk]ade|[Ss]ingel|[Dd]ijk|[Gg]atan|[Vv]ägen|[Gg]ata|[Gg]aten|[Vv]eien|[Vv]egen|[Gg]ade|[Vv]ej|[Kk]atu|[Tt]ie)${HOUSE_AFTER}`,
    "gu",
  ),
  /(?<![\p{L}])\p{Lu}[\p{L}-]*(?:[Ww]eg|[Rr]ing|[Mm]arkt|[Hh]of|[Bb]erg|[Ww]all|[Tt]or)\s\d{1,3}[a-z]?(?=\s*[,\n]\s*(?:\w{1,2}-)?\d{4,5}\s\p{Lu})/gu,
  new RegExp(
    `(?<![\\p{L}])(?:Am|An der|An den|Auf der|Auf dem|Im|In der|Zum|Zur|Unter den|Hinter der)\\s\\p{Lu}[\\p{L}-]+${HOUSE_AFTER}`,
    "gu",
  ),
  // Calle Mayor 5, Via Garibaldi 12, Rua Augusta 8, ul. Długa 3
  new RegExp(
    `(?<![\\p{L}])(?:[Cc]alle|C/|C\\.|[Aa]venida|Av(?:da|d)?\\.|[Pp]laza|[Pp]aseo|[Cc]arrer|[Cc]amino|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Vv]icolo|[Ll]argo|[Rr]ua|[Tt]ravessa|[Pp]raça|[Uu]l\\.|[Uu]lica|[Aa]leja|[Uu]lice)\\s+(?:(?:de|del|de la|della|dei|da|do|dos|das|la|el|los|las)\\s+)*\\p{Lu}[\\p{L}'’-]*(?:\\s+(?:(?:de|del|da|do|di)\\s+)?\\p{Lu}[\\p{L}'’-]*){0,3}${HOUSE_AFTER}`,
    "gu",
  ),
  /\b(?:улица|ул\.|проспект|пр\.)\s+\p{Lu}\p{L}+,?\s*(?:д\.?\s*)?\d{1,4}/gu,
];
const FRENCH =
  /(?<![\p{L}\p{N}.])\d{1,4}\s?(?:bis|ter|quater|[A-D](?!\p{L}))?,?\s+(?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d\.?|[Pp]lace|[Cc]hemin|[Aa]llée|[Ii]mpasse|[Qq]uai|[Cc]ours|[Rr]oute|[Ss]quare|[Pp]assage|[Ff]aubourg|[Vv]illa)\s+(?:(?:de|du|des|la|le|les|de la|aux?)\s+|[dl]['’])*\p{L}[\p{L}'’-]*(?:[\s-]+(?:(?:de|du|des|la|le|les|et)\s+|[dl]['’])*\p{Lu}[\p{L}'’-]*){0,3}/gu;

/** City, region and postcode after the street line. */
const POSTCODES = `(?:${UK_POSTCODE}|(?:[A-Z]{1,2}-)?\\d{5}(?:-\\d{4})?(?![\\p{N}])|\\d{4}\\s?[A-Z]{2}(?![\\p{L}])|\\d{4}(?![\\p{N}])|\\d{3}\\s\\d{2}(?![\\p{N}])|\\d{2}-\\d{3}(?![\\p{N}])|[A-Z]\\d[A-Z]\\s?\\d[A-Z]\\d)`;
const TAIL = [
  // , Ashby, LE65 1AB · , Springfield, IL 62704
  new RegExp(
    `^(?:[,\\s]\\s?(?:Flat|Apt|Apartment|Unit|Suite|Ste|Floor|#)\\.?\\s?#?[\\p{L}\\p{N}-]{1,5})?(?:\\s?[,;·|\\n]\\s?|\\s)(?:\\p{Lu}[\\p{L}'’.-]*(?:[ ](?:\\p{Lu}?[\\p{L}'’.-]+)){0,3}(?:\\s?[,;·|\\n]\\s?|\\s)){0,4}${POSTCODES}`,
    "u",
  ),
  // , 10115 Berlin
  new RegExp(
    `^(?:\\s?[,;·|\\n/-]\\s?|\\s)(?:[\\p{L}\\p{N} ]{0,20}[,\\n]\\s?)?${POSTCODES}(?:[ ]\\p{Lu}[\\p{L}'’-]*(?:[ -](?:\\p{Lu}|am|an|sur|la|le|de|der|im|in|d['’])[\\p{L}'’-]*){0,3})?`,
    "u",
  ),
  /^(?:,\s?|\s)(?:Flat|Apt|Apartment|Unit|Suite|Ste|Floor|#)\.?\s?#?[\p{L}\p{N}-]{1,5}(?![\p{L}\p{N}])/u,
];

/** Words after a number that make it a measure: `20 Minute Walk`, `30 Day Road Trip`. */
const MEASURES = new Set(
  (
    "minute minutes min hour hours day days week weeks month months year years mile miles metre metres meter meters km foot feet percent million billion thousand " +
    "hundred gb mb tb times person people player players car cars bedroom bedrooms room rooms star teams riders members visitors pages rounds laps gear speed " +
    "january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday"
  ).split(" "),
);
/** Words that are in street names too, but before the weaker street words say something else: `5 Best Ways`, `3 Easy Place`. */
const ADJECTIVES = new Set(
  (
    "best top great good easy new free more other bed step steps point points tips reasons things places ways disc floppy hard usb zip flash round per different " +
    "simple quick long short lap and or the in on at from to by for"
  ).split(" "),
);
const ADDRESS_CUE =
  /(?:address|lives? (?:at|on|in)|living at|resid\p{L}*|home|house|moved to|ship(?:ped|ping)? to|deliver\p{L}* to|visit|anschrift|adresse|wohn\p{L}*|postcode|find us|located at|street\s*[:=]|\bat)[^\n]{0,20}$/iu;

/**
 * @param text folded text
 * @param cued the text stands where an address is expected
 */
export function findAddresses(text: string, cued: boolean): FoundAddress[] {
  const found: FoundAddress[] = [];
  if (!/\d/.test(text)) return found;
  const add = (start: number, end: number) => {
    found.push({ start, end: end + tailLength(text, end) });
  };
  for (const match of text.matchAll(ENGLISH)) {
    if (isStreet(text, match.index, match[0], match[1] ?? "", match[2] !== undefined, cued))
      add(match.index, match.index + match[0].length);
  }
  for (const match of text.matchAll(LOWER)) {
    const words = (match[1] ?? "").trim().split(/\s+/);
    if (!words.some((word) => MEASURES.has(word) || ADJECTIVES.has(word)))
      add(match.index, match.index + match[0].length);
  }
  for (const match of text.matchAll(FRENCH)) add(match.index, match.index + match[0].length);
  for (const pattern of STREET_FIRST) {
    for (const match of text.matchAll(pattern)) add(match.index, match.index + match[0].length);
  }
  for (const pattern of [UNNUMBERED, HOUSE_POSTCODE, PO_BOX]) {
    for (const match of text.matchAll(pattern)) found.push({ start: match.index, end: match.index + match[0].length });
  }
  if (cued) {
    for (const match of text.matchAll(new RegExp(UK_POSTCODE, "g")))
      found.push({ start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function isStreet(text: string, at: number, match: string, middle: string, strong: boolean, cued: boolean): boolean {
  const words = middle.trim().toLowerCase().split(/\s+/);
  const end = at + match.length;
  if (cued || tailLength(text, end) > 0) return true;
  if (words.some((word) => MEASURES.has(word) || (!strong && ADJECTIVES.has(word))) || words[0] === "of") return false;
  const number = Number(/\d+/.exec(match)?.[0]);
  const before = text.slice(Math.max(0, at - 40), at);
  const announced = ADDRESS_CUE.test(before);
  const starts = /(?:^|\n|[,;:(|·]\s?)$/.test(before) || /^(?:Flat|Apt|Apartment|Unit|Suite)/.test(match);
  // In `In 2019 Wall Street fell` the number is a year.
  if (number >= 1900 && number <= 2099)
    return announced || (starts && /^\s*(?:$|[\n,;.)])/.test(text.slice(end, end + 3)));
  return strong || announced || (starts && /^\s*(?:$|[\n,;.)])/.test(text.slice(end, end + 3)));
}

function tailLength(text: string, from: number): number {
  const after = text.slice(from, from + 120);
  return Math.max(0, ...TAIL.map((pattern) => pattern.exec(after)?.[0].length ?? 0));
}
