import { existsSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Exposure, Finding } from "../findings/finding.ts";
import { addRemedies, Directory, openDirectory, parseDirectory } from "./directory.ts";
import { OWN_LIST } from "./own-list.ts";
import { withRemedies } from "./remedies.ts";

// Beside the checkout, where there is one.
const JDM = fileURLToPath(new URL("../../../../../shared/data/jdm-sites.json", import.meta.url));
const seeds = { names: ["Ada Thorne"], usernames: ["marlwren"], sites: ["http://ada-thorne.example/"] };

function finding(kind: Finding["kind"], value: string, urls: string[], quote = ""): Finding {
  return {
    id: `${kind} ${value}`,
    kind,
    value,
    chain: [],
    why: { for: [], against: [] },
    confidence: 0.9,
    severity: "high",
    indexed: false,
    evidence: urls.map((url) => ({ url, quote, at: 0, hash: "", step: 1 })),
  };
}

const exposureOf = (...findings: Finding[]): Exposure => ({ findings, unread: [], dropped: 0, pages: [] });

describe("remedies", () => {
  test("reads JustDeleteMe's own file", async ({ skip }) => {
    if (!existsSync(JDM)) skip(`${JDM} is not here`);
    const directory = new Directory(parseDirectory(await readFile(JDM, "utf8"), JDM));
    expect(directory.size).toBeGreaterThan(1_000);
    expect(directory.find("www.123rf.com")?.name).toBe("123RF");
  });

  test("finds the entry of a subdomain, and none for a stranger", () => {
    const directory = new Directory(OWN_LIST);
    expect(directory.find("gist.github.com")?.name).toBe("GitHub");
    expect(directory.find("nothub.com")).toBeUndefined();
  });

  test("merges a file into the operator's list", async () => {
    const home = await mkdtemp(join(tmpdir(), "candor-"));
    const file = join(home, "sites.json");
    await writeFile(
      file,
      JSON.stringify([
        {
          name: "Mugbook",
          url: "http://mugbook.example/leave",
          difficulty: "easy",
          domains: ["mugbook.example"],
          notes_de: "Weg",
        },
      ]),
    );
    expect(await addRemedies(home, file)).toEqual({ added: 1, replaced: 0, total: 1 });
    expect(await addRemedies(home, file)).toEqual({ added: 0, replaced: 1, total: 1 });
    expect((await openDirectory(home)).find("mugbook.example")?.url).toBe("http://mugbook.example/leave");
  });

  test("says which entry is wrong, and changes nothing", async () => {
    const home = await mkdtemp(join(tmpdir(), "candor-"));
    const file = join(home, "sites.json");
    await writeFile(file, JSON.stringify([{ name: "Mugbook", url: "x", difficulty: "trivial", domains: [] }]));
    await expect(addRemedies(home, file)).rejects.toThrow(/entry 1 \(Mugbook\), difficulty/);
    await expect(addRemedies(home, join(home, "absent.json"))).rejects.toThrow(/cannot be read/);
    expect(existsSync(join(home, "remedies.json"))).toBe(false);
  });

  test.each([
    ["http://findfolk.example/r/7", "Ada Thorne, 41, Otterford", "broker"],
    ["http://forge.example/marlwren/kit/commit/12.patch", "From: Ada", "code host"],
    ["http://pastebarn.test/x1", "", "paste"],
    ["http://whoislook.example/domain?q=ada", "Registrant Name: Ada", "whois"],
    ["http://cv.example/files/ada.pdf", "", "document"],
    ["http://agendaly.example/feeds/marlwren.ics", "", "calendar"],
    ["http://ada-thorne.example/contact", "", "own site"],
    ["http://swap.example/item/4001", "", "marketplace"],
  ])("%s is advised as a %s page", (url, quote, place) => {
    const [found] = withRemedies(exposureOf(finding("phone", "phone 1", [url], quote)), new Directory(OWN_LIST), seeds);
    expect(found?.remedies[0]?.place).toBe(place);
  });

  test("a broker is told the address of the record and nothing else", () => {
    const url = "http://findfolk.example/r/7";
    const exposure = exposureOf(
      finding("address", "address 1", [url], "People named Ada"),
      finding("phone", "phone 1", [url]),
      finding("e-mail", "e-mail 2", ["http://other.example/"]),
    );
    const [found] = withRemedies(exposure, new Directory(OWN_LIST), seeds);
    const body = found?.remedies[0]?.letter?.body ?? "";
    expect(body).toContain(url);
    expect(body).not.toMatch(/phone 1|address 1|e-mail|birth|marlwren/);
  });

  test("letters to others name sealed values by label", () => {
    const url = "http://our-club.test/newsletter/3";
    const [found] = withRemedies(exposureOf(finding("phone", "phone 1", [url])), new Directory(OWN_LIST), seeds);
    expect(found?.remedies[0]?.letter?.body).toContain("my phone number [phone 1]");
  });
});
