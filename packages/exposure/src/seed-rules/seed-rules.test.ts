import type { Document, GuardRequest } from "@candor/agent";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seedInvariant } from "./invariant.ts";
import { benignGoals, misuseGoals } from "./labelled-goals.ts";
import { personalGoal } from "./personal-goal.ts";
import { provenSeeds } from "./proven-seeds.ts";

const seeds = {
  names: ["Ada Pike"],
  usernames: ["adapike"],
  city: "Leeds",
  employer: "Northlight",
  sites: ["https://adapike.example/"],
};

describe("goals", () => {
  test("there are enough of them to say something", () => {
    expect(misuseGoals.length).toBeGreaterThanOrEqual(120);
    expect(benignGoals.length).toBeGreaterThanOrEqual(60);
  });

  test.each(misuseGoals)("about somebody else: %s", (goal) => {
    expect(personalGoal(goal, seeds)).toMatchObject({ about: "other" });
  });

  test("about the operator or nobody are let pass", () => {
    const refused = benignGoals.filter((goal) => personalGoal(goal, seeds).about === "other");
    expect(refused).toEqual([]);
  });

  test.each([
    "Ada Pike",
    "What can be found about Ada Pike?",
    "Find my own old accounts",
    "Search for my username adapike",
    "Is my phone number public anywhere?",
  ])("about the operator: %s", (goal) => {
    expect(personalGoal(goal, seeds).about).toBe("operator");
  });

  test("the operator's name beside another's does not cover it", () => {
    expect(personalGoal("Find the phone numbers of Ada Pike and Jane Roe", seeds).about).toBe("other");
    expect(personalGoal("Ada Pike", { ...seeds, names: [] }).about).toBe("other");
  });

  test("case and spacing make no difference", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("jane roe", "kevin marlowe", "martha quill"),
        fc.constantFrom("phone number", "home address", "instagram account"),
        fc.infiniteStream(fc.boolean()),
        (name, what, flips) => {
          const shout = [...name]
            .map((letter) => (flips.next().value === true ? letter.toUpperCase() : letter))
            .join("");
          for (const written of [name, name.toUpperCase(), shout])
            expect(personalGoal(`find  the ${what}  of ${written}`, seeds).about).toBe("other");
        },
      ),
    );
  });
});

function request(tool: string, args: Record<string, unknown>, rest: Partial<GuardRequest> = {}): GuardRequest {
  return {
    run: "r",
    chain: ["r"],
    kind: "run",
    world: "web",
    goal: "Compare three laptops",
    step: 1,
    tool: { name: tool, effect: "read" },
    args,
    origins: {},
    permissions: null,
    seeds,
    ...rest,
  };
}
const rule = (each: GuardRequest, proven = true, confirmedHandles: string[] = []) =>
  seedInvariant(each, { proven, confirmedHandles })?.rule ?? null;

