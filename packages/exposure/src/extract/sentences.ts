/** What sentences say: "works at", "studied at", "is keen on". Patterns are tied to a verb or a preposition, never to a layout. */
import { activityOf, interestOfClub, isHobby, isKnownHobby } from "./hobbies.ts";
import type { Claim } from "./record.ts";
import { employerIn, interestsIn, isRole, isSchool, nominative, placeIn, shortPlace } from "./values.ts";
import { quoteOf, tidy } from "./words.ts";

/** A name of an organisation: capitalised words, joined by a few small ones. */
const ORG =
  "(\\p{Lu}[\\p{L}\\p{N}&.'’-]*(?:\\s+(?:(?:&|and|of|the|de|del|du|des|di|da|do|dos|della|für|for|von|van|der|den|y|e|et|la|las|los|le|les)\\s+)*[\\p{Lu}&\\d][\\p{L}\\p{N}&.'’-]*){0,6})";
const PLACE =
  "(\\p{Lu}[\\p{L}'’-]+(?:\\s+(?:upon|on|under|le|la|de|of|the|am|an der)\\s+\\p{Lu}[\\p{L}'’-]+|[\\s-]\\p{Lu}[\\p{L}'’-]+){0,2})";

const employers = [
  `\\b(?:works?|working|worked|employed|job|career|role|position|placement|internship|consulting|apprenticeship)\\s+(?:(?:as|is|was|has been)\\s+(?:an?\\s+|the\\s+)?[\\p{L} -]{3,40}?\\s+)?(?:at|for|with|by)\\s+(?:the\\s+)?${ORG}`,
  `\\b(?:joined|joins|joining|left|leaves|leaving|founded|co-founded|runs)\\s+(?:the\\s+team\\s+at\\s+)?${ORG}(?=\\s+(?:as|in|to|after|team|back|from|until|last|this)\\b|[.,;!]|$)`,
  `\\b(?:for|at|with|of)\\s+(\\p{Lu}[\\p{L}\\p{N}&.'’-]*(?:\\s+(?:&\\s+)?\\p{Lu}[\\p{L}\\p{N}&.'’-]*){0,4}\\s+(?:Ltd|Limited|Inc|LLC|GmbH|AG|plc|Corp|Pty))\\b`,
  `\\b(?:spent|spending)\\s+(?:[\\p{L}\\d]+\\s+){1,3}(?:years|months|summers|decades?)\\s+[\\p{Ll}-]+ing\\s+(?:for|at|with)\\s+(?:the\\s+)?${ORG}`,
  `\\bjoined\\b.{0,50}?\\bfrom\\s+${ORG}`,
  `\\b(?:employed|hired|paid|trained)\\s+(?:by|at)\\s+${ORG}`,
  `\\b(?:previously|formerly|before that|now|currently|until recently|these days|years|years? or so|months|decade|day job|desk)\\s+(?:(?:I'm|I am|I was|at my desk)\\s+)?(?:at|with)\\s+${ORG}`,
  `\\b(?:my (?:employer|company|firm|boss at)|our (?:office|workshop) at|colleagues? at|team at|office at|staff at|shift at|payroll of|(?:arbeitet?|angestellt|beschäftigt|tätig) (?:bei|für)(?: der| dem)?|travaille (?:chez|à|pour)|trabaj[ao] (?:en|para)|lavor[ao] (?:presso|per|in|da)|werkt bij)\\s*,?\\s+${ORG}`,
];

const schools = [
  `\\b(?:studied|studies|studying|study|read|reading|degree|diploma|doctorate|PhD|MSc|BSc|MA|BA|educated|student|classmates?|lectured|graduated?|pupil|trained)\\b[^.;!?\\n]{0,60}?\\b(?:at|from|in)\\s+(?:the\\s+)?${ORG}`,
  `\\b(?:graduate|alumn(?:us|a|i|ae)|alum|product|old girl|old boy|fellow)\\s+of\\s+(?:the\\s+)?${ORG}`,
  `\\b(?:attended|went to|enrolled at|finished|left school at|schooldays at|school at|years at|time at|days at)\\s+(?:the\\s+)?${ORG}`,
  `${ORG}\\s+(?:alumn(?:us|a|i)|graduate|alum|reunion|class of)\\b`,
  `\\b(?:studierte|studiert|étudié|estudi[óé]|studiato)\\b[^.;\\n]{0,40}?\\b(?:an der|am|à l'|à|en la|en|a)\\s*${ORG}`,
  `\\b(?:[Ff]orm[ée]e?|[Dd]iplôm[ée]e?|[ÉEée]tudi(?:é|ante?)|[Éé]lève|[Aa]ncien(?:ne)? élève|[Ss]tudium|[Ss]tudiert(?: habe ich)?|[Aa]bsolvent(?:in)?|[Tt]itulad[ao]|[Ll]aureat[ao])\\s+(?:de |à |au |an |der |am |en |por |la |all'|presso )*(?:l'|de l'|à l')?${ORG}`,
  `\\b(?:besuchte|absolvierte|ging (?:auf|an)|Abitur (?:am|an der)|(?:machte|gemacht)? ?Abi am|am|an der)\\s+(?:das |die |den |der )?${ORG}`,
];

