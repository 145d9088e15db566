import type { Document } from "@candor/agent";
import { describe, expect, test } from "vitest";
import { extract } from "./extract.ts";
import { whoIs } from "./names.ts";
import { documentOf } from "./testing/document.ts";

const context = {
  who: whoIs(["Ada Thorne"], ["marlwren"]),
  city: "Otterford",
  owned: new Set<string>(),
  ownedHosts: new Set(["ada-thorne.example"]),
  reached: new Set<string>(),
};

/** Claims of all subjects that carry the operator's name, handle or identifiers: `kind: value`. */
function said(document: Document): string[] {
  const record = extract(document, context);
  return (record?.subjects ?? [])
    .filter((subject) => subject.named !== "other")
    .flatMap((subject) => subject.claims.map((claim) => `${claim.kind}: ${claim.value}`))
    .sort();
}

interface Fixture {
  name: string;
  url?: string;
  html: string;
  more?: Partial<Document>;
  says: string[];
}

const fixtures: Fixture[] = [
  {
    name: "a profile in a definition list",
    html: `<title>Ada Thorne | Mugbook</title><h1>Ada Thorne</h1><dl><dt>Works at</dt><dd>Harrow & Finch Ltd</dd><dt>Studied at</dt><dd>University of Kestrelmoor</dd><dt>Likes</dt><dd>fell running, beekeeping</dd><dt>Lives in</dt><dd>Otterford</dd></dl>`,
    says: [
      "employer: Harrow & Finch Ltd",
      "interest: beekeeping",
      "interest: fell running",
      "location: Otterford",
      "school: University of Kestrelmoor",
    ],
  },
  {
    name: "a profile in a two-column table",
    html: `<title>Ada Thorne</title><table><tr><th>Employer</th><td>Finch Optics</td></tr><tr><th>Alma mater</th><td>Otterford Polytechnic</td></tr><tr><th>Hobbies</th><td>Chess; bell ringing</td></tr><tr><th>Hometown</th><td>Wexmouth</td></tr></table>`,
    says: [
      "employer: Finch Optics",
      "interest: Chess",
      "interest: bell ringing",
      "location: Wexmouth",
      "school: Otterford Polytechnic",
    ],
  },
  {
    name: "a form with From and User, which is no feed of posts",
    url: "http://lounge.example/u/marlwren",
    html: `<title>marlwren in the Lounge</title><p>Ada</p><p>In my free time: woodturning.</p><p>From: Wexmouth</p><p>User: marlwren</p>`,
    says: ["interest: woodturning", "location: Wexmouth"],
  },
  {
    name: "a subject and its school, which are no list of pastimes",
    html: `<title>CV of Ada Thorne</title><h1>Ada Thorne</h1><h2>Schooling</h2><p>History, Wexmouth Polytechnic, 2009</p><h2>Interests</h2><p>chess, bell ringing</p>`,
    says: ["interest: bell ringing", "interest: chess", "school: Wexmouth Polytechnic"],
  },
  {
    name: "spans side by side, label and value in one line without a colon in the markup",
    html: `<title>Ada Thorne (@marlwren) on Chirrup</title><div class="x"><div><b>Company:</b> <i>Tidewell Marine</i></div><div><b>Into:</b> <i>wild swimming</i></div></div>`,
    says: ["employer: Tidewell Marine", "interest: wild swimming"],
  },
  {
    name: "labels alone on their lines",
    html: `<title>marlwren – card</title><h2>Ada Thorne</h2><div>Workplace</div><div>Oakmere Seeds</div><div>Education</div><div>Larchwick Grammar School</div><div>Based in</div><div>Otterford</div>`,
    url: "http://cards.example/u/marlwren",
    says: ["employer: Oakmere Seeds", "location: Otterford", "school: Larchwick Grammar School"],
  },
  {
    name: "German labels",
    html: `<title>Ada Thorne - Profil</title><dl><dt>Arbeitgeber</dt><dd>Vantry Optik GmbH</dd><dt>Ausbildung</dt><dd>Hochschule Kestrel</dd><dt>Wohnort</dt><dd>Otterford</dd><dt>Hobbys</dt><dd>Schach, Klettern</dd></dl>`,
    says: [
      "employer: Vantry Optik GmbH",
      "interest: Klettern",
      "interest: Schach",
      "location: Otterford",
      "school: Hochschule Kestrel",
    ],
  },
  {
    name: "French labels",
    html: `<title>Ada Thorne</title><ul><li>Entreprise : Redshank Textiles</li><li>Études : Université de Wexmouth</li><li>Loisirs : poterie, voile</li><li>Ville : Otterford</li></ul>`,
    says: [
      "employer: Redshank Textiles",
      "interest: poterie",
      "interest: voile",
      "location: Otterford",
      "school: Université de Wexmouth",
    ],
  },
  {
    name: "microdata without visible labels",
    html: `<title>Ada Thorne</title><div itemscope itemtype="https://schema.org/Person"><p itemprop="name">Ada Thorne</p><p itemprop="worksFor">Pellworth Acoustics</p><p itemprop="alumniOf">Bramgate College of Art</p><p itemprop="knowsAbout">letterpress printing</p></div>`,
    says: ["employer: Pellworth Acoustics", "interest: letterpress printing", "school: Bramgate College of Art"],
  },
  {
    name: "JSON-LD with nested objects",
    html: `<html><head><title>Ada</title><script type="application/ld+json">{"@graph":[{"@type":"Person","name":"Ada Thorne","worksFor":{"@type":"Organization","name":"Quayside Analytics"},"alumniOf":[{"name":"Kestrel Institute of Technology"}],"knowsAbout":["amateur radio"],"homeLocation":{"address":{"addressLocality":"Otterford"}},"sameAs":["http://forge.example/marlwren"],"image":"/me.jpg"}]}</script></head><body><p>Hello.</p></body></html>`,
    url: "http://ada-thorne.example/",
    says: [
      "employer: Quayside Analytics",
      "interest: amateur radio",
      "location: Otterford",
      "school: Kestrel Institute of Technology",
    ],
  },
  {
    name: "prose on one's own page, in the first person",
    html: `<title>Hello</title><p>I'm Ada. I work as a surveyor at Harrow Surveying and live in Otterford. I studied Geology at the University of Kestrelmoor. In my spare time I enjoy bouldering, sourdough baking and chess.</p>`,
    url: "http://ada-thorne.example/about",
    says: [
      "employer: Harrow Surveying",
      "interest: bouldering",
      "interest: chess",
      "interest: sourdough baking",
      "location: Otterford",
      "school: University of Kestrelmoor",
    ],
  },
  {
    name: "prose in the third person, in an article that names others too",
    html: `<title>New faces</title><p>Ben Hollis works at Copperline Ceramics and loves sailing in all weathers, as his colleagues know.</p><p>Ada Thorne joined Harrow & Finch Ltd as an estimator after she graduated from Otterford Polytechnic.</p><p>Cora Vance lives in Wexmouth and is keen on falconry, she says.</p>`,
    says: ["employer: Harrow & Finch Ltd", "school: Otterford Polytechnic"],
  },
  {
    name: "a hobby said in passing",
    html: `<title>Ada Thorne's page</title><p>Hopelessly into film photography and moth trapping.</p><p>Keen beekeeper and occasional fell runner.</p>`,
    says: ["interest: beekeeping", "interest: fell running", "interest: film photography", "interest: moth trapping"],
  },
  {
    name: "a member of a club",
    html: `<title>Committee</title><p>Ada Thorne, secretary of the Otterford Bell Ringers.</p>`,
    says: ["interest: bell ringing"],
  },
  {
    name: "a team page of cards",
    html: `<title>Our team - Harrow</title><div><h3>Ben Hollis</h3><p>Buyer</p><p>Phone: [phone 2: not yours]</p></div><div><h3>Ada Thorne</h3><p>Surveyor</p><p>Phone: [phone 1: yours]</p><p>E-mail: [e-mail 2: yours]</p></div><div><h3>Cora Vance</h3><p>Planner</p><p>Phone: [phone 3: not yours]</p></div>`,
    says: ["e-mail: e-mail 2", "phone: phone 1"],
  },
  {
    name: "a team table with one person per row",
    html: `<title>Staff</title><table><tr><th>Name</th><th>Role</th><th>Phone</th></tr><tr><td>Ben Hollis</td><td>Buyer</td><td>[phone 2: not yours]</td></tr><tr><td>Ada Thorne</td><td>Surveyor</td><td>[phone 1: yours]</td></tr><tr><td>Cora Vance</td><td>Planner</td><td>[phone 3: not yours]</td></tr></table>`,
    says: ["phone: phone 1"],
  },
  {
    name: "a broker's list of three namesakes",
    html: `<title>People named Ada Thorne</title><div><h3>Ada Thorne</h3><p>Age: 63</p><p>Lives in: Pikemoor</p><p>Address: [address 2: not yours]</p></div><div><h3>Ada Thorne</h3><p>Age: 41</p><p>Lives in: Otterford</p><p>Address: [address 1: yours]</p></div><div><h3>Ada M. Thorne</h3><p>Age: 29</p><p>Lives in: Tarnhaven</p><p>Phone: [phone 3: not yours]</p></div>`,
    says: ["address: address 1", "location: Otterford", "location: Pikemoor", "location: Tarnhaven"],
  },
  {
    name: "a CV",
    html: `<title>Curriculum vitae Ada Thorne</title><pre>Ada Thorne\nSurveyor\nAddress: [address 1: yours]\nTel: [phone 1: yours]\n\nExperience\nSurveyor, Harrow & Finch Ltd, 2017 to today\nAssistant, Larkhill Joinery, 2009 to 2014\n\nEducation\nGeography, University of Kestrelmoor, 2006\nWexmouth Grammar School\n\nInterests\nfell running, bell ringing, kintsugi</pre>`,
    more: { contentType: "application/pdf" },
    says: [
      "address: address 1",
      "employer: Harrow & Finch Ltd",
      "employer: Larkhill Joinery",
      "interest: bell ringing",
      "interest: fell running",
      "interest: kintsugi",
      "phone: phone 1",
      "school: University of Kestrelmoor",
      "school: Wexmouth Grammar School",
    ],
  },
  {
    name: "a CV with dates in front and dashes",
    html: `<title>CV</title><pre>ADA THORNE\n\nWORK HISTORY\n2019 – present | Estimator | Stonecrop Architects\n2012 – 2019: Tidewell Marine — Assistant\n\nEDUCATION\nBSc Geology — Kestrel University (2001–2004)\n\nHOBBIES\n• Chess\n• Kayaking</pre>`,
    more: { contentType: "application/pdf" },
    says: [
      "employer: Stonecrop Architects",
      "employer: Tidewell Marine",
      "interest: Chess",
      "interest: Kayaking",
      "school: Kestrel University",
    ],
  },
  {
    name: "a commit as a patch",
    html: `<pre>From 12ab Mon Sep 17 00:00:00 2001\nFrom: Ada Thorne <[e-mail 2: yours]>\nDate: 3 May 2020\nSubject: [PATCH] Fix parser\n---\n README.md | 2 +-</pre>`,
    more: { contentType: "text/plain; charset=utf-8" },
    says: ["e-mail: e-mail 2"],
  },
  {
    name: "a forum thread with signatures",
    html: `<title>Best shoes? - Trailboard</title><h1>Best shoes?</h1><div><p><a href="/user/benh">benh</a> wrote on Monday:</p><p>I love sailing. Ring me on [phone 2: not yours].</p><p>-- Ben, Wexmouth</p></div><div><p><a href="/user/marlwren">marlwren</a> wrote two days ago:</p><p>I have been into fell running for years.</p><p>-- Ada, Otterford</p></div><div><p><a href="/user/cora">cora</a> wrote in March:</p><p>I enjoy falconry.</p></div>`,
    says: ["interest: fell running", "location: Otterford"],
  },
  {
    name: "a marketplace listing with a seller box",
    html: `<title>Fell shoes, hardly used | Swapstead</title><h1>Fell shoes, hardly used</h1><p>20.00</p><p>Call me on [phone 1: yours].</p><dl><dt>Location</dt><dd>Otterford</dd><dt>Name</dt><dd><a href="/seller/thornea">Ada T.</a></dd></dl>`,
    says: ["location: Otterford", "phone: phone 1"],
  },
  {
    name: "a calendar",
    html: `<pre>BEGIN:VCALENDAR\nX-WR-CALNAME:Ada Thorne\nBEGIN:VEVENT\nSUMMARY:Otterford Bell Ringers practice\nORGANIZER;CN=Ada Thorne:mailto:[e-mail 1: yours]\nLOCATION:St Mary\\, Otterford\nEND:VEVENT\nEND:VCALENDAR</pre>`,
    more: { contentType: "text/calendar" },
    says: ["e-mail: e-mail 1", "interest: bell ringing", "location: Otterford"],
  },
  {
    name: "a WHOIS record",
    html: `<pre>Domain Name: ADA-THORNE.EXAMPLE\nRegistrant Name: Ada Thorne\nRegistrant Organization: Harrow Surveying\nRegistrant Street: [address 1: yours]\nRegistrant City: Otterford\nRegistrant Phone: [phone 1: yours]\nRegistrant Email: [e-mail 1: yours]</pre>`,
    more: { contentType: "text/plain" },
    says: [
      "address: address 1",
      "e-mail: e-mail 1",
      "employer: Harrow Surveying",
      "location: Otterford",
      "phone: phone 1",
    ],
  },
  {
    name: "a paste leak",
    html: `<pre>benh:[e-mail 3: not yours]:hunter2\nmarlwren:[e-mail 2: yours]:[phone 1: yours]\ncora:[e-mail 4: not yours]:abc</pre>`,
    more: { contentType: "text/plain" },
    says: ["e-mail: e-mail 2", "phone: phone 1"],
  },
  {
    name: "a newsletter with results",
    html: `<title>Spring newsletter</title><p>Rain kept most of us indoors, which suited the cat and nobody complained about the weather.</p><ol><li>1. Ben Hollis 41:02</li><li>2. Ada Thorne 42:10 [birth date 1: yours]</li><li>3. Cora Vance 44:59</li></ol>`,
    says: ["birth date: birth date 1"],
  },
  {
    name: "a friends list does not leak into a profile",
    html: `<title>Ada Thorne | Mugbook</title><h1>Ada Thorne</h1><p>Works at: Harrow Surveying</p><h2>Friends</h2><ul><li><a href="/ben">Ben Hollis</a></li><li>Works at: Copperline Ceramics</li></ul>`,
    says: ["employer: Harrow Surveying"],
  },
  {
    name: "an alumni list",
    html: `<title>Class of 1999</title><table><tr><td>Ben Hollis</td><td>Copperline Ceramics</td></tr><tr><td>Ada Thorne</td><td>Surveyor at Harrow Surveying</td></tr></table>`,
    says: ["employer: Harrow Surveying"],
  },
  {
    name: "a bio of short parts",
    url: "http://x.example/@marlwren",
    html: `<title>Ada Thorne (@marlwren)</title><p>Surveyor @ Tidewell Marine | alum of Selby Maritime Academy | kayaking, kintsugi & terrible puns</p><p>📍 Otterford</p>`,
    says: [
      "employer: Tidewell Marine",
      "interest: kayaking",
      "interest: kintsugi",
      "location: Otterford",
      "school: Selby Maritime Academy",
    ],
  },
  {
    name: "pictograms as labels",
    url: "http://x.example/marlwren",
    html: `<title>marlwren</title><p>💼 Tidewell Marine</p><p>🎓 Selby Maritime Academy</p><p>📍 Otterford</p><p>❤️ sea swimming, chess</p>`,
    says: [
      "employer: Tidewell Marine",
      "interest: chess",
      "interest: sea swimming",
      "location: Otterford",
      "school: Selby Maritime Academy",
    ],
  },
  {
    name: "a table with a header row",
    html: `<title>Delegates</title><table><tr><th>Name</th><th>Company</th><th>Town</th></tr><tr><td>Ben Hollis</td><td>Copperline Ceramics</td><td>Pikemoor</td></tr><tr><td>Ada Thorne</td><td>Tidewell Marine</td><td>Otterford</td></tr></table>`,
    says: ["employer: Tidewell Marine", "location: Otterford"],
  },
  {
    name: "an obituary that names the operator as a relative",
    html: `<title>Obituary: Daniel Thorne</title><p>Daniel Thorne, of Wexmouth, worked at Wexmouth Docks for forty years and loved sailing. He is survived by his daughter Ada Thorne of Otterford and two sons.</p>`,
    says: [],
  },
  {
    name: "a press release",
    html: `<title>Tidewell appoints new engineer</title><p>Tidewell Marine today announced that Ada Thorne has been promoted. Thorne, who holds a degree from Selby Maritime Academy, joined the company in 2015 from Deepsound Systems.</p>`,
    says: ["employer: Deepsound Systems", "school: Selby Maritime Academy"],
  },
  {
    name: "time off work",
    url: "http://ada-thorne.example/",
    html: `<title>Ada</title><p>By day I draw maps for Tidewell Marine Ltd. Off the clock, I'm usually sea kayaking or birdwatching.</p><p>My brother loves golf.</p>`,
    says: ["employer: Tidewell Marine Ltd", "interest: birdwatching", "interest: sea kayaking"],
  },
  {
    name: "vague and private values are no claims",
    html: `<title>Ada Thorne</title><dl><dt>Location</dt><dd>somewhere quiet</dd><dt>Employer</dt><dd>n/a</dd><dt>Hobbies</dt><dd>ask me</dd><dt>From</dt><dd>2011</dd></dl>`,
    says: [],
  },
  {
    name: "somebody else's page says nothing",
    html: `<title>Ben Hollis | Mugbook</title><h1>Ben Hollis</h1><p>Works at: Copperline Ceramics</p><p>Likes: falconry</p>`,
    says: [],
  },
];

