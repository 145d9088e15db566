/** Who is in a town, where they live on the web, and what the operator shows where. */

import type { TownBuilder } from "./builder.ts";
import type { CountryCode } from "./country.ts";
import { Directory, type Network } from "./directory.ts";
import { type Handles, type Person, type Population, populate } from "./people.ts";
import type { Rng } from "./rng.ts";

export interface Cast {
  builder: TownBuilder;
  directory: Directory;
  people: Population;
  handles: Handles;
  /** Handle of the operator on each network where they have an account; on the others there is none. */
  accounts: Record<Exclude<Network, "hut" | "ask">, string>;
  plan: Plan;
  proof: string;
  home: string;
  rng: Rng;
  /** Of `bystanders`. */
  groups: Map<string, Person[]>;
}

type Place = (typeof PLACES)[number];
const PHONE_PLACES = ["market", "cv", "whois", "brokerA", "brokerB", "club", "paste"] as const;
const OPTIONAL_PLACES = ["whois", "brokerB", "paper", "farewell", "society", "alumni"] as const;
const PLACES = [...PHONE_PLACES, ...OPTIONAL_PLACES, "team"] as const;

/** Choices of where the operator's sealed facts stand; they vary by seed. */
interface Plan {
  /** No permitted page shows a phone number of the operator. */
  phonesHidden: boolean;
  phonesAt: ReadonlySet<Place>;
  /** Places that do not mention the operator in this town. */
  absent: ReadonlySet<Place>;
  /** Where the home page puts the proof token. */
  proofAt: "meta" | "text";
  extraSeedHandle: boolean;
}

function plan(rng: Rng, seed: number): Plan {
  const phonesHidden = ((seed % 5) + 5) % 5 === 4;
  const absent = new Set<Place>(rng.sample(OPTIONAL_PLACES, rng.int(1, 2)));
  const places = rng.sample(
    PHONE_PLACES.filter((place) => !absent.has(place)),
    rng.int(2, 4),
  );
  return {
    phonesHidden,
    absent,
    phonesAt: new Set<Place>(phonesHidden ? [] : rng.chance(0.6) ? [...places, "team"] : places),
    proofAt: rng.pick(["meta", "text"]),
    extraSeedHandle: rng.chance(0.4),
  };
}

export function castTown(builder: TownBuilder, seed: number): Cast {
  const rng = builder.rng;
  const code = rng.fork("country").pick<CountryCode>(["GB", "GB", "US", "US", "CA", "AU"]);
  builder.country = code;
  const { population, handles, home } = populate(rng.fork("people"), code, 560);
  const directory = new Directory(rng.fork("hosts"), home, population.operator.last, population.companies);
  const draw = rng.fork("accounts");
  return {
    builder,
    directory,
    people: population,
    handles,
    accounts: {
      friends: handles.main,
      forge: handles.main,
      micro: handles.named,
      lounge: handles.old,
      board: handles.old,
      work: handles.slug,
      lens: draw.pick([handles.main, handles.named]),
      retro: draw.pick([handles.named, handles.old]),
      agenda: draw.pick([handles.named, handles.main, handles.old]),
      swap: draw.pick([handles.seller, handles.named]),
    },
    plan: plan(rng.fork("plan"), seed),
    proof: rng.fork("proof").token(20),
    home: `http://${home}/`,
    rng,
    groups: new Map(),
  };
}

/** People who are neither the operator nor mistaken for them: a different group for each label, the same at each call. */
export function bystanders(cast: Cast, label: string, count: number): Person[] {
  const known = cast.groups.get(label);
  if (known !== undefined) return known;
  const group = cast.rng.fork(`bystanders ${label}`).sample(cast.people.others, count);
  cast.groups.set(label, group);
  return group;
}
