import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHtml } from "./html.ts";

const URL_OF_PAGE = "http://a.example/people/ada";
const read = (html: string) => readHtml(html, URL_OF_PAGE);
const textOf = (html: string): string => read(html).text;

describe("what a person reads", () => {
  test.each([
    ["<p>07<b>7</b>00 9<span>00</span>123</p>", "07700 900123"],
    ["<p>a<i>da</i>@<!-- x -->host<wbr>.org</p>", "ada@host.org"],
    ["<p>0&#55;&shy;7&#8203;0<span></span>0</p>", "07700"],
    ["<p>one</p><p>two<br>three</p>four<div>five</div>", "one\ntwo\nthree\nfour\nfive"],
    ["<p>  a \n b&nbsp;&nbsp;c\t</p>", "a b c"],
    ["<ul><li>a<li>b</ul>", "a\nb"],
    ["<pre>a\n  b</pre>", "a\nb"],
    ["<table><tr><td>a<td>b</tr><tr><td>c<td>d<br>e</table>", "a\tb\nc\td, e"],
    ["<nav><a href=/>Home</a><a href=/x>About</a></nav>", "Home About"],
    ["<p>caf&eacute; &amp; bar</p>", "café & bar"],
    ["<input value='07700'><textarea>a\nb</textarea><select><option>x<option>y</select>", "07700 a\nb\nx\ny"],
    ["<svg><text>07700</text></svg>", "07700"],
    ["<bdo dir=rtl>gro.tsoh@ada</bdo>", "ada@host.org"],
    ["<span style='unicode-bidi:bidi-override;direction:rtl'>gro.tsoh@ada</span>", "ada@host.org"],
    ["no markup at all", "no markup at all"],
    ["<!doctype html>a<!doctype html>b", "ab"],
    ["<div><span>Town</span><span>Wrenport</span></div>", "Town Wrenport"],
    ["<div><span>077</span><span>00</span></div>", "07700"],
  ])("%s", (html, text) => {
    expect(textOf(html)).toBe(text);
  });

  test("cells of a layout keep their lines", () => {
    const long = "word ".repeat(60);
    expect(textOf(`<table><tr><td><p>menu</p><p>home</p></td><td><p>${long}</p><p>end</p></td></tr></table>`)).toBe(
      `menu\nhome\n${long.trim()}\nend`,
    );
  });
});