const places = [
  `\\b(?:lives?|living|lived|based|live|residing|resides?|settled|located|stationed|grew up|raised|born(?: and (?:raised|bred))?)\\s+(?:[\\p{Ll}]+ly\\s+)?(?:in|near|at|around|outside)\\s+${PLACE}`,
  `\\b(?:moved|relocated|emigrated|moving|commutes?)\\s+(?:back\\s+|here\\s+)?(?:to|from)\\s+${PLACE}`,
  `\\b(?:I'm|I am|comes|hails|originally|come|greetings|hello|hi|cheers|writing|posting|native|speaking)\\s+(?:a native of|(?:originally\\s+|all\\s+)?from)\\s+${PLACE}`,
  `\\b(?:wohnt in|lebt in|wohne in|lebe in|wohnhaft in|(?:bin|ist|komme|kommt|stamme|stammt|Grüße|Gruß) aus|vit à|woont in|mora em|habite à|vive en|vivo en|abita a|vivo a)\\s+${PLACE}`,
  `\\b(?:my (?:home ?town|city|town|village|home)(?: is| of|,)?|[\\p{Ll}]+-based in|home is)\\s+${PLACE}`,
];

const UNTIL = "([^.;:!?\\n()]{2,120})";
const SELF = "(?:I|we|she|he|they|[\\p{Lu}][\\p{L}'’-]+)";

/** `sure`: any short item of the list counts; otherwise only known pastimes do. */
const interests: { pattern: string; sure: boolean }[] = [
  {
    pattern: `\\b(?:interests?|hobby|hobbies|pastimes?|passions?|interessen|hobbys|aficiones|loisirs|passatempi)\\b(?:\\s+(?:are|is|include|includes|remain|sind|son|sont|sono))?\\s*(?:[:–—-]|\\b(?:are|is|include|includes|remain)\\b|(?<=\\s(?:are|is|include|includes|remain|sind|son|sont|sono)))\\s*${UNTIL}`,
    sure: true,
  },
  {
    pattern: `\\b(?:in|during)\\s+(?:(?:my|her|his|their|our|the)\\s+)?(?:spare|free|own|leisure)\\s+(?:time|hours)\\s*[:,–—-]?\\s*(?:${SELF}\\s+(?:enjoys?|loves?|likes?|goes|go|does|do|practi[sc]es?|pursues?)\\s+)?${UNTIL}`,
    sure: true,
  },
  {
    pattern: `(?:^|[.!?,;]\\s*|\\b${SELF}\\s+|\\b(?:also|really|still|always|and)\\s+)(?:enjoys?|loves?|adores?)\\s+${UNTIL}`,
    sure: true,
  },
  { pattern: `(?:^|[.!?,;]\\s*|\\b${SELF}\\s+|\\b(?:also|really)\\s+)likes?\\s+${UNTIL}`, sure: false },
  {
    pattern: `\\b(?:keen on|fond of|passionate about|obsessed with|addicted to|mad about|crazy about|devoted to|hooked on|a fan of|enthusiastic about|enthusiast of|lover of|fascinated by|nuts about|dabbles? in|a sucker for|interested in|takes? pleasure in)\\s+${UNTIL}`,
    sure: true,
  },
  {
    pattern: `(?:^|[.!?]\\s*|\\b(?:am|I'm|is|are|been|was|got|get|gets|mostly|hopelessly|still|really|deeply|very|much|also|big|heavily|seriously|currently|always)\\s+)into\\s+${UNTIL}`,
    sure: true,
  },
  {
    pattern: `(?:\\b(?:off the clock|outside (?:of )?work|after work|after hours|away from (?:work|my desk|the desk)|on days off|off duty|otherwise)|\\b(?:when|while)\\s+(?:(?:I'm|I am|she's|he's|she is|he is|they are)\\s+)?not\\s+(?:at\\s+)?(?:work|working|at (?:my|her|his) desk|in the office|coding|on shift|behind a desk)[^,]*),?\\s*(?:(?:you(?:'ll| will| can)?|expect to|they)\\s+(?:usually\\s+|often\\s+|probably\\s+)?find\\s+(?:me|her|him|them)|${SELF}(?:'m|\\s+am|\\s+is|'s)?(?:\\s+(?:usually|often|probably|likely))?(?:\\s+(?:enjoys?|loves?|likes?|goes|go|out))?)\\s+${UNTIL}`,
    sure: false,
  },
  {
    pattern: `\\b(?:taken up|took up|takes up|started|learning|practi[sc]es?|practi[sc]ing|spends? (?:[\\p{L} ]{0,25}?(?:weekends?|evenings?|time|days|hours|summers?)))\\s+${UNTIL}`,
    sure: false,
  },
  {
    pattern: `\\b(?:I am|I'm|she is|she's|he is|he's)\\s+(?:usually |often |probably |mostly )?(?:out|off)\\s+${UNTIL}`,
    sure: false,
  },
  {
    pattern: `\\b(?:weekends|evenings|summers|winters|sundays|saturdays)\\s+(?:are (?:for|spent)|mean|go to|means)\\s+${UNTIL}`,
    sure: false,
  },
  {
    pattern: `\\b(?:years of|love of|passion for|weakness for|enthusiasm for|interest in|talk about|ask me about|mad for|madness for)\\s+${UNTIL}`,
    sure: false,
  },
  {
    pattern: `^${UNTIL}\\s+(?:is|are)\\s+(?:my|her|his)\\s+(?:hobby|hobbies|passion|thing|great love|pastime|favourite pastime)`,
    sure: true,
  },
];

