/** The town's prose: templates with alternatives, expanded by the page's own draws. */
import type { Rng } from "./rng.ts";
import { INTERESTS } from "./words.ts";

/** Expands `{a|b|c}` to one of its alternatives, innermost first. */
export function say(rng: Rng, template: string): string {
  let text = template;
  for (let depth = 0; depth < 20 && text.includes("{"); depth++) {
    text = text.replace(/\{([^{}]*)\}/g, (_, choices: string) => rng.pick(choices.split("|")));
  }
  return text;
}

const REMARKS = [
  "{The|This} {week|month} {went by|passed} {quickly|slowly} and {the kettle|the van|the shed roof} {finally|once again} {gave up|needed mending}.",
  "{We|They} {met|gathered} {as usual|in good number} and {argued|talked} about {biscuits|parking|the weather|the minutes} {until late|for an hour}.",
  "{Rain|Wind|Fog} {kept|drove} {most of us|half the street} {indoors|away}, {which suited the cat|and nobody complained}.",
  "{Somebody|A kind soul} {left|put} a {box of plums|bicycle pump|pair of gloves|thermos} {by the door|on the wall}; {it is still there|claim it soon}.",
  "{Thanks|Many thanks} to {everyone who|all who} {helped|turned up|brought cake}; {next time|in spring} we {try|go} again.",
  "{A longer|A short} {note|report} {will follow|is in the works}, {once|when} the {photographs|figures|receipts} {are in|turn up}.",
  "The {old|new} {hall|workshop|bridge|bakery} {opens|reopens} {on Saturday|after repairs}, {with|without} {a band|speeches}.",
  "{I still think|It turns out} that {patience|good shoes|a second opinion|tea} {solves|helps with} {nearly everything|more than tools do}.",
];

export function paragraph(rng: Rng, sentences = 3): string {
  return Array.from({ length: sentences }, () => say(rng, rng.pick(REMARKS))).join(" ");
}

/** `into X and Y`, in one of the ways people say it. */
export function fondOf(rng: Rng, interests: readonly string[]): string {
  const list =
    interests.length < 2 ? (interests[0] ?? "") : `${interests.slice(0, -1).join(", ")} and ${interests.at(-1)}`;
  return say(
    rng,
    rng.pick([
      `{Mostly|Hopelessly|Still} into ${list}.`,
      `I {love|enjoy} ${list}.`,
      `{Keen on|Into} ${list}.`,
      `In my {free|spare} time: ${list}.`,
      `My hobbies are ${list}.`,
    ]),
  );
}

export function headline(rng: Rng, town: string): string {
  return say(
    rng,
    rng.pick([
      `${town} {bridge|library|market} to {close|reopen} {this spring|for repairs}`,
      `{Residents|Neighbours} in ${town} {object to|welcome} {new bus stop|late opening|plans for the quay}`,
      `{Record|Modest} turnout at ${town} {fair|regatta|harvest supper}`,
      `Lost {tortoise|parrot|ferret} found in ${town} {garden|churchyard}`,
      `${town} {choir|brass band|debating society} {looks for|welcomes} {new members|a conductor}`,
    ]),
  );
}

export function question(rng: Rng): { title: string; topic: string } {
  const interest = rng.pick(INTERESTS);
  return {
    topic: interest.name,
    title: say(
      rng,
      rng.pick([
        `{Best|Cheapest|First} ${interest.gear} for a {beginner|tall person|damp shed}?`,
        `{How|When} do you {clean|store|repair} a ${interest.gear}?`,
        `${interest.name}: {where to start|is it worth it|what did I do wrong}?`,
      ]),
    ),
  };
}

export function dish(rng: Rng): string {
  return say(
    rng,
    "{Smoked|Roast|Pickled|Slow-cooked|Burnt} {leek|beetroot|mackerel|plum|parsnip|barley} {pie|soup|salad|dumplings|on toast}",
  );
}

export function repository(rng: Rng): { name: string; about: string } {
  const noun = say(rng, "{tide|gpx|ledger|feed|recipe|sensor|map|clock|photo|moss}");
  return {
    name: `${noun}-${say(rng, "{tools|box|kit|reader|sorter|watch|cat|loom}")}`,
    about: say(rng, `{Small|Simple|Half-finished} {scripts|tools|library} for ${noun} {files|data|things}`),
  };
}

export function commitMessage(rng: Rng): string {
  return say(
    rng,
    "{Fix|Tidy|Rework|Speed up|Document|Test} {parser|reader|build|output|defaults|error messages|time zones}",
  );
}
