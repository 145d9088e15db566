import type { Document, Seeds } from "@candor/agent";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extract } from "../extract/extract.ts";
import { whoIs } from "../extract/names.ts";
import type { PageRecord } from "../extract/record.ts";
import { documentOf } from "../extract/testing/document.ts";
import { gather } from "../findings/findings.ts";
import { attribute } from "./attribute.ts";

const seeds: Seeds = {
  names: ["Ada Thorne"],
  usernames: ["marlwren"],
  city: "Otterford",
  employer: "Harrow & Finch Ltd",
  sites: ["http://ada-thorne.example/"],
};
const proven = ["http://ada-thorne.example/"];
const context = {
  who: whoIs(seeds.names, [...seeds.usernames, "thorne_84"]),
  city: seeds.city,
  owned: new Set(["ada-thorne.example"]),
  ownedHosts: new Set(["ada-thorne.example"]),
  reached: new Set<string>(),
};

function page(url: string, html: string, more: Partial<Document> = {}): PageRecord[] {
  const record = extract(documentOf(url, html, more), context);
  return record ? [record] : [];
}

function found(records: readonly PageRecord[]): string[] {
  return gather(attribute(records, seeds, proven), new Map(), new Set(), new Map())
    .map((finding) => `${finding.kind}: ${finding.value}`)
    .sort();
}

const home = page(
  "http://ada-thorne.example/",
  `<title>Ada Thorne</title><h1>Ada Thorne</h1><p>Works at: Harrow & Finch Ltd</p><p><a rel="me" href="http://mugbook.example/people/marlwren">me</a></p>`,
);
const mugbook = page(
  "http://mugbook.example/people/marlwren",
  `<title>Ada Thorne | Mugbook</title><img src="/avatars/marlwren.jpg" alt="Ada Thorne"><h1>Ada Thorne</h1><dl><dt>Hobbies</dt><dd>bell ringing</dd><dt>City</dt><dd>Otterford</dd></dl><p><a rel="me" href="http://ada-thorne.example/">site</a></p>`,
);
const own = [...home, ...mugbook];
const ownFindings = [
  "employer: Harrow & Finch Ltd",
  "interest: bell ringing",
  "location: Otterford",
  "photo: http://mugbook.example/avatars/marlwren.jpg",
  "username: marlwren@mugbook.example",
];

const namesakePage = (city: string, employer: string, n: number): PageRecord[] =>
  page(
    `http://friends.example/people/other${n}`,
    `<title>Ada Thorne | Friends</title><h1>Ada Thorne</h1><dl><dt>City</dt><dd>${city}</dd><dt>Employer</dt><dd>${employer}</dd><dt>Hobbies</dt><dd>falconry, chess</dd></dl><p>Born [birth date 2: not yours]</p>`,
  );

