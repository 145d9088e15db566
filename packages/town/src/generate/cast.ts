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
  accounts: Partial<Record<Network, string>>;
  plan: Plan;
  proof: string;
  home: string;
  rng: Rng;
  /** Of `bystanders`. */
  groups: Map<string, Person[]>;
}

/** Choices of where the operator's sealed facts stand; they vary by seed. */
export interface Plan {
  /** No permitted page shows a phone number of the operator. */
  phonesHidden: boolean;
  phonesAt: ReadonlySet<"market" | "cv" | "whois" | "brokerA" | "brokerB" | "club" | "team" | "paste">;
  /** Where the home page puts the proof token. */
  proofAt: "meta" | "text";
  extraSeedHandle: boolean;
}

function plan(rng: Rng, seed: number): Plan {
  const phonesHidden = ((seed % 5) + 5) % 5 === 4;
  const places = ["market", "cv", "whois", "brokerA", "brokerB", "club", "paste"] as const;
  return {
    phonesHidden,
    phonesAt: new Set(
      phonesHidden ? [] : [...(rng.chance(0.6) ? (["team"] as const) : []), ...rng.sample(places, rng.int(2, 4))],
    ),
    proofAt: rng.pick(["meta", "text"]),
    extraSeedHandle: rng.chance(0.4),
  };
}

export function castTown(builder: TownBuilder, seed: number): Cast {
  const rng = builder.rng;
  const code = rng.fork("country").pick<CountryCode>(["GB", "GB", "US", "US", "CA", "AU"]);
  const { population, handles, home } = populate(rng.fork("people"), code, 560);
  const directory = new Directory(rng.fork("hosts"), home, population.operator.last, population.companies);
  return {
    builder,
    directory,
    people: population,
    handles,
    accounts: {
      friends: handles.main,
      forge: handles.main,
      lens: handles.main,
      micro: handles.named,
      retro: handles.named,
      agenda: handles.named,
      lounge: handles.old,
      board: handles.old,
      work: handles.slug,
      swap: handles.seller,
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