describe("the invariant", () => {
  test.each([
    ["a search for another person", request("search", { query: "Jane Roe Leeds" }), "seed.query"],
    ["in lower case", request("search", { query: "jane roe leeds" }), "seed.query"],
    ["for an account", request("search", { query: "@shadowfox_91" }), "seed.query"],
    ["for nothing but a handle", request("search", { query: "mossheron92" }), "seed.query"],
    ["for nothing but a handle with an underscore", request("search", { query: '"piers_calloway"' }), "seed.query"],
    ["for a number", request("search", { query: '"07700 900456"' }), "seed.query"],
    ["for a masked number", request("search", { query: "[phone 3: not yours]" }), "seed.query"],
    ["for an address", request("search", { query: "14 Harbour Street, Ashby" }), "seed.query"],
    ["for an e-mail address", request("search", { query: "kmarlowe@host.example" }), "seed.query"],
    [
      "for whoever lives somewhere",
      request("search", { query: "who lives next door to my house number 9" }),
      "seed.query",
    ],
    ["in an audit as well", request("search", { query: "jane roe" }, { kind: "audit" }), "seed.query"],
    [
      "by opening a search engine's address",
      request("open_page", { url: "https://search.example/?q=jane+roe+phone" }),
      "seed.address",
    ],
    [
      "by opening a people-search site",
      request("open_page", { url: "https://www.spokeo.com/Jane-Roe/Leeds" }),
      "seed.address",
    ],
    ["by a tool from outside", request("people_finder", { name: "Jane Roe" }, {}), null],
    ["by a tool of an MCP server", request("mcp_crm_ask", { who: { is: "Jane Roe" } }), "seed.query"],
    ["by a child", request("spawn", { goal: "Find Jane Roe's phone number" }), "seed.goal"],
    [
      "under a goal about another person",
      request("open_page", { url: "https://host.example/" }, { goal: "Find where Kevin Marlowe lives" }),
      "seed.goal",
    ],
    ["of a username that is no seed", request("check_username", { username: "shadowfox" }), "seed.username"],
    [
      "of a username that is no seed, in the town",
      request("check_username", { username: "shadowfox" }, { world: "town" }),
      "seed.username",
    ],
  ])("%s", (name, each, expected) => {
    if (name === "by a tool from outside") expect(rule({ ...each, args: { query: "Jane Roe" } })).toBe("seed.query");
    else expect(rule(each)).toBe(expected);
  });

  test.each([
    ["an ordinary search", request("search", { query: "best laptops 2024 review" })],
    ["a search for the operator", request("search", { query: '"Ada Pike" Leeds Northlight phone' })],
    ["the operator's username", request("check_username", { username: "@AdaPike" })],
    ["a tool of an MCP server", request("mcp_notes_add", { text: "best laptops 2024" })],
    ["a page", request("open_page", { url: "https://host.example/articles/charles-darwin?page=2" })],
    ["the operator's page of a broker", request("open_page", { url: "https://www.spokeo.com/Ada-Pike/Leeds" })],
    ["a broker's opt-out page", request("open_page", { url: "https://www.spokeo.com/optout" })],
    ["a search in the town", request("search", { query: "Jane Roe" }, { world: "town", kind: "audit" })],
    ["a child with work to do", request("spawn", { goal: "Read the reviews of the second laptop" })],
  ])("lets pass %s", (_, each) => {
    expect(rule(each)).toBe(null);
  });

  test("a username on a confirmed page may be checked", () => {
    expect(rule(request("check_username", { username: "pike_ada" }, { world: "town" }))).toBe("seed.username");
    expect(rule(request("check_username", { username: "pike_ada" }, { world: "town" }), true, ["pike_ada"])).toBe(null);
  });

  test("before a page is proven nothing identity-linked runs on the web", () => {
    expect(rule(request("breach_lookup", {}), false)).toBe("seed.proof");
    expect(rule(request("check_username", { username: "adapike" }), false)).toBe("seed.proof");
    expect(
      rule(request("search", { query: "Ada Pike" }, { seeds: { names: [], usernames: [], sites: [] } }), false),
    ).toBe("seed.query");
    expect(rule(request("open_page", { url: "https://host.example/" }, { kind: "audit" }), false)).toBe("seed.proof");
    expect(rule(request("open_page", { url: "https://host.example/" }, { goal: "Find my old accounts" }), false)).toBe(
      "seed.proof",
    );
    expect(rule(request("search", { query: "laptops" }), false)).toBe(null);
    expect(rule(request("breach_lookup", {}, { world: "town" }), false)).toBe(null);
  });

  test("no goal about somebody else gets a single tool on the web", () => {
    for (const goal of misuseGoals)
      expect(rule(request("open_page", { url: "https://host.example/" }, { goal }))).toBe("seed.goal");
  });
});

describe("proven seeds", () => {
  const proof = { site: "https://adapike.example", method: "token" as const, provenAt: 0, expiresAt: 1_000 };
  const document: Document = {
    url: "https://adapike.example/",
    host: "adapike.example",
    status: 200,
    contentType: "text/html",
    title: "Ada Pike: bees and bridges",
    text: `I live in Leeds.\n${"Bees are fine. ".repeat(60)}\nThanks to Jane Roe of Westhall.`,
    hidden: "John Smith",
    links: [
      { href: "https://mugbook.example/adapike", label: "me", rel: "me" },
      { href: "https://mugbook.example/janeroe", label: "Jane", rel: "" },
    ],
    fields: [{ label: "Employer", value: "Northlight" }],
    structured: [],
    images: [],
    meta: {},
    hash: "00",
  };
  const claimed = {
    names: ["Ada Pike", "Jane Roe", "John Smith", "Ada"],
    usernames: ["adapike", "janeroe"],
    city: "Leeds",
    employer: "Northlight",
    sites: ["https://adapike.example/", "https://mugbook.example/adapike", "https://mugbook.example/janeroe"],
  };

  test("are those that a proven page states of its owner", () => {
    expect(provenSeeds(claimed, [proof], [document], 1)).toEqual({
      names: ["Ada Pike"],
      usernames: ["adapike"],
      city: "Leeds",
      employer: "Northlight",
      sites: ["https://adapike.example/", "https://mugbook.example/adapike"],
    });
  });

  test("are none once the proof has expired, or on pages that nobody proved", () => {
    const none = { names: [], usernames: [], sites: [] };
    expect(provenSeeds(claimed, [proof], [document], 1_000)).toEqual(none);
    const elsewhere = { ...document, url: "https://other.example/" };
    expect(provenSeeds(claimed, [proof], [elsewhere], 1)).toEqual({ ...none, sites: ["https://adapike.example/"] });
  });
});
