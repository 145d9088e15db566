/** The population of a town: the operator, those who are mistaken for them, and everybody else. */
import { COUNTRIES, type Country, type CountryCode } from "./country.ts";
import { type Address, writeAddress } from "./forms.ts";
import type { Rng } from "./rng.ts";
import * as words from "./words.ts";

export interface Company {
  name: string;
  host: string;
  town: string;
}

export interface Person {
  /** `operator`, or an id such as `namesake-1`, `p-041`. */
  id: string;
  first: string;
  last: string;
  name: string;
  country: Country;
  town: string;
  hometown: string;
  /** ISO date. */
  born: string;
  /** E.164. */
  phones: string[];
  emails: string[];
  home: Address;
  /** `home` on one line: the value of facts. */
  address: string;
  employer: string;
  formerEmployer: string;
  role: string;
  school: string;
  secondary: string;
  subject: string;
  /** Year of leaving the school. */
  graduated: number;
  interests: words.Interest[];
  handle: string;
  /** Seed of the portrait; the same number gives the same bytes. */
  face: string;
  relatives: string[];
}

export interface Population {
  operator: Person;
  /** Same full name, other towns, employers and birth years. */
  namesakes: [Person, Person, Person];
  /** Use the operator's handles elsewhere. */
  sharers: [Person, Person, Person];
  /** Uses the operator's portrait. */
  double: Person;
  colleagues: Person[];
  relatives: [Person, Person];
  others: Person[];
  everyone: Person[];
  towns: string[];
  companies: { employer: Company; former: Company; elsewhere: Company };
}

/** The operator's handles. `main` and `named` also belong to other people on other hosts. */
export interface Handles {
  main: string;
  named: string;
  old: string;
  slug: string;
  seller: string;
}

const slugOf = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "");