/** `plays the theremin`: an instrument. */
const PLAYS = /\b(?:plays?|playing|played)\s+(?:the|her|his|my)\s+([\p{Ll}-]+(?:\s[\p{Ll}-]+)?)/giu;
const NO_INSTRUMENT =
  /\b(?:game|games|part|role|fool|field|market|victim|host|lead|long|full|same|first|last|other|records?|tapes?|whole|hand|cards?)\b/i;
const AGENT =
  "\\b(?:avid|keen|amateur|passionate|enthusiastic|dedicated|hobby|weekend|occasional|lifelong|committed|serious|would-be|aspiring|recreational|part-time|novice|proud|experienced|fellow)\\s+((?:(?!and\\b|or\\b)[\\p{Ll}-]+\\s+){0,2}(?!and\\b|or\\b)[\\p{Ll}-]+)";
const CLUB = `\\b(?:member|secretary|treasurer|chair(?:man|woman|person)?|captain|president|organiser|organizer|founder|committee|vice-chair|coach|runs?|runner|swims?|sings?|rings?|plays?)\\s+(?:of|for|with|at|in)\\s+(?:the\\s+)?${ORG}`;

const regex = (source: string): RegExp => new RegExp(source, "gu");
const EMPLOYERS = employers.map(regex);
const SCHOOLS = schools.map(regex);
const PLACES = places.map(regex);
const INTERESTS = interests.map(({ pattern, sure }) => ({ pattern: new RegExp(pattern, "giu"), sure }));
const AGENTS = new RegExp(AGENT, "giu");
const CLUBS = regex(CLUB);
const ROLE_AT = regex(`((?:[\\p{L}-]+\\s+){0,3}[\\p{L}-]+)\\s*(?:,|\\bat|@|\\bbei|\\bchez|\\bwith)\\s+${ORG}`);
const NAMED_OF = regex(`(?:\\p{Lu}[\\p{L}'-]+\\s+){2}(?:of|from)\\s+${ORG}`);

/** Who works at a school, rather than learns there. */
const TEACHES =
  /\b(?:lecturer|professor|reader in|teacher|tutor|researcher|research fellow|postdoc\w*|librarian|dean|head of|headmaster|headmistress|caretaker|registrar|instructor|dozent(?:in)?|professorin|lehrer(?:in)?|enseignante?|professeure?|profesora?)\b/i;
