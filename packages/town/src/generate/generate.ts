/** `generateTown`: a whole simulated web from one number, with the truth about it. */
import type { Town } from "../town.ts";
import { TownBuilder } from "./builder.ts";
import { type Cast, castTown } from "./cast.ts";
import { writeAccounts } from "./hosts/accounts.ts";
import { writeAgendas } from "./hosts/agendas.ts";
import { writeBroken } from "./hosts/broken.ts";
import { writeBrokers } from "./hosts/brokers.ts";
import { writeClubs } from "./hosts/clubs.ts";
import { writeCode } from "./hosts/code.ts";
import { writeCompanies } from "./hosts/companies.ts";
import { writeCvs } from "./hosts/cvs.ts";
import { writeForum, writeQuestions } from "./hosts/forum.ts";
import { writeHomepages } from "./hosts/homepages.ts";
import { writeMarket } from "./hosts/market.ts";
import { fillNetwork, NETWORKS, openNetwork, type ProfileNetwork } from "./hosts/networks.ts";
import { writePapers } from "./hosts/papers.ts";
import { writePhotos } from "./hosts/photos.ts";
import { writeRegisters } from "./hosts/registers.ts";
import { Rng } from "./rng.ts";
import { usernameSites } from "./sites.ts";
import { writeTraps } from "./traps.ts";

/** Changes whenever the same seed gives another town. */
export const GENERATOR_VERSION = "generator-1";

/**
 * Builds the town of a seed: the same seed gives the same bytes on every machine.
 *
 * @param seed A whole number.
 * @throws RangeError when the seed is not a whole number.
 * @example
 * const town = generateTown(7);
 * town.facts.filter((fact) => fact.owner === "operator" && fact.reachable);
 */
export function generateTown(seed: number): Town {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`town seed must be a whole number, not ${seed}; try 7`);
  const builder = new TownBuilder(new Rng(`${GENERATOR_VERSION} ${seed}`));
  const cast = castTown(builder, seed);
  const networks = Object.keys(NETWORKS) as ProfileNetwork[];
  for (const network of networks) openNetwork(cast, network);
  writeAccounts(cast);
  for (const network of networks) fillNetwork(cast, network);
  writeHomepages(cast);
  writeCode(cast);
  writeForum(cast);
  writeQuestions(cast);
  writeMarket(cast);
  writePhotos(cast);
  writeCvs(cast);
  writeCompanies(cast);
  writeClubs(cast);
  writeRegisters(cast);
  writeBrokers(cast);
  writeAgendas(cast);
  writePapers(cast);
  writeBroken(cast);
  writeTraps(cast);
  const { operator } = cast.people;
  return {
    version: GENERATOR_VERSION,
    seed,
    hosts: builder.hosts,
    pages: builder.pages,
    persona: {
      name: operator.name,
      seeds: {
        names: [operator.name],
        usernames: cast.plan.extraSeedHandle ? [cast.handles.main, cast.handles.named] : [cast.handles.main],
        city: operator.town,
        employer: operator.employer,
        sites: [cast.home],
      },
      sealed: {
        phones: operator.phones,
        emails: operator.emails,
        addresses: [operator.address],
        birthDates: [operator.born],
      },
      proof: { token: cast.proof, url: cast.home },
    },
    facts: builder.truth.facts(),
    traps: builder.traps,
    sites: usernameSites(cast),
    breached: breaches(cast),
  };
}

/** What the breach range service knows: the leaked address, other people's, and passwords everybody uses. */
function breaches(cast: Cast): { value: string; count: number }[] {
  const { operator, others } = cast.people;
  return [
    { value: operator.emails[1] ?? "", count: 2 },
    ...others.slice(0, 60).map((person, i) => ({ value: person.emails[0] ?? "", count: 1 + (i % 4) })),
    ...["password", "letmein", "123456", "qwerty"].map((value, i) => ({ value, count: 90_000 - i * 7 })),
  ];
}
