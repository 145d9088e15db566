/** The profiles that matter on the five networks: the operator's own, their namesakes', and those who share a handle or a face. */
import type { Cast } from "../cast.ts";
import { member } from "./networks.ts";

/**
 * Each of the operator's profiles is theirs for a reason besides the handle: a rel=me link that the home page returns,
 * a sealed identifier, or the full name with employer or birth date and a link.
 */
export function writeAccounts(cast: Cast): void {
  const { people, handles, accounts, home, directory } = cast;
  const { operator, namesakes, sharers, double } = people;
  const homeLink = { href: home, label: cast.directory.home, me: true };
  const plainHome = { ...homeLink, me: false };

  member(cast, "friends", operator, accounts.friends, {
    town: true,
    employer: true,
    portrait: true,
    indexed: true,
    interests: { from: 1, count: 2, as: "list" },
    links: [homeLink],
  });
  member(cast, "micro", operator, accounts.micro, {
    interests: { from: 3, count: 2, as: "sentence" },
    links: [homeLink],
    indexed: true,
    elsewhere: { handle: accounts.board, host: directory.host("board") },
  });
  member(cast, "work", operator, accounts.work, {
    town: true,
    employer: true,
    former: true,
    school: true,
    portrait: true,
    links: [plainHome],
    indexed: true,
  });
  member(cast, "lounge", operator, accounts.lounge, {
    fullName: false,
    hometown: true,
    interests: { from: 6, count: 1, as: "sentence" },
    email: { form: "brackets", n: 1 },
  });
  member(cast, "retro", operator, accounts.retro, {
    town: true,
    born: true,
    interests: { from: 0, count: 2, as: "list" },
    links: [
      { href: directory.member("friends", accounts.friends), label: "My other page", me: false },
      { href: directory.member("swap", accounts.swap), label: "Things I sell", me: false },
    ],
  });

  const [first, second, third] = namesakes;
  member(cast, "friends", first, handles.named, {
    town: true,
    employer: true,
    born: true,
    interests: { from: 0, count: 2, as: "list" },
    portrait: true,
    indexed: true,
    links: [{ href: `http://${directory.namesakeHomes[0]}/`, label: "site", me: true }],
  });
  member(cast, "work", second, `${second.handle}`, {
    town: true,
    employer: true,
    former: true,
    school: true,
    indexed: true,
  });
  member(cast, "micro", third, third.handle, {
    town: true,
    interests: { from: 0, count: 2, as: "sentence" },
    phone: true,
    indexed: true,
  });
  member(cast, "retro", second, second.handle, { town: true, born: true, indexed: true });
  member(cast, "friends", third, `${third.handle}x`, {
    town: true,
    employer: true,
    born: true,
    phone: true,
    indexed: true,
  });

  const [one, two, three] = sharers;
  member(cast, "micro", one, handles.main, {
    town: true,
    employer: true,
    born: true,
    interests: { from: 0, count: 2, as: "sentence" },
    indexed: true,
  });
  member(cast, "lounge", two, handles.main, {
    town: true,
    born: true,
    interests: { from: 0, count: 2, as: "list" },
    email: { form: "plain", n: 0 },
    indexed: true,
  });
  member(cast, "friends", three, handles.old, { town: true, employer: true, born: true, phone: true, indexed: true });
  member(cast, "retro", two, handles.main, { town: true, born: true });

  // The same picture under another name: a face is not a proof either.
  member(cast, "friends", double, double.handle, {
    town: true,
    employer: true,
    born: true,
    portrait: true,
    indexed: true,
    interests: { from: 0, count: 2, as: "list" },
  });
}