describe("extract", () => {
  test.each(fixtures)("reads $name", ({ url, html, more, says }) => {
    expect(said(documentOf(url ?? "http://site.example/x.html", html, more))).toEqual([...says].sort());
  });

  test("takes the position and nothing else from a photograph", () => {
    const record = extract(
      documentOf("http://lens.example/img/1.jpg", "", {
        contentType: "image/jpeg",
        position: { latitude: 10.123456, longitude: -20.5 },
        title: "",
      }),
      context,
    );
    expect(record?.image).toEqual({ position: "10.12346,-20.50000" });
  });

  test("names the account, its links and its picture", () => {
    const record = extract(
      documentOf(
        "http://mugbook.example/people/marlwren",
        `<title>Ada Thorne | Mugbook</title><img src="/static/logo.png" alt="Mugbook"><img src="/avatars/7.jpg" alt="Ada Thorne"><h1>Ada Thorne</h1><p>Username: marlwren</p><p><a rel="me" href="http://ada-thorne.example/">site</a></p><p>Also marl_old on trailboard.example.</p>`,
      ),
      context,
    );
    const [subject] = record?.subjects ?? [];
    expect(subject?.handles.map(({ handle, host }) => `${handle}@${host}`).sort()).toEqual([
      "marl_old@trailboard.example",
      "marlwren@mugbook.example",
    ]);
    expect(subject?.links).toEqual([{ url: "http://ada-thorne.example/", how: "me" }]);
    expect(subject?.photos.map((photo) => photo.src)).toEqual(["http://mugbook.example/avatars/7.jpg"]);
  });
});

