/** Countries of the towns: number ranges set aside for fiction, address and date habits. */
import type { Rng } from "./rng.ts";

export type CountryCode = "GB" | "US" | "CA" | "AU";

export interface Country {
  code: CountryCode;
  name: string;
  dialling: string;
  /** A fresh number in E.164, from a range reserved for drama. */
  phone(rng: Rng): string;
  postcode(rng: Rng, town: string): string;
  /** The region that stands between town and postcode, where the country writes one. */
  region: string | null;
  dates: "day first" | "month first";
}

const digits = (rng: Rng, count: number): string => Array.from({ length: count }, () => rng.int(0, 9)).join("");
const letter = (rng: Rng): string => rng.pick([..."ABDEFGHJLNPQRSTUWXYZ"]);

// 07700 900xxx is Ofcom's mobile range for drama, but libphonenumber calls it invalid; the geographic ranges are valid.
const GB_DRAMA = [
  "2079460",
  "1134960",
  "1144960",
  "1164960",
  "1174960",
  "1184960",
  "1214960",
  "1314960",
  "1414960",
  "1514960",
  "1614960",
  "1914980",
];
const US_AREAS = [
  "212",
  "303",
  "503",
  "617",
  "415",
  "312",
  "206",
  "512",
  "702",
  "305",
  "919",
  "614",
  "801",
  "402",
  "505",
  "207",
];
const CA_AREAS = [
  "613",
  "416",
  "604",
  "514",
  "403",
  "902",
  "204",
  "306",
  "780",
  "506",
  "705",
  "819",
  "250",
  "418",
  "709",
  "867",
];

export const COUNTRIES: Record<CountryCode, Country> = {
  GB: {
    code: "GB",
    name: "United Kingdom",
    dialling: "44",
    phone: (rng) => `+44${rng.pick(GB_DRAMA)}${digits(rng, 3)}`,
    postcode: (rng, town) =>
      `${town.slice(0, 1).toUpperCase()}${letter(rng)}${rng.int(2, 19)} ${rng.int(1, 9)}${letter(rng)}${letter(rng)}`,
    region: null,
    dates: "day first",
  },
  US: {
    code: "US",
    name: "United States",
    dialling: "1",
    phone: (rng) => `+1${rng.pick(US_AREAS)}55501${digits(rng, 2)}`,
    postcode: (rng) => `${rng.int(1, 9)}${digits(rng, 4)}`,
    region: "OR",
    dates: "month first",
  },
  CA: {
    code: "CA",
    name: "Canada",
    dialling: "1",
    phone: (rng) => `+1${rng.pick(CA_AREAS)}55501${digits(rng, 2)}`,
    postcode: (rng) => `K${rng.int(1, 9)}${letter(rng)} ${rng.int(0, 9)}${letter(rng)}${rng.int(0, 9)}`,
    region: "ON",
    dates: "month first",
  },
  AU: {
    code: "AU",
    name: "Australia",
    dialling: "61",
    phone: (rng) => `+61${rng.pick(["25550", "35550", "75550", "85550", "27010", "37010"])}${digits(rng, 4)}`,
    postcode: (rng) => `3${digits(rng, 3)}`,
    region: "VIC",
    dates: "day first",
  },
};

/** As people of the country write it: `020 7946 0123`, `(212) 555-0123`, `(02) 5550 1234`. */
export function national(phone: string): string {
  if (phone.startsWith("+44")) {
    const rest = phone.slice(3);
    if (rest.startsWith("20")) return `0${rest.slice(0, 2)} ${rest.slice(2, 6)} ${rest.slice(6)}`;
    return `0${rest.slice(0, 3)} ${rest.slice(3, 6)} ${rest.slice(6)}`;
  }
  if (phone.startsWith("+61")) {
    const rest = phone.slice(3);
    return `(0${rest.slice(0, 1)}) ${rest.slice(1, 5)} ${rest.slice(5)}`;
  }
  const rest = phone.slice(2);
  return `(${rest.slice(0, 3)}) ${rest.slice(3, 6)}-${rest.slice(6)}`;
}

/** `+44 20 7946 0123`, `+1 212-555-0123`, `+61 2 5550 1234`. */
export function international(phone: string): string {
  if (phone.startsWith("+44")) return `+44 ${national(phone).slice(1)}`;
  if (phone.startsWith("+61")) return `+61 ${phone.slice(3, 4)} ${phone.slice(4, 8)} ${phone.slice(8)}`;
  return `+1 ${phone.slice(2, 5)}-${phone.slice(5, 8)}-${phone.slice(8)}`;
}

/** The digits one dials inside the country. */
export function dialled(phone: string): string {
  return national(phone).replace(/\D/g, "");
}