describe("attribute", () => {
  test("follows links both ways from a proven page", () => {
    expect(found(own)).toEqual(ownFindings);
  });

  test("drops a namesake, and counts them", () => {
    const records = [...own, ...namesakePage("Pikemoor", "Copperline Ceramics", 1)];
    expect(found(records)).toEqual(ownFindings);
    expect(attribute(records, seeds, proven).dropped).toBe(1);
  });

  test("the same name alone is never enough", () => {
    expect(
      found([
        ...own,
        ...page(
          "http://results.example/race/3",
          `<title>Relay 2014</title><table><tr><td>1</td><td>Ada Thorne</td><td>[phone 4: not yours]</td></tr></table>`,
        ),
      ]),
    ).toEqual(ownFindings);
    expect(
      found([
        ...own,
        ...page(
          "http://blog.example/x.html",
          `<title>x</title><p>Ada Thorne loves falconry above all things in this wide world, she told us at length.</p>`,
        ),
      ]),
    ).toEqual(ownFindings);
  });

  test("the same handle alone is never enough", () => {
    expect(
      found([
        ...own,
        ...page(
          "http://ask.example/users/marlwren",
          `<title>User marlwren</title><h1>marlwren</h1><dl><dt>Hobbies</dt><dd>falconry</dd></dl>`,
        ),
      ]),
    ).toEqual(ownFindings);
  });

  test("a handle-sharer in another town is somebody else", () => {
    expect(
      found([
        ...own,
        ...page(
          "http://lounge.example/u/marlwren",
          `<title>marlwren</title><h1>marlwren</h1><dl><dt>Town</dt><dd>Tarnhaven</dd><dt>Works at</dt><dd>Vantry Seeds</dd></dl>`,
        ),
      ]),
    ).toEqual(ownFindings);
  });

  test("a handle in the operator's own town is the operator", () => {
    expect(
      found([
        ...own,
        ...page(
          "http://board.example/user/marlwren",
          `<title>marlwren</title><h1>marlwren</h1><dl><dt>Town</dt><dd>Otterford</dd><dt>Likes</dt><dd>kintsugi</dd></dl>`,
        ),
      ]),
    ).toContain("interest: kintsugi");
  });

  test("an impostor with the operator's picture under another name stays out", () => {
    const impostor = page(
      "http://friends.example/people/zed",
      `<title>Zelda Vance | Friends</title><img src="http://mugbook.example/avatars/marlwren.jpg" alt="Zelda Vance"><h1>Zelda Vance</h1><dl><dt>City</dt><dd>Otterford</dd><dt>Likes</dt><dd>falconry</dd></dl><p><a href="http://ada-thorne.example/">a friend</a></p>`,
    );
    expect(found([...own, ...impostor])).toEqual(ownFindings);
  });

  test("a team page of the employer gives the operator's number and nobody else's", () => {
    const team = page(
      "http://harrow.example/team",
      `<title>The people of Harrow & Finch Ltd</title><div><h3>Ben Hollis</h3><p>[phone 2: not yours]</p></div><div><img src="/img/ada-thorne-9.jpg" alt="Ada Thorne"><h3>Ada Thorne</h3><p>[phone 1: yours]</p></div>`,
    );
    expect(found([...own, ...team])).toEqual(
      [...ownFindings, "phone: phone 1", "photo: http://harrow.example/img/ada-thorne-9.jpg"].sort(),
    );
  });

  test("a broker's list of namesakes gives only the card with the operator's address", () => {
    const list = page(
      "http://findfolk.example/name/ada-thorne",
      `<title>People named Ada Thorne</title><div><h3>Ada Thorne</h3><p>Lives in: Pikemoor</p><p>Address: [address 2: not yours]</p><p>Employer: Copperline Ceramics</p></div><div><h3>Ada Thorne</h3><p>Lives in: Otterford</p><p>Address: [address 1: yours]</p></div><div><h3>Ada Thorne</h3><p>Lives in: Tarnhaven</p><p>Phone: [phone 3: not yours]</p></div>`,
    );
    expect(found([...own, ...list])).toEqual(["address: address 1", ...ownFindings].sort());
  });

  test("a relative at the same address is not the operator", () => {
    const relative = page(
      "http://findfolk.example/r/7",
      `<title>Oswin Thorne, 71, Otterford</title><h1>Oswin Thorne</h1><p>Address: [address 1: yours]</p><p>Employer: Vantry Seeds</p>`,
    );
    expect(found([...own, ...relative])).toEqual(ownFindings);
  });

  test("an account that a page of the operator names brings its posts along", () => {
    const micro = page(
      "http://ada-thorne.example/elsewhere",
      `<title>Elsewhere</title><p>I am thorne_84 on board.example.</p>`,
    );
    const thread = page(
      "http://board.example/t/9",
      `<title>Hello</title><div><p><a href="/user/thorne_84">thorne_84</a> wrote on Monday:</p><p>I have been into moth trapping for years.</p></div><div><p><a href="/user/ben">ben</a> wrote on Tuesday:</p><p>I enjoy falconry.</p></div>`,
    );
    expect(found([...own, ...micro, ...thread])).toEqual(
      [...ownFindings, "interest: moth trapping", "username: thorne_84@board.example"].sort(),
    );
  });

  test("a member's page that lists a namesake on the same site does not make them the operator", () => {
    const network = page(
      "http://network.example/in/ada-thorne-1",
      `<title>Ada Thorne | Network</title><h1>Ada Thorne</h1><p>Works at: Harrow & Finch Ltd</p><p>Lives in: Otterford</p><p><a href="/in/ada-thorne-2">Ada Thorne, pensioner</a></p>`,
    );
    const namesake = page(
      "http://network.example/in/ada-thorne-2",
      `<title>Ada Thorne | Network</title><h1>Ada Thorne</h1><p>Works at: Lausitz Railways</p>`,
    );
    const all = found([...own, ...network, ...namesake]);
    expect(all).toContain("username: ada-thorne-1@network.example");
    expect(all.join("\n")).not.toMatch(/ada-thorne-2|Lausitz/);
  });

  test("two names of one school are one finding", () => {
    const profile = (host: string, school: string): PageRecord[] =>
      page(
        `http://${host}/people/marlwren`,
        `<title>Ada Thorne</title><h1>Ada Thorne</h1><p>City: Otterford</p><p>School: ${school}</p>`,
      );
    const all = found([
      ...own,
      ...profile("one.example", "École Vauban"),
      ...profile("two.example", "École Vauban"),
      ...profile("three.example", "École Vauban de Rennes"),
    ]);
    expect(all.filter((each) => each.startsWith("school"))).toEqual(["school: École Vauban"]);
  });

  test("the order of records does not change the result", () => {
    const records = [
      ...own,
      ...namesakePage("Pikemoor", "Copperline Ceramics", 1),
      ...page(
        "http://board.example/user/marlwren",
        `<title>marlwren</title><dl><dt>Town</dt><dd>Otterford</dd><dt>Likes</dt><dd>kintsugi</dd></dl>`,
      ),
    ];
    const expected = found(records);
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(found(shuffled)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test("adding namesakes never adds findings", () => {
    const place = fc.constantFrom("Pikemoor", "Tarnhaven", "Sableleigh");
    const firm = fc.constantFrom("Copperline Ceramics", "Vantry Seeds", "Redshank Textiles");
    fc.assert(
      fc.property(fc.array(fc.tuple(place, firm), { maxLength: 5 }), (others) => {
        const records = [...own, ...others.flatMap(([city, employer], n) => namesakePage(city, employer, n))];
        expect(found(records)).toEqual(ownFindings);
      }),
      { numRuns: 40 },
    );
  });

  test("a page without any tie to the operator never gives a finding", () => {
    const word = fc.constantFrom(
      "Works at: Vantry Seeds",
      "Likes: falconry",
      "Lives in: Pikemoor",
      "[phone 2: not yours]",
      "I enjoy chess.",
      "Studied at University of Wexmouth",
      "Ben Hollis",
      "benh wrote:",
      "Born [birth date 2: not yours]",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (lines) => {
        const stranger = page(
          "http://any.example/u/someone",
          `<title>someone</title>${lines.map((line) => `<p>${line}</p>`).join("")}`,
        );
        expect(found([...own, ...stranger])).toEqual(ownFindings);
      }),
      { numRuns: 60 },
    );
  });
});