describe("what a person does not see is kept apart", () => {
  test.each([
    ["display:none", "<p style='display:none'>X Y</p>"],
    ["display none, loudly", "<p style='DISPLAY : None !important'>X Y</p>"],
    ["visibility", "<p style='visibility:hidden'>X Y</p>"],
    ["opacity", "<p style='opacity:0'>X Y</p>"],
    ["hidden", "<p hidden>X Y</p>"],
    ["aria-hidden", "<p aria-hidden=true>X Y</p>"],
    ["font-size 0", "<p style='font-size:0'>X Y</p>"],
    ["font-size 1px", "<p style='font-size:1px'>X Y</p>"],
    ["font shorthand", "<p style='font: 0/0 a'>X Y</p>"],
    ["white on white", "<p style='color:#fff;background:#ffffff'>X Y</p>"],
    ["nearly the same", "<p style='color:rgb(250,250,250);background-color:white'>X Y</p>"],
    ["white on the page's white", "<p style='color:white'>X Y</p>"],
    ["background of a parent", "<div style='background:#123456'><p style='color:#123456'>X Y</p></div>"],
    ["transparent", "<p style='color:transparent'>X Y</p>"],
    ["old attributes", "<table bgcolor=black><tr><td><font color=black>X Y</font></table>"],
    ["off the screen", "<p style='position:absolute;left:-9999px'>X Y</p>"],
    ["far indent", "<p style='text-indent:-999em'>X Y</p>"],
    ["clipped", "<p style='position:absolute;clip:rect(0,0,0,0)'>X Y</p>"],
    ["clip-path", "<p style='clip-path: inset(50%)'>X Y</p>"],
    ["no size", "<p style='width:1px;height:1px;overflow:hidden'>X Y</p>"],
    ["scaled away", "<p style='transform:scale(0)'>X Y</p>"],
    ["a comment", "<!-- X Y -->"],
    ["noscript", "<noscript>X Y</noscript>"],
    ["a closed dialog", "<dialog>X Y</dialog>"],
    ["a class", "<style>.q{display:none}</style><p class='r q'>X Y</p>"],
    ["an id", "<style>#q{visibility:hidden}</style><p id=q>X Y</p>"],
    ["a descendant", "<style>div.q > p{color:#fff}</style><div class=q><p>X Y</p></div>"],
    ["media", "<style>@media screen and (min-width: 600px){.q{display:none}}</style><p class=q>X Y</p>"],
    ["within", "<p style='display:none'><b>X</b> <i style='display:block'>Y</i></p>"],
  ])("%s", (_, html) => {
    const { text, hidden } = read(`<p>seen</p>${html}<p>too</p>`);
    expect(text).toBe("seen\ntoo");
    expect(hidden.replace(/\s+/g, " ")).toBe("X Y");
  });

  test.each([
    "<p style='color:#fff;background:#000'>X</p>",
    "<style>.q{display:none}.q.r{display:block}</style><p class='q r'>X</p>",
    "<style>.q{display:none}</style><p class=q style='display:block'>X</p>",
    "<style>@media print{.q{display:none}}</style><p class=q>X</p>",
    "<style>@media (max-width:600px){.q{display:none}}</style><p class=q>X</p>",
    "<style>.q:hover{display:none} /* .q{display:none} */</style><p class=q>X</p>",
    "<style>.js .q{display:none}</style><p class=q>X</p>",
    "<div style='visibility:hidden'><p style='visibility:visible'>X</p></div>",
    "<div style='font-size:0'><p style='font-size:16px'>X</p></div>",
    "<link rel=stylesheet href=a.css><a class=button style='color:#fff' href=/>X</a>",
    "<p style='background:url(a.png);color:#fff'>X</p>",
    "<p style='position:absolute;left:10px;top:-3px'>X</p>",
    "<p hidden=until-found>X</p>",
    "<body style='background:#111;color:#eee'><p>X</p></body>",
  ])("but %s is seen", (html) => {
    expect(textOf(html)).toBe("X");
  });

  test("metadata is hidden text and is kept by name", () => {
    const { hidden, meta } = read(
      "<head><meta name=Description content='obey the next words'><meta property=og:image content=/a.jpg><meta name=viewport content='width=device-width, initial-scale=1'></head>",
    );
    expect(hidden).toBe("description: obey the next words");
    expect(meta).toMatchObject({ description: "obey the next words", "og:image": "/a.jpg" });
  });

  test("a decoy inside of an address is left out", () => {
    expect(textOf("<p>ada@<span style='display:none'>no-spam</span>host.org</p>")).toBe("ada@host.org");
  });
});

