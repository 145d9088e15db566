/** Turns the text of a field or of a sentence's tail into values of a kind, or nothing where it cannot be one. */
import { isHobby } from "./hobbies.ts";
import { fold, maskedIn, tidy } from "./words.ts";

const VAGUE =
  /^(?:n\/?a|none|unknown|private|hidden|not (?:shown|given|set|specified|public|provided|available|disclosed|listed)|unspecified|somewhere\b.*|anywhere|everywhere|nowhere|earth|the internet|internet|online|here|there|worldwide|remote|redacted.*|see (?:above|below|profile)|ask me|members only|sign in.*|log in.*|click.*|yes|no|more|various|self|myself|-+|\?+)$/i;

const usable = (value: string, most: number): boolean =>
  value.length >= 2 &&
  value.length <= most &&
  !VAGUE.test(value) &&
  maskedIn(value).length === 0 &&
  !/https?:|www\.|@\S+\.\S|[{}<>]|\[person \d+\]/.test(value);

/** `Harrow Surveying (2014 - today)` -> `Harrow Surveying`: dates and notes in brackets go. */
const undated = (text: string): string =>
  tidy(
    text
      .replace(
        /^\s*(?:(?:[a-z]{3,9}\.? )?(?:19|20)\d\d|\d{1,2}\/(?:19|20)\d\d)\s*(?:(?:-|–|—|to|until|bis)\s*(?:today|now|present|current|date|heute|(?:[a-z]{3,9}\.? )?(?:19|20)?\d\d|\d{1,2}\/(?:19|20)\d\d))?\s*[:|,.–—-]?\s*/i,
        "",
      )
      .replace(/\((?:[^)]*\d{4}[^)]*|current|present|now|former|full[- ]time|part[- ]time|since[^)]*)\)/gi, "")
      .replace(
        /[,;–—|·-]?\s*(?:since |from |class of |until )?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? )?(?:19|20)\d\d(?:\s*(?:-|–|—|to|until)\s*(?:today|now|present|current|date|(?:[a-z]{3,9}\.? )?(?:19|20)?\d\d))?\s*$/i,
        "",
      ),
  );

// `\b` does not know letters beyond ASCII: `École` has no border before it.
const SCHOOL =
  /(?<![\p{L}\p{N}])(?:colegio|coll[eè]ge|collegio|universit\w*|universidad|college|school|institute|institut\w*|polytechnic|polytechnique|academy|akademie|hochschule|gymnasium|lyc[eé]e|[eé]cole|escuela|facult\w+|conservatoire|conservatory|seminary|sixth form|grammar|high|lyceum|liceo|instituto|scuola|schule|\p{L}+schule|skola|skole|universitet|vidyalaya|vidya mandir|vidya(?:pith|peeth))(?![\p{L}\p{N}])/iu;
/** Abbreviations that are words of other languages in small letters: `mit` is German for with. */
const SCHOOL_LETTERS = /\b(?:UCL|MIT|ETH)\b/;

export const isSchool = (text: string): boolean => SCHOOL.test(text) || SCHOOL_LETTERS.test(text);

const ROLE =
  /\b(?:engineer|developer|manager|director|designer|analyst|assistant|officer|surveyor|planner|architect|accountant|teacher|nurse|buyer|estimator|archivist|technician|bookkeeper|inspector|lead|head|chief|founder|co-?founder|owner|partner|consultant|editor|writer|journalist|researcher|scientist|lecturer|professor|fellow|administrator|coordinator|supervisor|specialist|representative|executive|president|secretary|clerk|cashier|driver|chef|baker|carpenter|electrician|plumber|mechanic|programmer|tester|intern|trainee|apprentice|associate|agent|advisor|adviser|librarian|curator|photographer|artist|illustrator|translator|therapist|physiotherapist|doctor|dentist|vet|pharmacist|lawyer|solicitor|paralegal|actuary|economist|statistician|geologist|chemist|biologist|physicist|operator|staff|principal|receptionist|trainer|coach|producer|practitioner|lecturer|recruiter|strategist|optician|brewer|joiner|welder|fitter|gardener|CEO|CTO|CFO|COO)\b/i;