describe("strangers", () => {
  test("nothing of somebody else's page is kept", () => {
    expect(
      extract(
        documentOf(
          "http://mugbook.example/people/ben",
          `<title>Ben Hollis | Mugbook</title><h1>Ben Hollis</h1><p>Works at: Copperline Ceramics</p>`,
        ),
        context,
      ),
    ).toBeUndefined();
  });

  test("of an unknown handle only the handle and its links are kept", () => {
    const record = extract(
      documentOf(
        "http://board.example/user/zed_9",
        `<title>zed_9</title><h1>zed_9</h1><p>Works at: Copperline Ceramics</p><p><a href="http://zed.example/">site</a></p>`,
      ),
      context,
    );
    expect(record?.subjects).toHaveLength(1);
    expect(record?.subjects[0]).toMatchObject({
      names: [],
      claims: [],
      photos: [],
      links: [{ url: "http://zed.example/" }],
    });
    expect(JSON.stringify(record)).not.toContain("Copperline");
  });
});

test.each([
  ["http://boats.example/hands", "The hands", "Ada Thorne", []],
  ["http://boats.example/crew", "Crew", "Crew", []],
  ["http://patch.example/gullwing", "gullwing · Patch", "Ada Thorne", ["gullwing"]],
  ["http://patch.example/gullwing", "Patch", "@gullwing", ["gullwing"]],
])("%s titled %s has handles %s", (url, title, line, handles) => {
  const page = documentOf(url, `<title>${title}</title><h1>Ada Thorne</h1><p>${line}</p>`);
  const found = extract(page, context)?.subjects.flatMap((subject) => subject.handles.map(({ handle }) => handle));
  expect(found ?? []).toEqual(handles);
});

test("a longer surname at the operator's address is somebody else", () => {
  const html =
    "<title>Ada Thorne-Hart, 48, Otterford</title><h1>Ada Thorne-Hart</h1><p>Home address: [address 1: yours]</p>";
  const subjects = extract(documentOf("http://lookup.example/r/7", html), context)?.subjects ?? [];
  expect(subjects.map(({ named }) => named)).not.toContain("part");
  expect(subjects.map(({ named }) => named)).not.toContain("full");
});