describe("links and images", () => {
  test("are absolute, with the words and the relation they have", () => {
    const { links } = read(
      `<base href="/base/"><a href="x?y#z">to <b>x</b></a><a rel="ME nofollow" href="//m.example/@ada">m</a><a href="mailto:ada@x.org">mail</a>
       <a href="javascript:alert(1)">no</a><a href="#top">no</a><a href="/pic"><img src=/p.jpg alt="the picture"></a><a href=/i aria-label="icon"></a>
       <link rel=alternate href=feed.xml title=Feed><link rel=stylesheet href=a.css><meta http-equiv=refresh content="3; url=/next"><iframe src=/frame></iframe>`,
    );
    expect(links).toEqual([
      { href: "http://a.example/base/x?y#z", label: "to x", rel: "" },
      { href: "http://m.example/@ada", label: "m", rel: "me nofollow" },
      { href: "mailto:ada@x.org", label: "mail", rel: "" },
      { href: "http://a.example/pic", label: "the picture", rel: "" },
      { href: "http://a.example/i", label: "icon", rel: "" },
      { href: "http://a.example/base/feed.xml", label: "Feed", rel: "alternate" },
      { href: "http://a.example/next", label: "", rel: "refresh" },
      { href: "http://a.example/frame", label: "", rel: "frame" },
    ]);
  });

  test("a link that nobody sees is a trap, unless it says whose page this is", () => {
    const { links } = read(
      "<a style='display:none' href=/trap>x</a><div hidden><a href=/trap2>y</a><a rel=me href=https://m.example/>me</a></div><a style='visibility:hidden' href=/trap3>z</a>",
    );
    expect(links.map(({ href }) => href)).toEqual(["https://m.example/"]);
  });

  test("images have their address wherever it is written, and pixels are none", () => {
    const { images } = read(
      "<img src=/a.jpg alt=Ada><img src=data:x data-src=/b.jpg><img srcset='/c.jpg 1x, /d.jpg 2x'><img src=/t.gif width=1 height=1><div style=\"background-image:url('/e.jpg')\" title=E></div><img src=/a.jpg>",
    );
    expect(images).toEqual([
      { src: "http://a.example/a.jpg", alt: "Ada" },
      { src: "http://a.example/b.jpg", alt: "" },
      { src: "http://a.example/c.jpg", alt: "" },
      { src: "http://a.example/e.jpg", alt: "E" },
    ]);
  });

  test("the title is that of the page, else what stands in its place", () => {
    expect(read("<title> A\n b </title><h1>c</h1>").title).toBe("A b");
    expect(read("<meta property=og:title content=O><h1>c</h1>").title).toBe("O");
    expect(read("<h1>c</h1>").title).toBe("c");
    expect(read("<svg><title>icon</title></svg><h1>c</h1>").title).not.toBe("");
  });
});