const TEACHES_AT = regex(
  `\\b(?:teach(?:es|ing)?|taught|lectur(?:es|ing)|works?|working|employed)\\b[^.;!?\\n]{0,40}?\\b(?:at|for|by)\\s+(?:the\\s+)?${ORG}`,
);

/** Ends an organisation at a word that begins the next clause. */
const firm = (text: string): string => tidy(text.replace(/\s+(?:and|of|the|for)$/i, "").replace(/\.\s+\p{Lu}.*$/u, ""));

/**
 * Claims of one passage about its subject.
 * @param prose whether the passage is running text; in a short line a role and a firm stand side by side
 */
export function sentenceClaims(text: string, prose = true): Claim[] {
  const claims: Claim[] = [];
  const add = (kind: Claim["kind"], value: string | undefined, confidence: number): void => {
    if (value) claims.push({ kind, value, quote: quoteOf(text, value), confidence });
  };
  for (const sentence of text.split(/(?<=[.!?])\s+(?=\p{Lu})/u)) {
    for (const pattern of SCHOOLS) {
      for (const match of bothCases(sentence, pattern)) {
        const value = firm(match[1] ?? "");
        if (isSchool(value)) add("school", nominative(value.replace(/^The\s+/, "")), 0.9);
      }
    }
    for (const pattern of EMPLOYERS) {
      for (const match of bothCases(sentence, pattern)) {
        const value = employerIn(firm(match[1] ?? ""));
        if (value && !isSchool(match[1] ?? "") && !CALENDAR.test(value)) add("employer", value, 0.85);
      }
    }
    for (const match of bothCases(sentence, TEACHES_AT)) {
      const value = employerIn(firm(match[1] ?? ""));
      if (value && isSchool(value)) add("employer", value, 0.85);
    }
    for (const match of sentence.matchAll(ROLE_AT)) {
      if (!isRole(match[1] ?? "") || (prose && match[0].includes(","))) continue;
      const value = employerIn(firm(match[2] ?? ""));
      if (
        value &&
        (!isSchool(value) || (TEACHES.test(match[1] ?? "") && !match[0].includes(","))) &&
        !CALENDAR.test(value)
      )
        add("employer", value, match[0].includes(",") ? 0.7 : 0.85);
    }
    for (const pattern of PLACES) {
      for (const match of bothCases(sentence, pattern)) {
        const place = placeIn(match[1] ?? "");
        if (place && !isSchool(place) && !CALENDAR.test(place)) add("location", shortPlace(place), 0.8);
      }
    }
    for (const { pattern, sure } of INTERESTS) {
      for (const match of sentence.matchAll(pattern))
        for (const item of interestsIn(match[1] ?? "", sure)) add("interest", item, isHobby(item) ? 0.9 : 0.75);
    }
    for (const [, words = ""] of sentence.matchAll(PLAYS)) {
      const value = [words, words.split(" ")[0] ?? ""].find((each) => isKnownHobby(each)) ?? words.split(" ")[0] ?? "";
      if (!NO_INSTRUMENT.test(words)) add("interest", value, isKnownHobby(value) ? 0.9 : 0.7);
    }
    for (const match of sentence.matchAll(AGENTS)) {
      const words = (match[1] ?? "").split(/\s+/);
      for (let n = words.length; n > 0; n--) {
        const activity = activityOf(words.slice(0, n).join(" "));
        if (activity) {
          add("interest", activity, 0.85);
          break;
        }
      }
    }
    for (const match of sentence.matchAll(CLUBS)) add("interest", interestOfClub(firm(match[1] ?? "")), 0.8);
  }
  return claims;
}

/** Matches as the sentence stands, and with its first letter small: `Grew up in` begins a sentence too. */
function bothCases(sentence: string, pattern: RegExp): RegExpMatchArray[] {
  const small = sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
  return [...sentence.matchAll(pattern), ...(small === sentence ? [] : small.matchAll(pattern))];
}

/** `Ada Thorne of Harrow Surveying`: an organisation after a name, where it is one by its looks. */
export function affiliations(text: string): string[] {
  return [...text.matchAll(NAMED_OF)]
    .map((match) => firm(match[1] ?? ""))
    .filter((value) => /\b(?:Ltd|Limited|Inc|LLC|GmbH|plc|Group|& )|&/.test(value));
}

const CALENDAR =
  /^(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Christmas|Easter|I|We|The|It)$/;
