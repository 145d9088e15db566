/** Whether a goal is about the operator, about somebody else, or about nobody. */
import type { Seeds } from "@candor/agent";
import { plainLetters } from "../identity/forms/fold.ts";
import { personIn } from "../masking/find-names.ts";
import { isCommonWord } from "./common-words.ts";
import { type Mentions, mentionsOf } from "./mentions.ts";

export interface PersonalGoal {
  about: "operator" | "other" | "none";
  /** One line. */
  reason: string;
}

/** Asked of topics as well as of persons. */
const WHO_IS = /\bfind\s+(?:out\s+)?(?:about|who|where|what|if|whether|when)\b|\bwho(?:['’]s|\s+is|\s+are|\s+was)?\b/i;

/** To find a plumber is no hunt; to find that plumber is. It depends on who is meant. */
const HUNT =
  /\b(?:track(?:ing)?(?:\s+down)?|stalk(?:ing)?|dox+(?:ing)?|spy(?:ing)?(?:\s+on)?|locate|trac(?:e|ing)|hunt(?:ing)? down|surveil|keep tabs on|monitor|find|follow)\s+(?:(?:down|out|me)\s+)?(?:him|her|them|this|that|these|those|the|my|our|a|an|some(?:one|body)?|any(?:one|body)?|people|person)\b/i;

/** Questions that only make sense about a person's private life: how to reach them, where they are, who they are. */
const PRIVATE: RegExp[] = [
  /\b(?:phone|telephone|mobile|cell(?:phone)?|fax|whatsapp|landline|contact)\s*(?:phone\s*)?(?:numbers?|details|info(?:rmation)?|nos?\b|digits)/i,
  /\b(?:private|personal|work|home|direct)\s+(?:e-?mail|phone|number|mobile|line)\b|\be-?mail\s*(?:address(?:es)?|id)?\s+(?:of|for)\b|\be-?mail\s+address/i,
  /\b(?:home|street|postal|mailing|private|current|work|house|residential|new)\s+address(?:es)?\b/i,
  /['’]s?\s+(?:[\p{L}-]+\s+){0,2}(?:address(?:es)?|numbers?|phone|mobile|cell|e-?mails?|whereabouts|location|house|home|birthday|birth\s?date|date of birth|salary|income|workplace|employer|job|age|schedule|routine|car|plates?|insta(?:gram)?|facebook|twitter|linkedin|tiktok|snapchat|onlyfans|tinder|accounts?|profiles?|photos?|pictures?|nudes|selfies|socials?|social media|usernames?|handles?|passwords?|family|parents|siblings|children|kids|daughter|son|wife|husband|partner|ex|school|medical|health|criminal|arrest|divorce|court|records?|history|password|messages|browsing|movements|name|identity|surname)\b/iu,
  /\b(?:address|numbers?|phone|e-?mails?|whereabouts|location|contact|birthday|date of birth|birth ?date|age|workplace|employer|profiles?|accounts?|photos?|pictures?|passwords?|home|house|salary|relatives|family|identity|names?|surname|socials?|social media)\s+(?:of|for|belonging to|behind)\b/i,
  /\bwhere\b.*\b(?:lives?|living|lived|stays?|staying|works?|working|hangs? out|school|stud(?:y|ies)|based|moved|sleeps?|is (?:he|she)|are they|right now|goes|parks?|shops?|resides?)\b/i,
  /\bwho\b.*\b(?:lives?|owns?|called|calls|texted|texts|sent|wrote|posted|runs|drives|behind|belongs?|registered|used to live)\b|\bwhose\b/i,
  HUNT,
  /\b(?:background|criminal|credit)\s+(?:check|record|score|report|history)|\b(?:arrest|court|divorce|voter|property|medical|bankruptcy) records?\b|\bpeople[- ]?search|\breverse[- ](?:phone|image|e-?mail|face|number|address|look)|\bmugshots?\b/i,
  /\b(?:everything|anything|all|info(?:rmation)?|details|intel|facts|stuff|whatever)\s+(?:(?:that\s+)?(?:you|i|we|there|is|can|known|available|public(?:ly)?|find|exists?)\s+){0,5}(?:about|on|regarding|concerning)\b/i,
  WHO_IS,
  /\b(?:dirt|dossier|osint|file|profile)\s+(?:on|of|about)\b|\bdig(?:ging)?\s+(?:up|into)\b|\binvestigat|\bidentify\b|\bunmask|\bde-?anonymi[sz]|\breal (?:name|identity)|\bsocial media\b|\bdating (?:app|profile|site)|\bonlyfans\b|\btinder\b|\blook(?:ing|ed)?\s?(?:him|her|them|this|that)?\s*up\b|\bgoogle\s+(?:him|her|them|my)\b|\bresearch\s+(?:him|her|them|my)\b|\bvet\s/i,
  /\b(?:is|are|was)\b.*\b(?:married|single|dating|divorced|gay|seeing|pregnant|cheating|in prison|in jail|bankrupt|rich|on tinder)\b|\bcheating\b|\bhow (?:old (?:is|are)\b|much does .* earn)|\bnet worth\b/i,
  /\b(?:his|her|their)\s+(?:[\p{L}-]+\s+){0,2}(?:address(?:es)?|numbers?|phones?|e-?mails?|home|location|whereabouts|names?|accounts?|profiles?|photos?|pictures?)\b|\bwhat\s+(?:he|she|they|my [\p{L}-]+)\s+(?:posts?|does|do|writes?|says?|likes?|reads?|buys?)\b/iu,
  /\bwhich\s+(?:hotel|gym|school|street|house|bar|pub|church|office|town|village|building|flat|bank|nursery|clinic)\s+(?:does|do|did|is|are|will)\b|\bdo(?:es)?\b.*\bfor (?:a living|work)\b|\b(?:been|was|is|were) (?:ever )?married\b|\bgeo-?locate\b|\bhome location\b|\bon holiday\b|\bsleeps?\b|\bvoted? for\b/i,
  /\b(?:living|lives?|who live) alone\b|\bread\b.*\b(?:messages|e-?mails|texts|chats)\b|\bsecret\b/i,
  /\b(?:gather|collect|compile|scrape|harvest|build|make|get|list)\b.*\b(?:names|e-?mails?|contacts?|numbers|profiles|addresses|employees|members|students|residents|dossier)\b/i,
  /\b(?:telefonnummer|handynummer|adresse|anschrift|wohnort|wohnt|geburtsdatum|num[ée]ro de t[ée]l[ée]phone|num[ée]ro|adresse|habite|date de naissance|n[uú]mero de tel[ée]fono|tel[ée]fono|direcci[oó]n|vive|domicilio|correo|courriel|privatadresse|e-?mail d[e'’]|indirizzo|numero di telefono|abita|telefoonnummer|woont|adres)\b/i,
];

/** People one stands in some relation to, or does not know. */
const ROLE =
  "ex(?:[- ](?:wife|husband|girlfriend|boyfriend|partner|employee|boss|friend))?|neighbou?r|boss|manager|supervisor|colleague|co-?worker|landlord|landlady|tenant|(?:room|flat|house)mate|wife|husband|spouse|partner|girlfriend|boyfriend|crush|date|friend|mother|mum|mom|father|dad|parent|sister|brother|son|daughter|kid|child|children|cousin|aunt|uncle|niece|nephew|grandmother|grandfather|grandma|grandpa|in-law|step(?:father|mother|dad|mum|mom|brother|sister|son|daughter)|fianc[ée]e?|famil(?:y|ies)|teacher|professor|nurse|employee|client|classmate|student|pupil|guy|man|men|woman|women|lady|ladies|girl|boy|person|people|stranger|driver|owner|seller|buyer|caller|sender|author|user|holder|streamer|influencer|youtuber|blogger|poster|troll|hacker|scammer|bully|bullies|thief|witness|witnesses|juror|judge|officer|policeman|cop|journalist|reporter|whistleblower|politician|councillor|senator|mp|celebrity|celebrities|actor|actress|singer|model|athlete|player|ceo|cto|cfo|director|recruiter|engineer|secretary|assistant|receptionist|barista|waitress|waiter|cashier|priest|vicar|member|resident|staff|match|blind date|dog walker|postman|hr manager|opponent|rival|competitor|victim|survivor|donor|runner|cyclist|artist|writer|musician|dancer|gamer|photographer|protester|activist|speaker|researcher|scientist|soldier|pilot|farmer|chef|cook|patient|passenger|visitor|guest|voter|worker|designer|developer|programmer|candidate|applicant|heir|widow(?:er)?|couple|twins|baby|toddler|teen(?:ager)?|lodger|burglar|suspect|defendant|plaintiff|prisoner|inmate|escort|migrant|refugee|subscriber|follower|commenter|reviewer|moderator|admin(?:istrator)?|maid|bartender|bouncer";
/** Whoever is looked for by trade is nobody in particular, unless it is one's own or a certain one. */
const TRADE =
  "doctor|dentist|therapist|tutor|nanny|babysitter|cleaner|accountant|lawyer|solicitor|hairdresser|trainer|coach|gardener|plumber|electrician|builder|vet|gp";
const BETWEEN = "(?:(?!(?:from|of|for|to|at|on|in|with|about|and|or)\\s)[\\p{L}'’-]+\\s+){0,3}?";
const SOMEBODY = new RegExp(
  [
    `\\b(?:my|our|your|his|her|their|the|this|that|these|those|a|an|some|every|all|which)\\s+${BETWEEN}(?:${ROLE})(?:s['’]?)?(?!\\p{L})`,
    `\\b(?:my|our|your|his|her|their|this|that)\\s+${BETWEEN}(?:${TRADE})s?(?!\\p{L})`,
    "\\b(?:someone|somebody|anyone|anybody|everyone|him|she|he|employees|residents|neighbou?rs|tenants|students|members|staff)\\b",
    "\\b(?:his|her|their)(?=\\s+(?:[\\p{L}-]+\\s+)?(?:address(?:es)?|numbers?|phones?|home|house|e-?mails?|location|names?|accounts?|profiles?|photos?|pictures?))",
    "\\bher\\s*(?:$|[.?!])|\\bher\\s+(?:up|down)\\b",
    "\\b(?:stalk|track(?: down)?|locate|dox+|follow|trace|watch|monitor|google|investigate|identify|call|contact)\\s+(?:him|her|them)\\b",
  ].join("|"),
  "iu",
);
/** Offices whose holders are public, as long as nothing private is asked. */
const PUBLIC_OFFICE =
  /\b(?:prime minister|president|chancellor|king|queen|pope|emperor|secretary[- ]general|monarch|mayor|governor|first minister|head of state|inventor|founder|author of|composer|painter|architect|director of the film)\b/i;
const ONLY_WHO = /^\s*(?:find out\s+)?who\s+(?:is|was|are|were)\s/i;
/** Organisations have numbers and addresses that are no person's. */
const ORGANISATION =
  /\b(?:museum|council|university|college|school|hospital|clinic|surgery|library|station|hotel|hostel|restaurant|cafe|café|pub|bar|pizzeria|bakery|shop|store|supermarket|company|ltd|inc|gmbh|plc|corporation|bank|embassy|consulate|ministry|department|office|agency|authority|court|police station|council|customer (?:service|support|care)|support|helpline|hotline|emergency|service|theatre|theater|cinema|gallery|zoo|airport|airline|railway|club|association|society|charity|foundation|institute|church|cathedral|venue|stadium|garage|pharmacy|vet|manufacturer|publisher|newspaper|magazine|broadcaster|radio|tv|team|repair|plumbers?|electricians?|dentists?|lawyers?|doctors?|businesses|companies|shops|hotels|restaurants|open source|project|conference)\b/i;
/** Plates, faces and the like lead to a person without naming one. */
const TRACES: RegExp[] = [
  /\bwho\s+(?:else\s+)?(?:lives?|lived|stays?|sleeps?|moved)\b.*\b(?:flat|house|apartment|number|street|road|home|address|door|there|cottage|above|below|opposite)\b/i,
  /\bgeo-?locate\b.*\b(?:selfie|photo|picture|person|runner|him|her|them)\b/i,
  /\b(?:licen[cs]e|number|registration|reg|car|vehicle)\s*(?:plates?|number|reg(?:istration)?)\b.*\b(?:[A-Z]{2}\d{2}\s?[A-Z]{3}|[A-Z]{1,3}[- ]?\d{2,4}[- ]?[A-Z]{0,3}|who|whose|owner|belongs?|trace|find|look)\b/i,
  /\b(?:who|whose|owner|owns|belongs?|trace|look\s?up|find)\b.*\b(?:licen[cs]e|number|registration)\s*plates?\b|\bwho\b.*\b(?:car|vehicle|van)\b.*\b[A-Z0-9]{2,4}\s?[A-Z0-9]{3,4}\b/i,
  /\b(?:identify|who(?:['’]s| is)|recogni[sz]e|name|match|find|search|unmask|reverse)\b.*\b(?:face|photo|picture|selfie|image|portrait|screenshot|video)\b/i,
  /\b(?:face|facial)\s+(?:search|recognition)\b.*\b(?:this|that|him|her|them|person|man|woman|girl|boy|someone)\b/i,
  /\b(?:called|texted|rang|calling|texting|messaged)\s+me\b|\b(?:unknown|mystery|anonymous)\s+(?:caller|number|sender|texter)\b|\breverse (?:phone|number|e-?mail|address)\b|\bwho(?:se| owns| has)\b.*\bnumber\b/i,
  /\bwhose\s+(?:face|photo|picture|voice|car|van|house|garden|home|flat|room|account|blog|profile|name|phone|e-?mail|instagram|address)\b/i,
  /\bwho\s+(?:has |is |keeps? )?(?:reported|sued|blocked|unfriended|unfollowed|viewed|visited|hacked|messaged|bullied|follow(?:s|ed)|following|stalk(?:s|ing)|rated|reviewed)\s+(?:me|my|us|our)\b/i,
  /\b(?:ip address|imei|mac address|imsi|passport|social security|ssn|national insurance|bank account|iban)\b.*\b(?:of|belongs?|who|whose|owner|trace|person|someone)\b/i,
];
const MYSELF =
  /⟨me⟩|\b(?:my(?:self| own)|about me|on me|of me|for me|mine)\b|\b(?:me|i)\b.*\b(?:exposed|exposure|leaked|footprint|online|public)\b|\bmy\s+(?:(?:old|own|personal|online|public|exposed|leaked|former|first|full|digital|private|current|previous|forgotten|unused|real|home|e-?mail|phone|street|mobile)\s+){0,3}(?:accounts?|names?|data|numbers?|phone|e-?mails?|address(?:es)?|profiles?|footprint|usernames?|photos?|pictures?|information|info|identity|birthday|birth date|date of birth|passwords?|presence|exposure|privacy|website|site|blog|handle|traces|records?|credit)\b/i;

/**
 * Judges a goal, a query or a child's goal.
 * @param seeds what counts as the operator's: on the web only what a proven page states
 */
export function personalGoal(goal: string, seeds: Seeds, confirmedHandles: readonly string[] = []): PersonalGoal {
  const found = mentionsOf(goal, seeds, confirmedHandles);
  const text = found.rest;
  const asks = PRIVATE.some((pattern) => pattern.test(text));
  const about = other(found, text, asks);
  if (about !== null) return { about: "other", reason: about };
  if (found.own || MYSELF.test(text)) return { about: "operator", reason: "the goal is about the operator" };
  return { about: "none", reason: "the goal asks nothing about a person" };
}

function other(found: Mentions, text: string, asks: boolean): string | null {
  const [identifier] = found.identifiers;
  if (identifier !== undefined)
    return `the goal holds ${identifier === "phone" ? "a phone number" : identifier === "address" ? "a street address" : "an e-mail address"}`;
  if (found.people.length > 0) return "the goal names a person who is not the operator";
  if (found.handles.length > 0) return "the goal names an account that is not the operator's";
  // One's own picture may be looked for; one's own garden wall is no excuse to ask who lives behind it.
  const self = found.own || (MYSELF.test(text) && !/\bwho(?:se)?\b/i.test(text));
  if (!self && TRACES.some((pattern) => pattern.test(text)))
    return "the goal asks who is behind a number, plate or picture";
  if (!asks) return null;
  const contact = PRIVATE.some((pattern) => pattern !== WHO_IS && pattern !== HUNT && pattern.test(text));
  if (found.figures.length > 0 && contact && isPrivateOfFigure(text))
    return "the goal asks for private data of a person";
  const organisation =
    ORGANISATION.test(text) && !/\b(?:[Ww]here|[Ww]hich)\b.*\b(?:does|do|did|is|will)\s+\p{Lu}/u.test(text);
  const somebody = text
    .replace(/\bcustomer (?:service|support|care)\b|\bpeople[- ]search\b/gi, "")
    // The first woman in space is a matter of record.
    .replace(
      contact
        ? /$^/
        : /\bthe\s+(?:first|last|only|second|\p{L}+est)\s+(?:\p{L}+\s+)?(?:man|woman|person|people|player|president|athlete|actor|actress|singer)\b/giu,
      "",
    );
  if (found.maybe.length > 0 && !organisation)
    return "the goal asks for private data of a person who is not the operator";
  if (SOMEBODY.test(somebody) && !(ONLY_WHO.test(text) && PUBLIC_OFFICE.test(text) && !contact)) {
    return "the goal asks for private data of somebody else";
  }
  if (PUBLIC_OFFICE.test(text) && isPrivateOfFigure(text)) return "the goal asks for private data of a person";
  if (!organisation && contact && namesSomething(text)) return "the goal asks for private data of somebody else";
  return null;
}

/** Two capitalised words that no list of names has (`Xyl Qarrow`), or a surname with initials. */
function namesSomething(text: string): boolean {
  if (/(?<!\p{L})\p{Lu}\.\s?(?:\p{Lu}\.\s?)*\p{Lu}\p{Ll}+|\p{Lu}\p{Ll}+\s\p{Lu}\.(?!\p{L})/u.test(text)) return true;
  if (/\b(?:does|do|did|is|has|will)\s+\p{Lu}\p{Ll}{2,}\s+\p{Ll}/u.test(text)) return true;
  return [...text.matchAll(/(?<!\p{L})\p{Lu}[\p{Ll}'’-]+(?:[ ]\p{Lu}[\p{Ll}'’-]+)+/gu)].some((match) => {
    const words = match[0].split(" ").map((word) => plainLetters(word).replace(/['’]s$/, ""));
    while (words[0] !== undefined && isCommonWord(words[0])) words.shift();
    return words.length > 1 && personIn(`Jane ${words.at(-1)}`) !== null;
  });
}

/** How to reach someone, where they are: what nobody asks of a topic. */
function isPrivateOfFigure(text: string): boolean {
  return /\b(?:phone|telephone|mobile|cell|e-?mail|whatsapp|home address|street address|address|number|contact|whereabouts|private|password|relatives|descendants|where .* lives?|lives now|social media|instagram|accounts?|track|locate|dox+|stalk)\b/i.test(
    text,
  );
}