describe("fields", () => {
  const fieldsOf = (html: string) => read(html).fields.map(({ label, value }) => `${label}=${value}`);
  const both = ["Town=Wrenport", "Works at=Harbour Office"];

  test.each([
    ["dl", "<dl><dt>Town<dd>Wrenport<dt>Works at:<dd>Harbour Office</dl>"],
    [
      "dl in boxes",
      "<dl><div><dt>Town</dt><dd>Wrenport</dd></div><div><dt>Works at</dt><dd>Harbour Office</dd></div></dl>",
    ],
    ["table with headings", "<table><tr><th>Town<td>Wrenport<tr><th>Works at<td>Harbour Office</table>"],
    ["table without", "<table><tr><td>Town<td>Wrenport<tr><td>Works at<td>Harbour Office</table>"],
    ["two pairs in a row", "<table><tr><th>Town</th><td>Wrenport</td><th>Works at</th><td>Harbour Office</table>"],
    ["lines", "<p>Town: Wrenport<br>Works at : Harbour Office</p>"],
    ["a line of several", "<p>Town: Wrenport | Works at: Harbour Office</p>"],
    ["dots", "<p>Town: Wrenport · Works at: Harbour Office</p>"],
    ["bold", "<p><b>Town</b> Wrenport</p><p><strong>Works at:</strong> Harbour Office</p>"],
    [
      "classes",
      "<div class=row><span class=x-k>Town</span> <span>Wrenport</span></div><div class=row><span class=x-k>Works at</span> <span>Harbour Office</span></div>",
    ],
    [
      "a repeated box",
      "<div><div><div>Town</div><div>Wrenport</div></div><div><div>Works at</div><div>Harbour Office</div></div></div>",
    ],
    [
      "list",
      "<ul><li><span>Town</span><span>Wrenport</span></li><li><span>Works at</span><span>Harbour Office</span></li></ul>",
    ],
    [
      "headings",
      "<section><h3>Town</h3><p>Wrenport</p></section><section><h3>Works at</h3><p>Harbour Office</p></section>",
    ],
    [
      "form",
      "<p><label>Town</label><input value=Wrenport readonly></p><p><label>Works at</label><input value='Harbour Office'></p>",
    ],
    ["responsive table", "<table><tr><td data-label=Town>Wrenport<td data-label='Works at'>Harbour Office</table>"],
    ["icons", "<ul><li title=Town>Wrenport</li><li><span aria-label='Works at'>Harbour Office</span></li></ul>"],
    ["columns", "<table><thead><tr><th>Town<th>Works at</thead><tr><td>Wrenport<td>Harbour Office</table>"],
    ["split tags", "<dl><dt>To<b>wn</b><dd>Wren<i>port</i><dt>Works at<dd>Harbour <u>Office</u></dl>"],
  ])("%s", (_, html) => {
    expect(fieldsOf(html)).toEqual(both);
  });

  test("microdata names its own", () => {
    const html =
      '<div itemscope itemtype="https://schema.org/Person"><b itemprop=name>Ada</b> <span itemprop=worksFor itemscope itemtype="https://schema.org/Organization"><i itemprop=name>Harbour Office</i></span><meta itemprop=telephone content=07700><a itemprop=url href=/me>x</a></div>';
    const { fields, structured } = read(html);
    expect(fields).toContainEqual({ label: "name", value: "Ada" });
    expect(fields).toContainEqual({ label: "worksFor", value: "Harbour Office" });
    expect(structured).toEqual([
      {
        "@type": "Person",
        name: "Ada",
        worksFor: { "@type": "Organization", name: "Harbour Office" },
        telephone: "07700",
        url: "http://a.example/me",
      },
    ]);
  });

  test("RDFa is read like microdata", () => {
    const { structured } = read(
      '<div vocab="https://schema.org/" typeof="Person"><span property="name">Ada</span><span property="schema:jobTitle">Clerk</span></div>',
    );
    expect(structured).toEqual([{ "@type": "Person", name: "Ada", jobTitle: "Clerk" }]);
  });

  test("microformats, new and old", () => {
    expect(
      read(
        '<div class=h-card><a class="u-url p-name" href=/ada>Ada</a> <span class="p-org h-card">Office</span><time class=dt-bday datetime=1985-03-12>March</time></div>',
      ).structured,
    ).toEqual([
      {
        type: ["h-card"],
        properties: {
          name: ["Ada"],
          url: ["http://a.example/ada"],
          org: [{ type: ["h-card"], properties: { name: ["Office"] } }],
          bday: ["1985-03-12"],
        },
      },
    ]);
    expect(
      read(
        "<div class=vcard><span class=fn>Ada</span><span class=adr><span class=locality>Wrenport</span></span></div>",
      ).structured,
    ).toEqual([{ type: ["h-card"], properties: { name: ["Ada"], locality: ["Wrenport"], adr: ["Wrenport"] } }]);
  });

  test("JSON-LD is parsed where it can be", () => {
    const ld = (text: string) => read(`<script type="application/ld+json">${text}</script>`).structured;
    expect(ld('{"@type":"Person","name":"Ada"}')).toEqual([{ "@type": "Person", name: "Ada" }]);
    expect(ld('<!-- [{"a":1},{"b":2}] -->')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(ld('{"__proto__":{"polluted":true},"a":1}')).toEqual([{ a: 1 }]);
    expect(ld("{broken")).toEqual([]);
    expect(JSON.stringify(ld(`${"[".repeat(5_000)}1${"]".repeat(5_000)}`)).length).toBeLessThan(200);
  });

  test.each([
    "<p>It was 10:30 when we left: nobody was there.</p>",
    "<p>See http://x.example/a for more</p>",
    "<p><b>Ada</b></p>",
    "<div><p>One sentence here.</p><p>Another one there.</p></div>",
  ])("%s is no field of a person", (html) => {
    expect(fieldsOf(html).filter((field) => !field.startsWith("It was"))).toEqual([]);
  });
});

describe("hostile markup", () => {
  test("deep nesting keeps its text and takes no time", () => {
    expect(textOf(`${"<div>".repeat(50_000)}deep${"</div>".repeat(50_000)}<p>after</p>`)).toBe("deep\nafter");
    expect(textOf(`${"<b><i>".repeat(20_000)}x`)).toBe("x");
    expect(textOf(`${"<table><tr><td>".repeat(2_000)}x`)).toBe("x");
  });

  test("a tag of countless attributes is bared", () => {
    const attributes = Array.from({ length: 50_000 }, (_, i) => `a${i}=1`).join(" ");
    expect(textOf(`<p ${attributes}>x</p>`)).toBe("x");
  });

  test("a page without end is cut", () => {
    const { text, links, fields } = read("<p>Town: <a href=/x>Wrenport</a></p>".repeat(100_000));
    expect(text.length).toBeLessThanOrEqual(200_001);
    expect(links.length).toBeLessThanOrEqual(2_000);
    expect(fields.length).toBeLessThanOrEqual(1_500);
  });

  test.each([
    "",
    "<",
    "</",
    "<!--",
    "<script>",
    "<style>{",
    "<a href=",
    "&#x110000;",
    "\0",
    "<p><",
    "<table><table><tr><dl><dd>",
    "]]>",
    "<title>",
    "<b></i></b>",
  ])("%j is read without complaint", (html) => {
    expect(() => read(html)).not.toThrow();
  });

  const tag = fc.constantFrom(
    ..."div span p b table tr td th dl dt dd ul li a img style script title input select option svg bdo h1 font body head html template noscript".split(
      " ",
    ),
  );
  const attribute = fc.constantFrom(
    "",
    " hidden",
    " class=h-card",
    " class='p-name k'",
    " itemscope",
    " itemprop=name",
    " style='display:none'",
    " style='color:#fff;font:0/0 a'",
    " href='http://['",
    " href=/x rel=me",
    " src=x",
    " dir=rtl",
    " data-label=x",
    " title='A label'",
  );
  const piece = fc.oneof(
    fc.tuple(tag, attribute).map(([name, more]) => `<${name}${more}>`),
    tag.map((name) => `</${name}>`),
    fc.string(),
    fc.constantFrom(
      "Town: Wrenport",
      "&amp;",
      "&#0;",
      "<!-- a b -->",
      "<!--",
      "]]>",
      "<!doctype x>",
      ".k{display:none}",
      "\u202e\u200b",
    ),
  );

  test("any soup of tags gives a page, the same one each time, with text in one place only", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const html = pieces.join("");
        const page = read(html);
        expect(read(html)).toEqual(page);
        expect(page.text).toBe(page.text.trim());
        expect(page.text).not.toMatch(/\n\s*\n|[^\S\n\t]{2}/);
        for (const { href } of page.links) expect(URL.canParse(href)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("a number split over any inline tags comes out whole", () => {
    const inline = fc.constantFrom(
      "<b>|</b>",
      "<i>|</i>",
      "<span class=x>|</span>",
      "|<!-- y z -->",
      "|<wbr>",
      "|&shy;",
      "<a href=/q>|</a>",
      "|<span style=display:none>9</span>",
      "|&#8203;",
    );
    fc.assert(
      fc.property(fc.array(inline, { minLength: 11, maxLength: 11 }), (wraps) => {
        const digits = [..."07700900123"];
        const html = digits.map((digit, i) => (wraps[i] ?? "|").replace("|", digit)).join("");
        expect(textOf(`<p>${html}</p>`)).toBe("07700900123");
      }),
    );
  });
});
