/** Site checks in WhatsMyName's format: most are right, a few are stale or trust too much, like the real list. */
import type { UsernameSite } from "../town.ts";
import { titleOf } from "./builder.ts";
import { bystanders, type Cast } from "./cast.ts";
import type { Network } from "./directory.ts";
import { AGENDA_MARK } from "./hosts/agendas.ts";
import { CODE_MARK } from "./hosts/code.ts";
import { FORUM_MARK } from "./hosts/forum.ts";
import { MARKET_MARK } from "./hosts/market.ts";
import { NETWORKS, type ProfileNetwork } from "./hosts/networks.ts";
import { PHOTO_MARK } from "./hosts/photos.ts";

const ABSENT = "Nothing lives at this address";

export function usernameSites(cast: Cast): UsernameSite[] {
  const { directory } = cast;
  const site = (
    network: Network,
    category: string,
    e_string: string,
    m_code: number,
    m_string: string,
  ): UsernameSite => {
    const host = directory.host(network);
    const known = bystanders(cast, network, 30)
      .slice(-2)
      .map((person) => person.handle);
    return {
      name: titleOf(host),
      uri_check: directory.member(network, "{account}"),
      e_code: 200,
      e_string,
      m_code,
      m_string,
      known,
      cat: category,
    };
  };
  const networks = (Object.keys(NETWORKS) as ProfileNetwork[]).map((network) => {
    const { habit, mark, absent } = NETWORKS[network];
    const codes = { "404": 404, "soft 404": 200, redirect: 302, "login wall": 200, "410": 410 } as const;
    return site(network, "social", mark, codes[habit], habit === "redirect" ? "" : absent);
  });
  const elsewhere = (
    role: Parameters<typeof directory.host>[0],
    path: string,
    e_string: string,
    m_code: number,
    m_string: string,
    name = titleOf(directory.host(role)),
  ): UsernameSite => ({
    name,
    uri_check: directory.url(role, path),
    e_code: 200,
    e_string,
    m_code,
    m_string,
    known: ["admin", "editor"],
    cat: "misc",
  });
  return [
    ...networks,
    site("forge", "coding", CODE_MARK.forge, 404, ABSENT),
    site("hut", "coding", CODE_MARK.hut, 404, ABSENT),
    site("board", "hobby", FORUM_MARK.board, 404, ABSENT),
    site("ask", "hobby", FORUM_MARK.ask, 404, ABSENT),
    site("swap", "shopping", MARKET_MARK, 404, ABSENT),
    site("lens", "images", PHOTO_MARK, 404, ABSENT),
    site("agenda", "misc", AGENDA_MARK, 404, ABSENT),
    // Nobody has an account here.
    elsewhere("recipes", "/cook/{account}", "Recipes of", 404, ABSENT),
    elsewhere("results", "/runner/{account}", "Races of", 404, ABSENT),
    // The text to look for is on every answer: finds everybody.
    elsewhere("blogs", "/author/{account}", "Posts by this author", 200, "No such author"),
    elsewhere("events", "/people/{account}", "What ", 200, "Nobody here by that name"),
    // Written for a layout that is gone: finds nobody.
    {
      ...site("micro", "social", "member-since", 200, "User not found"),
      name: `${titleOf(directory.host("micro"))} (2016)`,
    },
  ];
}
