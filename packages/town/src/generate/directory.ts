/** Names and address patterns of a town's hosts, drawn before any page so that pages can link across hosts. */
import type { Company } from "./people.ts";
import type { Rng } from "./rng.ts";

const POOLS = {
  friends: ["mugbook.example", "facewall.example", "chumly.example"],
  micro: ["chirrup.example", "twitterling.test", "shortpost.example"],
  work: ["linkledge.example", "careerloom.example", "worknet.test"],
  lounge: ["loungely.example", "clubroom.test", "parlour.example"],
  retro: ["oldspace.example", "pagecraft.test", "homestead.example"],
  forge: ["forgeyard.example", "codebarn.example", "gitmill.test"],
  hut: ["codehut.example", "patchbay.test", "repostead.example"],
  board: ["trailboard.example", "hobbytalk.test", "the-noticeboard.example"],
  ask: ["askwell.example", "querynook.example", "answerpost.test"],
  swap: ["swapstead.example", "secondgo.example", "attic-market.test"],
  lens: ["lumenroll.example", "shutterbox.test", "framely.example"],
  cv: ["cvdrop.example", "papershelf.test", "docbin.example"],
  club: ["hill-club.example", "club-pages.example", "our-club.test"],
  society: ["makers-society.example", "craft-circle.test", "evening-society.example"],
  results: ["race-results.example", "chip-timing.test", "finish-line.example"],
  whois: ["whoislook.example", "domain-desk.test", "registry-lens.example"],
  paste: ["pastebarn.test", "textdump.example", "snipboard.test"],
  brokerA: ["findfolk.example", "peoplepages.test", "knownfolk.example"],
  brokerB: ["addressarium.example", "whereabout.test", "folkfile.example"],
  brokerC: ["backgroundly.example", "truepeople.test", "recordhound.example"],
  agenda: ["agendaly.example", "daybook.test", "calendrome.example"],
  events: ["gatherup.example", "whatson.test", "townevents.example"],
  alumni: ["alumni-net.example", "classof.test", "oldscholars.example"],
  paper: ["gazette.example", "daily-post.test", "local-echo.example"],
  blogs: ["scribbleroll.example", "longhand.test", "penfriend.example"],
  recipes: ["supperclub.example", "pantry-notes.test", "cookpot.example"],
  bucket: ["rustybucket.test", "creaky-host.test", "oldserver.test"],
  policy: ["agent-notices.test", "crawler-charter.test", "bot-guidance.test"],
  lookup: ["freelookup.test", "dossierly.test", "factsheet.test"],
  relay: ["relay-desk.test", "inbox-proxy.test", "collectpoint.test"],
} as const;

export type Role = keyof typeof POOLS;
export type Network =
  | "friends"
  | "micro"
  | "work"
  | "lounge"
  | "retro"
  | "forge"
  | "hut"
  | "board"
  | "ask"
  | "swap"
  | "lens"
  | "agenda";

/** Where each network may keep a member's page. */
const PATTERNS: Record<Network, readonly string[]> = {
  friends: ["/{}", "/people/{}", "/profile.php?id={}"],
  micro: ["/@{}", "/{}", "/u/{}"],
  work: ["/in/{}", "/pro/{}", "/cv/{}"],
  lounge: ["/members/{}", "/u/{}", "/lounge/{}"],
  retro: ["/users/{}", "/~{}", "/home/{}"],
  forge: ["/{}", "/u/{}"],
  hut: ["/{}", "/users/{}"],
  board: ["/member/{}", "/user/{}", "/profile?user={}"],
  ask: ["/users/{}", "/people/{}"],
  swap: ["/seller/{}", "/shop/{}", "/store/{}"],
  lens: ["/photos/{}", "/people/{}"],
  agenda: ["/cal/{}", "/u/{}"],
};

export class Directory {
  readonly home: string;
  readonly namesakeHomes: [string, string];
  readonly companies: { employer: Company; former: Company; elsewhere: Company };
  readonly #hosts = new Map<Role, string>();
  readonly #patterns = new Map<Network, string>();

  constructor(rng: Rng, home: string, last: string, companies: Directory["companies"]) {
    this.home = home;
    const surname = last.toLowerCase();
    this.namesakeHomes = [`the-${surname}-files.example`, `${surname}-consulting.test`];
    this.companies = companies;
    for (const role of Object.keys(POOLS) as Role[]) this.#hosts.set(role, rng.pick(POOLS[role]));
    for (const network of Object.keys(PATTERNS) as Network[]) this.#patterns.set(network, rng.pick(PATTERNS[network]));
  }

  host(role: Role): string {
    return this.#hosts.get(role) ?? "";
  }

  url(role: Role, path: string): string {
    return `http://${this.host(role)}${path}`;
  }

  /** Path of a member's page, `{}` in place of the handle when none is given. */
  memberPath(network: Network, handle = "{}"): string {
    return (this.#patterns.get(network) ?? "/{}").replace("{}", handle);
  }

  member(network: Network, handle: string): string {
    return this.url(network, this.memberPath(network, handle));
  }
}
