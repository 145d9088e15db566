/** A photo site whose originals still hold EXIF: camera, time, and where they were taken. */

import type { HostBuilder } from "../builder.ts";
import { bystanders, type Cast } from "../cast.ts";
import { fondOf, say } from "../grammar.ts";
import { html, type Piece } from "../html.ts";
import { landscape } from "../jpeg.ts";
import type { Person } from "../people.ts";

export const PHOTO_MARK = "Photographs by";

interface Shot {
  path: string;
  image: string;
  caption: string;
  located: boolean;
}

export function writePhotos(cast: Cast): void {
  const name = cast.directory.host("lens");
  const site = cast.builder.host(name, "photo site", {
    nav: [{ href: "/", label: "Recent" }],
    disallow: ["/private/"],
  });
  const { operator, namesakes } = cast.people;
  const recent: Shot[] = [];
  for (const person of [...bystanders(cast, "lens", 55), namesakes[2]]) {
    const rng = site.rng.fork(person.id);
    const shots = Array.from({ length: rng.int(1, 2) }, (_, i) =>
      shoot(site, person, person.handle, `${person.handle}-${i + 1}`, "", rng.chance(0.5)),
    );
    recent.push(...shots);
    gallery(cast, site, person, person.handle, shots, html`<p>${person.town}</p>`, person === namesakes[2]);
  }

  const main = cast.accounts.lens;
  const shots = [1, 2, 3].map((n) => shoot(site, operator, main, `${main}-${n}`, "", n !== 3));
  // An album that robots.txt closes: nobody is meant to know of it.
  shoot(site, operator, main, `${main}-9`, "/private", true);
  gallery(
    cast,
    site,
    operator,
    main,
    shots,
    html`<p><a href="${cast.home}">${cast.directory.home}</a> · <a href="/private/${main}-9">family album</a></p>`,
    true,
  );
  // Where the gallery used to be.
  const former = `/old/${main}`;
  site.sheet(former).put("text/html; charset=utf-8", "", {
    title: "Moved",
    behaviour: { kind: "redirect", to: cast.directory.member("lens", main), status: 301 },
  });
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>Recent</h1><ul>${recent.slice(0, 20).map((shot) => html`<li><a href="${shot.path}">${shot.caption}</a></li>`)}</ul>`,
  });
}

function shoot(site: HostBuilder, person: Person, handle: string, id: string, folder: string, located: boolean): Shot {
  const path = `${folder}/shot/${id}`.replace("/private/shot", "/private");
  const image = `${folder}/img/${id}.jpg`;
  const file = site.sheet(image);
  const { rng } = file;
  const caption = say(rng, "{Morning|Evening|Winter|Late} {light|fog|frost|shadows}{|, again|, handheld|, first try}");
  // In the Atlantic and the southern oceans, so that no real house is near.
  const latitude = Number((rng.int(2, 20) + rng.real()).toFixed(5)) * (rng.chance(0.5) ? 1 : -1);
  const longitude = -Number((rng.int(20, 34) + rng.real()).toFixed(5));
  const taken = `${rng.int(2014, 2025)}:0${rng.int(1, 9)}:${rng.int(10, 28)} 0${rng.int(6, 9)}:${rng.int(10, 59)}:00`;
  if (located) file.says(person.id, "location", `${latitude},${longitude}`);
  file.photo(person, image);
  file.put(
    "image/jpeg",
    landscape(id, {
      make: "Halden",
      model: rng.pick(["H3", "Traveller 40", "Mk II"]),
      taken,
      ...(located ? { position: { latitude, longitude } } : {}),
    }),
    { title: caption },
  );
  const sheet = site.sheet(path);
  sheet.photo(person, image);
  sheet.publish({
    title: `${caption} by ${handle}`,
    body: html`<h1>${caption}</h1><img src="${image}" alt="${caption}"><p>by ${handle} · <a href="${image}">${rng.pick(["Original", "Full size", "Download"])}</a></p>`,
  });
  return { path, image, caption, located };
}

function gallery(
  cast: Cast,
  site: HostBuilder,
  person: Person,
  handle: string,
  shots: readonly Shot[],
  about: Piece,
  indexed: boolean,
): void {
  const sheet = site.sheet(cast.directory.memberPath("lens", handle));
  sheet.account(person, handle, site.host.name);
  const bio = person.id === "operator" ? fondOf(sheet.rng, sheet.interests(person, 2, 1)) : "";
  sheet.publish({
    title: `${person.name} (${handle})`,
    indexed,
    body: html`<h1>${person.name}</h1><p>${bio}</p>${about}<h2>${PHOTO_MARK} ${handle}</h2><ul>${shots.map((shot) => html`<li><a href="${shot.path}">${shot.caption}</a></li>`)}</ul>`,
  });
}