/** Draws that never repeat within one town. */
class Fresh {
  readonly #taken = new Set<string>();
  draw(make: () => string): string {
    for (let tries = 0; tries < 10_000; tries++) {
      const value = make();
      if (this.#taken.has(value)) continue;
      this.#taken.add(value);
      return value;
    }
    throw new Error("the pool of unique values ran dry");
  }
}

const MAIL_HOSTS = ["postbox.example", "mailwell.example", "inkmail.test", "quickpost.example"];

function companyName(rng: Rng): string {
  const [a, b] = rng.sample(words.COMPANY_HEADS, 2);
  return rng.pick([
    `${a} & ${b} Ltd`,
    `${a} ${rng.pick(words.COMPANY_TRADES)}`,
    `${a} ${rng.pick(words.COMPANY_TRADES)} Group`,
  ]);
}

const companySlug = (name: string): string => slugOf(name.replace(/ (Ltd|Group)$/, ""));

function date(rng: Rng, year: number, firstDay: number, lastDay: number): string {
  return `${year}-${String(rng.int(1, 12)).padStart(2, "0")}-${String(rng.int(firstDay, lastDay)).padStart(2, "0")}`;
}

function handleOf(rng: Rng, first: string, last: string, year: string): string {
  const f = slugOf(first);
  const l = slugOf(last);
  const coined = rng.pick(words.HANDLE_HEADS) + rng.pick(words.HANDLE_TAILS);
  return rng.pick([
    `${f}${l}`,
    `${f}.${l}`,
    `${f.slice(0, 1)}${l}`,
    `${f}_${year}`,
    `${coined}${rng.int(2, 99)}`,
    `${l}${rng.int(10, 999)}`,
  ]);
}

export function populate(
  rng: Rng,
  code: CountryCode,
  size: number,
): { population: Population; handles: Handles; home: string } {
  const fresh = new Fresh();
  const towns = rng.sample(words.TOWN_HEADS, 14).map((head) => head + rng.pick(words.TOWN_TAILS));
  const [homeTown = "", bornTown = ""] = towns;
  // Unique by slug, because a slug becomes a host name.
  const companies = [
    ...new Map(Array.from({ length: 44 }, () => companyName(rng)).map((name) => [companySlug(name), name])).values(),
  ];
  const schools = towns.slice(0, 10).map((town) => rng.pick(words.SCHOOL_KINDS).replace("{}", town));
  const secondaries = towns.map((town) => rng.pick(words.SECONDARY_KINDS).replace("{}", town));
  const [employer = "", former = "", elsewhere = ""] = companies;
  const operatorInterests = rng.sample(words.INTERESTS, 7);
  const otherInterests = words.INTERESTS.filter((interest) => !operatorInterests.includes(interest));

  const operatorFirst = rng.pick(words.FIRST_NAMES[rng.pick(["f", "m"] as const)]);
  const operatorLast = rng.pick(words.LAST_NAMES);
  const year = rng.int(1974, 1994);
  const make = (id: string, fixed: Partial<Person>): Person => {
    const country =
      fixed.country ??
      (rng.chance(0.8) ? COUNTRIES[code] : COUNTRIES[rng.pick(Object.keys(COUNTRIES) as CountryCode[])]);
    const first = fixed.first ?? rng.pick(words.FIRST_NAMES[rng.pick(["f", "m"] as const)]);
    // Only namesakes, who are given both names, may carry the operator's.
    const surname = fixed.last ?? rng.pick(words.LAST_NAMES);
    const last =
      fixed.first === undefined && first === operatorFirst && surname === operatorLast ? `${surname}-Hart` : surname;
    const town = fixed.town ?? rng.pick(towns);
    // The operator's birth date is theirs alone: days 13 to 28 of their year are not drawn for anybody else.
    const drawn = rng.int(1958, 2002);
    const born = fixed.born ?? date(rng, drawn, 1, drawn === year ? 12 : 28);
    const home: Address = fixed.home ?? {
      street: fresh.draw(() => `${rng.int(2, 240)} ${rng.pick(words.STREET_NAMES)} ${rng.pick(words.STREET_TYPES)}`),
      town,
      region: country.region,
      postcode: country.postcode(rng, town),
    };
    const handle = fixed.handle ?? fresh.draw(() => handleOf(rng, first, last, born.slice(2, 4)));
    const emails = [
      fresh.draw(
        () =>
          `${rng.pick([handle, `${slugOf(first)}.${slugOf(last)}`, `${slugOf(first)}${rng.int(2, 99)}`])}@${rng.pick(MAIL_HOSTS)}`,
      ),
    ];
    return {
      id,
      first,
      last,
      name: `${first} ${last}`,
      country,
      town,
      born,
      home,
      handle,
      emails,
      hometown: rng.pick(towns),
      phones: [fresh.draw(() => country.phone(rng))],
      address: String(writeAddress(home, "line")),
      employer: rng.pick(companies.slice(3)),
      formerEmployer: rng.pick(companies.slice(3)),
      role: rng.pick(words.ROLES),
      school: rng.pick(schools),
      secondary: rng.pick(secondaries),
      subject: rng.pick(words.SUBJECTS),
      graduated: Number(born.slice(0, 4)) + 22,
      interests: rng.sample(words.INTERESTS, rng.int(2, 4)),
      face: id,
      relatives: [],
      ...fixed,
    };
  };

  const first = operatorFirst;
  const last = operatorLast;
  const f = slugOf(first);
  const l = slugOf(last);
  const main = rng.pick(words.HANDLE_HEADS) + rng.pick(words.HANDLE_TAILS);
  const handles: Handles = {
    main,
    named: rng.pick([`${f}${l}`, `${f}.${l}`, `${f.slice(0, 1)}${l}`]),
    old: rng.pick([
      `${l}_${String(year).slice(2)}`,
      `${f}${l.slice(0, 1)}${String(year).slice(2)}`,
      `${main}_${rng.int(2, 9)}`,
    ]),
    slug: `${f}-${l}-${slugOf(homeTown).slice(0, 4)}`,
    seller: rng.pick([`${f}_${l}`, `${l}${f.slice(0, 1)}`, `${main}sells`]),
  };
  for (const handle of Object.values(handles)) fresh.draw(() => handle);
  const homepage = rng.pick([`${f}-${l}.example`, `${f}${l}.example`, `${main}.test`]);
  const [secondSchool = ""] = secondaries.slice(1);
  const country = COUNTRIES[code];
  const operator = make("operator", {
    first,
    last,
    country,
    town: homeTown,
    hometown: bornTown,
    born: date(rng, year, 13, 28),
    employer,
    formerEmployer: former,
    school: rng.pick(schools.slice(2, 6)),
    secondary: secondSchool,
    interests: operatorInterests,
    handle: main,
    graduated: year + 22,
  });
  operator.emails = [
    `${rng.pick(["hello", f, "me"])}@${homepage}`,
    `${handles.old.replace("_", ".")}@${rng.pick(MAIL_HOSTS)}`,
    ...(rng.chance(0.7) ? [`${f}.${l}@${companySlug(employer)}.example`] : []),
  ];
  if (rng.chance(0.5)) operator.phones.push(fresh.draw(() => country.phone(rng)));

  const otherTowns = towns.slice(6);
  const otherYear = (gap: number): string => date(rng, year + (rng.chance(0.5) ? gap : -gap), 1, 28);
  const stranger = (id: string, n: number, fixed: Partial<Person>): Person =>
    make(id, {
      town: otherTowns[n] ?? homeTown,
      interests: rng.sample(otherInterests, 3),
      school: rng.pick(schools.slice(6)),
      country,
      ...fixed,
    });
  const namesakes: Population["namesakes"] = [
    stranger("namesake-1", 0, { first, last, born: otherYear(9), employer: elsewhere, handle: handles.named }),
    stranger("namesake-2", 1, { first, last, born: otherYear(17) }),
    stranger("namesake-3", 2, { first, last, born: otherYear(24) }),
  ];
  const sharers: Population["sharers"] = [
    stranger("sharer-1", 3, { born: otherYear(6), handle: handles.main }),
    stranger("sharer-2", 4, { born: otherYear(11), handle: handles.main }),
    stranger("sharer-3", 5, { born: otherYear(14), handle: handles.old }),
  ];
  const double = stranger("double-1", 6, { face: "operator", born: otherYear(8) });
  const relatives: Population["relatives"] = [
    make("relative-1", { last, town: homeTown, home: operator.home, country }),
    make("relative-2", { last, town: bornTown, country }),
  ];
  operator.relatives = relatives.map((relative) => relative.name);
  const colleagues = Array.from({ length: 9 }, (_, i) =>
    make(`colleague-${i + 1}`, { employer, town: homeTown, country }),
  );
  const others = Array.from({ length: size }, (_, i) => make(`p-${String(i).padStart(3, "0")}`, {}));
  // Noise: people who share one of the two names with the operator.
  others.slice(0, 24).forEach((person, i) => {
    if (i % 2 === 0) person.first = first;
    else person.last = last;
    if (person.first === first && person.last === last) person.last = `${last}-Hart`;
    person.name = `${person.first} ${person.last}`;
  });
  for (const person of others) person.relatives = rng.sample(others, 2).map((other) => other.name);
  const company = (name: string, town: string): Company => ({ name, host: `${companySlug(name)}.example`, town });
  return {
    handles,
    home: homepage,
    population: {
      operator,
      namesakes,
      sharers,
      double,
      colleagues,
      relatives,
      others,
      towns,
      everyone: [operator, ...namesakes, ...sharers, double, ...relatives, ...colleagues, ...others],
      companies: {
        employer: company(employer, homeTown),
        former: company(former, bornTown),
        elsewhere: company(elsewhere, namesakes[0].town),
      },
    },
  };
}