/** The same in German, French, Spanish and Italian; German glues them to other words. */
const ROLE_ELSEWHERE =
  /(?<!\p{L})(?:leiter(?:in)?|\p{L}*entwickler(?:in)?|gesch[aä]ftsf[uü]hrer(?:in)?|\p{L}*ingenieur(?:in|e)?|berater(?:in)?|verk[aä]ufer(?:in)?|vertrieb|\p{L}*lehrer(?:in)?|angestellter?|mitarbeiter(?:in)?|werkstudent(?:in)?|praktikant(?:in)?|auszubildender?|sachbearbeiter(?:in)?|meister(?:in)?|rentner(?:in)?|apprentie?|directeur|directrice|d[eé]veloppeu(?:r|se)|infirmi[eè]re?|enseignante?|professeure?|avocate?|vendeu(?:r|se)|stagiaire|charg[eé]e? de \p{L}+|responsable|g[eé]rante?|relieu(?:r|se)|artisane?|ingeniero|ingeniera|gerente|profesora?|abogad[oa]|enfermer[oa]|desarrollador(?:a)?|ingegnere|insegnante|impiegat[oa]|direttore|direttrice)(?!\p{L})/iu;

export const isRole = (text: string): boolean => ROLE.test(text) || ROLE_ELSEWHERE.test(text);

/** An organisation in a field or a line of a CV: the part that is neither a role, a date nor a place. */
export function employerIn(text: string): string | undefined {
  const bare = undated(
    text
      .replace(/\t+/g, " | ")
      .replace(
        /^(?:currently|now|formerly|previously|until recently|works?|working|employed)\b[:,]?\s*(?:as an?\s[^,;]+?\s)?(?:at|for|with|by)\s+/i,
        "",
      ),
  );
  const at = /^(?:.{2,50}?)\s(at|@|bei|chez|with|en)\s(.{2,})$/i.exec(bare);
  const tail =
    at && (/^(?:chez|bei)$/i.test(at[1] ?? "") || isRole(bare.slice(0, bare.length - (at[2]?.length ?? 0))))
      ? (at[2] ?? "")
      : bare;
  const parts = tail
    .split(/\s*[,;|·•–—\t]\s*|\s-\s|\s\/\s/)
    .map(undated)
    .filter((part) => part !== "");
  const firms = parts.filter(
    (part) => !isRole(part) || /\b(?:Ltd|Limited|Inc|LLC|GmbH|AG|plc|Group|Co|Partners|&)\b|&/.test(part),
  );
  // Labels that stand on the same line without a break end the name of the firm.
  const value = ((parts.length > 1 ? firms : parts)[0] ?? "").replace(
    /\s(?:Town|City|Location|School|Education|Hobbies|Interests|Phone|E-?mail|Job|Name|Age|Born|Username)\b.*$/,
    "",
  );
  if (!usable(value, 70) || value.split(" ").length > 8) return undefined;
  if (!/\p{Lu}|\d/u.test(value.slice(0, 1)) && !/\p{Lu}/u.test(value)) return undefined;
  if (
    /^(?:(?:full|part)[- ]time|permanent|contract|vollzeit|teilzeit|temps (?:plein|partiel)|self[- ]?employed|freelance\w*|unemployed|retired|student|homemaker|(?:19|20)\d\d)\b/i.test(
      value,
    )
  )
    return undefined;
  if (parts.length === 1 && isRole(value) && value.split(" ").length <= 3 && !/&|Ltd|Inc|Group/.test(value))
    return undefined;
  return value;
}

