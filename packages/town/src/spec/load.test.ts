import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { TownError } from "../town-error.ts";
import { townSchemaText } from "./json-schema.ts";
import { loadSpec } from "./load.ts";
import { TownSpec, type TownSpecInput } from "./spec.ts";

const minimal = (): TownSpecInput => ({
  persona: { name: "Ada Quill", proof: { token: "candor-token", url: "quill.example/" } },
  hosts: [{ name: "quill.example", pages: [{ path: "/", html: "<title>Ada</title><p>candor-token</p>" }] }],
});

function write(spec: unknown, files: Record<string, string | Uint8Array> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "candor-spec-"));
  for (const [name, body] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), body);
  }
  const path = join(folder, "town.json");
  writeFileSync(path, typeof spec === "string" ? spec : JSON.stringify(spec));
  return path;
}

async function complaint(spec: unknown, files: Record<string, string | Uint8Array> = {}): Promise<string> {
  try {
    await loadSpec(write(spec, files));
  } catch (error) {
    if (TownError.isInstance(error) && error.hint !== "") return error.message;
    throw error;
  }
  return "no complaint";
}

describe("a minimal spec", () => {
  test("is a few lines; everything else has a default", async () => {
    const town = await loadSpec(write(minimal()));
    expect(town).toMatchObject({
      version: "spec-1",
      seed: null,
      hosts: [{ name: "quill.example", kind: "site", notFound: { status: 404 } }],
      pages: [{ path: "/", status: 200, contentType: "text/html; charset=utf-8", indexed: true, hostile: false }],
      persona: {
        seeds: { names: ["Ada Quill"], usernames: [], sites: ["http://quill.example/"] },
        sealed: { phones: [], emails: [], addresses: [], birthDates: [] },
      },
      facts: [],
    });
  });

  test("takes pages from files beside it and guesses what they are", async () => {
    const spec = minimal();
    spec.hosts[0]?.pages?.push({ path: "/a", file: "pages/a.htm" }, { path: "/b.jpg", file: "b.jpg" });
    const town = await loadSpec(write(spec, { "pages/a.htm": "<p>caf\xe9", "b.jpg": Uint8Array.of(0xff, 0xd8) }));
    expect(town.pages.map(({ contentType }) => contentType)).toEqual([
      "text/html; charset=utf-8",
      "text/html",
      "image/jpeg",
    ]);
    expect(town.pages[2]?.body).toEqual(Buffer.from([0xff, 0xd8]));
  });

  test("gives facts ids, an owner, a tier, whole addresses, the sealed value, and whether they can be reached", async () => {
    const spec = minimal();
    spec.hosts.push({
      name: "club.example",
      robots: ["User-agent: *", "Disallow: /members"],
      pages: [
        { path: "/members", text: "01632 960417" },
        { path: "/login", text: "sign in", status: 401 },
      ],
    });
    spec.persona.sealed = { emails: ["Ada@quill.example"] };
    spec.facts = [
      { kind: "interest", value: "chess", urls: ["club.example/members"] },
      { kind: "e-mail", value: "ada@quill.example", urls: ["http://quill.example/"], tier: 2 },
      { kind: "school", value: "Wrenport High", urls: ["club.example/login"], owner: "bo" },
      { kind: "school", value: "Oxmouth High", urls: ["club.example/login"], reachable: true },
    ];
    const { facts } = await loadSpec(write(spec));
    expect(facts).toMatchObject([
      { id: "fact-1", owner: "operator", tier: 1, reachable: false, urls: ["http://club.example/members"] },
      { id: "fact-2", value: "Ada@quill.example", tier: 2, reachable: true },
      { owner: "bo", reachable: false },
      { reachable: true },
    ]);
  });
});