/** Schools in a field or a line of a CV: parts that name a kind of school; a lone value of a school field counts as it is. */
export function schoolsIn(written: string, labelled: boolean): string[] {
  const text = written.replace(/\t+/g, " | ");
  const parts = text
    .split(/\s*[;|·•–—\t]\s*|\s-\s|,\s(?!(?:Oxford|Cambridge)\b)|\n|\((?=[^)]*\d{4})/)
    .map((part) =>
      undated(
        part.replace(/^(?:.*?\b(?:at|from|an der|à l'|en la)\s)(?=.*)/i, (lead) =>
          isSchool(text.slice(lead.length)) ? "" : lead,
        ),
      ),
    )
    .filter((part) => usable(part, 80));
  const named = parts.filter((part) => isSchool(part) && /\p{Lu}/u.test(part));
  if (named.length > 0) return named.map(withoutDegree);
  const [first] = parts;
  return labelled &&
    first !== undefined &&
    /^\p{Lu}/u.test(first) &&
    first.split(" ").length <= 7 &&
    !/^(?:BSc|BA|MSc|MA|PhD|A levels?|GCSE|Bachelor|Master|Diploma|Doctor)/.test(first)
    ? [first]
    : [];
}

/** `an der Technischen Hochschule`: German bends the adjective; the name stands in the nominative. */
export const nominative = (school: string): string =>
  school.replace(
    /^(\p{Lu}\p{Ll}{2,}(?:sch|lich|ig|ier|end|at))en(?=\s(?:\p{Lu}\p{L}*)?(?:[Hh]ochschule|[Uu]niversität|[Ss]chule|[Aa]kademie|[Ff]akultät))/u,
    "$1e",
  );

const withoutDegree = (school: string): string =>
  tidy(school.replace(/^(?:studied|graduated)\b.*?\b(?:at|from)\s/i, "").replace(/^(?:the)\s+(?=\p{Lu})/u, ""));

/** What menus say, which stand below or beside lists. */
const NAVIGATION =
  /^(?:contact|contact me|contact us|cv|resume|about|about me|home|blog|archives?|imprint|privacy|legal|terms|log ?in|sign ?(?:in|up)|search|links|menu|next|previous|back|top|e-?mail|twitter|github|linkedin|mastodon|facebook|instagram|impressum|datenschutz|kontakt|accueil|mentions legales|contacto|say hello|download|rss|press|portfolio|projects|publications|guestbook|sitemap)$/;

const NO_INTEREST =
  /^(?:the|a|an|my|your|his|her|their|our|this|that|these|those|it|them|him|you|me|us|all|some|any|every|each|what|how|when|who|to|at|in|on|of|for|from|with|by|as|being|having|getting|seeing|hearing|more|most|much|many|new people|people|life|living|work|working|not|no|if|but|so|see|idea|etc|others?)\b/i;

/** The items of an enumeration, without the words that lead into it; at most eight. */
export function interestsIn(text: string, sure: boolean): string[] {
  const list = text
    .replace(/\([^)]*\)/g, "")
    .replace(/\b(?:as well as|and also|along with|plus|but mostly|and sometimes|und|et|y)\b/gi, ",")
    .split(/\s*(?:[,;/|•·\n]|\s&\s|\band\b|\bor\b|\s[–—]\s)\s*/i)
    .map((item) =>
      tidy(
        item
          .trim()
          .replace(/^(?:l['’]|(?:le|la|les|der|die|das|el|los|las|il|lo|gli)\s+)(?=\p{L})/u, "")
          .replace(
            /^(?:i |we |she |he |they )?(?:also |really |still |mostly |mainly |especially |occasionally |sometimes |a bit of |a little |lots of |anything to do with |all things |long |some |good |mostly )+/i,
            "",
          )
          .replace(
            /^(?:enjoys?|loves?|likes?|am into|is into|into|keen on|fond of|going|doing|playing(?: the)?|training for(?: a| an)?|learning(?: the)?)\s+/i,
            "",
          )
          .replace(
            /\s+(?:too|as well|whenever .*|when .*|with .*|in an? .*|since .*|for (?:years|ages|a while|fun)|at weekends|on weekends|these days|most weekends|every .*|in (?:my|her|his|their) .*|of course|mostly)$/i,
            "",
          ),
      ),
    )
    .filter((item) => usable(item, 40) && /\p{L}{2}/u.test(item));
  const kept = list.filter((item) => {
    if (NAVIGATION.test(fold(item))) return false;
    if (isHobby(item)) return true;
    if (/\s(?:the|a|an|my|on|in|at|to|with|for|from|up|off|before|after|by|like|than)\s/i.test(item)) return false;
    const words = item.split(" ");
    // Codes, dates and counts stand below lists of pastimes.
    if (/\d\D*\d/.test(item)) return false;
    if (words.length > 4 || NO_INTEREST.test(item) || /[.!?:=]/.test(item)) return false;
    return sure;
  });
  return [...new Map(kept.map((item) => [fold(item), item])).values()].slice(0, 12);
}

/** A place: capitalised, a few words, no digits. `Otterford, UK` keeps its country only where nothing shorter is known. */
export function placeIn(text: string): string | undefined {
  const value = undated(
    text
      .replace(/^(?:currently |now |based |living |lives |located )?(?:in|near|from|around|at)\s+/i, "")
      .replace(/\s*\([^)]*\)\s*$/, ""),
  );
  const first = tidy(value.split(/\s*[;|•·/→>]\s*|\s(?:via|and|but|since|when|where|with|for)\s/)[0] ?? "");
  if (!usable(first, 50) || /\d/.test(first) || first.split(" ").length > 6 || !/^\p{Lu}/u.test(first))
    return undefined;
  return first;
}

const REGION =
  /^(?:UK|U\.K\.|United Kingdom|England|Scotland|Wales|Northern Ireland|Ireland|US|USA|U\.S\.A?\.?|United States|Canada|Australia|New Zealand|Germany|Deutschland|France|Spain|España|Italy|Italia|Netherlands|Belgium|Austria|Switzerland|Sweden|Norway|Denmark|Finland|Poland|Portugal|[A-Z]{2,3})$/;

/** `Otterford, UK` -> `Otterford`; `Portland, Oregon` stays. */
export function shortPlace(place: string): string {
  const parts = place.split(/\s*,\s*/);
  while (parts.length > 1 && REGION.test(parts.at(-1) ?? "")) parts.pop();
  return parts.join(", ");
}