describe("what is wrong with a spec is said in one line", () => {
  const edited = (edit: (spec: TownSpecInput & Record<string, unknown>) => void): unknown => {
    const spec = minimal() as TownSpecInput & Record<string, unknown>;
    edit(spec);
    return spec;
  };
  const page = (extra: Record<string, unknown>) =>
    edited((spec) => spec.hosts[0]?.pages?.push({ path: "/x", html: "x", ...extra } as never));
  const fact = (extra: Record<string, unknown>) =>
    edited((spec) => {
      spec.facts = [{ kind: "interest", value: "chess", urls: ["quill.example/"], ...extra } as never];
    });

  test.each<[unknown, string]>([
    [page({ path: "x" }), 'town.json: hosts[0].pages[1].path must begin with "/"'],
    [page({ stauts: 200 }), 'town.json: hosts[0].pages[1] has an unknown key "stauts"'],
    [page({ status: "ok" }), "town.json: hosts[0].pages[1].status must be a number, not a string"],
    [page({ status: 99 }), "town.json: hosts[0].pages[1].status must be at least 200"],
    [page({ text: "y" }), 'town.json: hosts[0].pages[1] must have only one of "html", "text" and "file"'],
    [page({ html: undefined }), 'town.json: hosts[0].pages[1] must have one of "html", "text" and "file"'],
    [page({ path: "/" }), "town.json: hosts[0].pages[1].path is there twice on quill.example"],
    [page({ path: "/robots.txt" }), 'town.json: hosts[0].pages[1].path is a host\'s "robots", not a page'],
    [
      page({ html: undefined, file: "no.html" }),
      "town.json: hosts[0].pages[1].file names a file that is not beside the spec: no.html",
    ],
    [
      page({ html: undefined, file: "../town.json" }),
      "town.json: hosts[0].pages[1].file must stay in the spec's folder: ../town.json does not",
    ],
    [page({ behaviour: { kind: "lazy" } }), "town.json: hosts[0].pages[1].behaviour.kind is of no known kind"],
    [edited((spec) => Object.assign(spec, { hosts: [] })), "town.json: hosts must not be empty"],
    [edited((spec) => Object.assign(spec, { persona: undefined })), "town.json: persona is missing"],
    [
      edited((spec) => Object.assign(spec.hosts[0] ?? {}, { name: "Quill" })),
      "town.json: hosts[0].name must be a host name in lower case, such as mugbook.example",
    ],
    [
      edited((spec) => spec.hosts.push({ name: "search.example" })),
      "town.json: hosts[1].name is taken: every town has search.example of its own",
    ],
    [edited((spec) => spec.hosts.push({ name: "quill.example" })), "town.json: hosts[1].name is there twice"],
    [
      edited((spec) => Object.assign(spec.hosts[0] ?? {}, { robots: 7 })),
      "town.json: hosts[0].robots must be a string or a list",
    ],
    [
      edited((spec) => Object.assign(spec.persona.proof, { token: "another" })),
      "town.json: persona.proof.token stands neither on http://quill.example/ nor in a TXT record of its host",
    ],
    [
      edited((spec) => Object.assign(spec.persona, { sealed: { phones: ["0163"] } })),
      "town.json: persona.sealed.phones[0] must be a phone number in international form, such as +442079460123",
    ],
    [
      fact({ kind: "shoe size" }),
      'town.json: facts[0].kind must be "phone", "e-mail", "address", "birth date", "employer", "school", "interest", "username", "photo" or "location"',
    ],
    [
      fact({ urls: ["quill.example/gone"] }),
      "town.json: facts[0].urls[0] is not a page of this town: quill.example/gone",
    ],
    [fact({ kind: "phone", value: "+442079460123" }), "town.json: facts[0].value is not among persona.sealed.phones"],
    [
      fact({ kind: "phone", value: "call me" }),
      "town.json: facts[0].value must be a phone number in international form, such as +442079460123",
    ],
    [
      fact({ kind: "username", value: "ada" }),
      "town.json: facts[0].value must be handle@host, such as adaquill@mugbook.example",
    ],
    [fact({ tier: 4 }), "town.json: facts[0].tier must be 1, 2 or 3"],
    [fact({ value: "", urls: [] }), "town.json: facts[0].value must not be empty (and 1 more problem)"],
    [
      edited((spec) =>
        Object.assign(spec, {
          sites: [{ name: "x", uri_check: "http://x", e_code: 200, e_string: "", m_code: 404, m_string: "" }],
        }),
      ),
      "town.json: sites[0].uri_check must hold {account}",
    ],
    [[], "town.json: the spec must be an object, not a list"],
  ])("%#: %s", async (spec, message) => {
    expect(await complaint(spec)).toBe(message);
  });

  test("also where it is no JSON, or not there", async () => {
    expect(await complaint('{\n  "hosts": [,]\n}')).toMatch(/^town\.json is not JSON: Unexpected token ','/);
    await expect(loadSpec("/nowhere/town.json")).rejects.toThrow("There is no town spec at /nowhere/town.json");
  });

  test("also where a PDF is none", async () => {
    const spec = minimal();
    spec.hosts[0]?.pages?.push({ path: "/cv.pdf", file: "cv.pdf" });
    expect(await complaint(spec, { "cv.pdf": "hello" })).toBe(
      "town.json: hosts[0].pages[1].file is not a PDF that can be read: cv.pdf",
    );
  });

  test("a link that leads out of the folder is not followed", async () => {
    const spec = minimal();
    spec.hosts[0]?.pages?.push({ path: "/x", file: "link.txt" });
    const path = write(spec);
    symlinkSync("/etc/hostname", join(dirname(path), "link.txt"));
    await expect(loadSpec(path)).rejects.toThrow("must stay in the spec's folder");
  });

  test("whatever is in the file, it is a town or one line", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const message = await complaint(value);
        expect(message).toMatch(/^town\.json( is not JSON)?: [^\n]+$/);
      }),
      { numRuns: 50 },
    );
  });
});

test("town.schema.json is up to date: npm run schema -w @candor/town", () => {
  expect(readFileSync(new URL("../../town.schema.json", import.meta.url), "utf8")).toBe(townSchemaText());
});

test("the published schema takes the example", () => {
  const example = JSON.parse(readFileSync(new URL("../../examples/harbour/town.json", import.meta.url), "utf8"));
  expect(z.fromJSONSchema(JSON.parse(townSchemaText())).safeParse(example).success).toBe(true);
  expect(TownSpec.safeParse(example).success).toBe(true);
});

test("the example loads from its folder, PDF and pictures included", async () => {
  const town = await loadSpec(fileURLToPath(new URL("../../examples/harbour", import.meta.url)));
  expect(town.version).toBe("harbour-1");
  expect(town.pages.find(({ path }) => path === "/crew-list.pdf")?.text).toContain("tpellow@postbox.example");
  expect(town.facts.filter(({ reachable }) => !reachable).map(({ value }) => value)).toEqual(["+441632960655"]);
});
