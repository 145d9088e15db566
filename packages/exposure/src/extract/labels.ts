/** What the labels of fields mean, in the wordings of many sites and several languages. */
import { fold } from "./words.ts";

export type Meaning =
  | "name"
  | "handle"
  | "employer"
  | "school"
  | "interest"
  | "location"
  | "born"
  | "age"
  | "phone"
  | "e-mail"
  | "address"
  | "site"
  | "role"
  | "relatives"
  | "photo"
  | "club";

const WORDINGS: Record<Meaning, string> = {
  name: `name|full name|real name|display name|legal name|contact name|contact person|registrant|registrant name|registrant contact name|owner|author|artist|photographer|seller|sold by|posted by|submitted by|by|written by|organiser|organizer|organised by|host|hosted by|contact|fn|given name|nombre|nom|nome|naam|navn|namn|vollstandiger name|ansprechpartner|admin name|tech name|creator|byline|runner|athlete|member|rider|vendeur|vendeuse|annonceur|verkaufer|verkauferin|anbieter|vendedor|vendedora|venditore|verkoper|auteur|autor|autorin|autore`,
  handle: `username|user name|user|handle|nick|nickname|login|screen name|account|alias|alternate name|alternatename|aka|also known as|known as|gamertag|call sign|callsign|benutzername|usuario|pseudo|pseudonyme|nom d'utilisateur|gebruikersnaam|user id|userid|profile name|display handle|twitter|mastodon|telegram|instagram|github|gitlab|skype|discord`,
  employer: `works at|work at|work|works for|worksfor|working at|working for|employer|current employer|company|company name|workplace|place of work|organisation|organization|org|registrant organization|registrant organisation|firm|business|employed by|employed at|employment|job at|day job|arbeitgeber|firma|unternehmen|arbeitet bei|empleador|empresa|trabaja en|employeur|entreprise|travaille chez|societe|datore di lavoro|azienda|lavora presso|werkgever|bedrijf|werkt bij|empregador|trabalha em|arbetsgivare|foretag|arbejdsgiver|current company|previous employer|former employer|past employer|formerly at|previously at|previously|past company|previous company|affiliation|institution|department of|at work|earns a living at|pays the bills|paid by`,
  school: `school|schools|education|studied at|studies at|studied|study|university|college|alma mater|almamater|alumni of|alumniof|alumnus of|alumna of|graduate of|graduated from|went to|attended|schooling|educated at|high school|secondary school|grammar school|degree from|ausbildung|schule|hochschule|universitat|studium|studierte an|escuela|universidad|estudio en|estudios|educacion|ecole|universite|formation|etudes|a etudie a|scuola|universita|istruzione|opleiding|universiteit|escola|faculdade|formacao|utbildning|uddannelse|academic background|where i studied`,
  interest: `interests|interest|hobbies|hobby|hobbies and interests|interests and hobbies|likes|into|pastimes|pastime|passions|passion|passionate about|enjoys|loves|love|keen on|free time|spare time|in my spare time|leisure|leisure activities|knows about|knowsabout|activities|favourite things|favorite things|favourite pastimes|things i like|what i like|fond of|about me i like|interessen|hobbys|freizeit|intereses|aficiones|pasatiempos|gustos|centres d'interet|centre d'interet|loisirs|passe-temps|passions et loisirs|interessi|passatempi|interesses|hobby's|vrije tijd|intressen|interesser|fritid|sports|sport|recreations|when not working|outside work|out of hours|off duty|after hours|tags i follow|topics|also into|big into|what i love|things i love|i love|i like|i enjoy|favourite pastimes|mes passions|mes loisirs|mis aficiones|i miei interessi`,
  location: `location|based in|city|lives in|where i live|where i am|where i'm from|i live in|home base|home port|port d'attache|live in|living in|hometown|home town|from|town|place|where|whereabouts|residence city|home|homelocation|home location|current city|city/town|locality|region|area|grew up in|born in|birthplace|place of birth|birth place|originally from|comes from|hails from|neighbourhood|neighborhood|ort|wohnort|stadt|lebt in|heimatort|heimatstadt|standort|ciudad|vive en|ubicacion|lugar|ville|lieu|habite a|localisation|domicilio|citta|vive a|luogo|stad|woonplaats|plaats|cidade|mora em|localizacao|bor i|by i|ships from|item location|located in|location of item|geo|situated in|moved to|last known city|current location|registrant city|pickup|collect from|collection from|can be collected from|previous cities|also lived in|has lived in|past locations`,
  born: `born|birthday|birth date|birthdate|date of birth|dob|bday|b|year of birth|birth year|geboren|geburtstag|geburtsdatum|nacido|fecha de nacimiento|cumpleanos|ne le|nee le|date de naissance|anniversaire|nato il|data di nascita|geboortedatum|data de nascimento|fodd|fodselsdag`,
  age: `age|aged|alter|edad|leeftijd|eta|idade`,
  phone: `phone|tel|telephone|mobile|cell|call|phone number|telefon|handy|telefono|movil|portable|cellulare|telefoon|telefone|mobil|fax|ring|text|whatsapp|registrant phone`,
  "e-mail": `e-mail|email|mail|e-mail address|email address|correo|courriel|mel|posta|registrant email|contact e-mail`,
  address: `address|home address|postal address|street address|residence|street|adresse|anschrift|direccion|indirizzo|adres|endereco|adress|registrant street|mailing address|current address|previous address|past addresses`,
  site: `website|web site|homepage|home page|web|site|url|links|link|blog|webseite|internet|sitio web|site web|sito|pagina web|profiles|sameas|elsewhere|find me|on the web|also on|other page`,
  role: `role|position|job title|jobtitle|occupation|job|title|profession|beruf|profesion|puesto|metier|poste|professione|beroep|profissao|yrke|works as|headline`,
  relatives: `relatives|family|related to|possible relatives|associates|relative|known associates|spouse|partner|friends|siblings|parents|household|others at this address|may know|neighbours|neighbors|colleagues|followers|following|members`,
  photo: `photo|avatar|picture|image|foto|profile photo|profile picture`,
  club: `club|clubs|member of|memberships|membership|society|societies|team|plays for|runs for|affiliations|groups|verein|vereine|vereniging|clubs and societies`,
};

const MEANINGS = new Map<string, Meaning>();
for (const [meaning, list] of Object.entries(WORDINGS) as [Meaning, string][]) {
  for (const wording of list.split("|")) if (!MEANINGS.has(wording)) MEANINGS.set(wording, meaning);
}

/** The meaning of a label, or undefined. Decoration, counts and colons are ignored: `Hobbies (3):`, `♥ Likes`. */
export function meaningOf(label: string): Meaning | undefined {
  const spaced = label.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_-]+/g, " ");
  for (const wording of [label, spaced]) {
    const bare = fold(wording)
      .replace(/\([^)]*\)/g, "")
      .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "")
      .replace(/\s+/g, " ");
    const known =
      MEANINGS.get(bare) ??
      MEANINGS.get(
        bare.replace(
          /^(?:my|your|his|her|their|the|our|meine?|mein|deine?|mes|mon|ma|vos|ses|mis?|i miei|le mie|current|main|primary|favou?rite|personal|contact|public)\s+/,
          "",
        ),
      ) ??
      MEANINGS.get(bare.replace(/\bemail\b/, "e-mail"));
    if (known) return known;
  }
  return undefined;
}

/** Headings that begin a list of other people or of other people's words. */
export const OTHERS_HEADING =
  /^(?:(?:andere|weitere|[aä]hnliche)\s+(?:mitglieder|personen|profile|nutzer|menschen)\b.{0,40}|(?:andere|personen) sahen .{0,30}|.{0,20}\bmit diesem namen|(?:d'autres|autres)\s+(?:membres|personnes|profils|abonn[eé]s)\b.{0,40}|profils similaires|(?:otr[oa]s|altr[ei])\s+(?:personas|miembros|perfiles|persone|membri|profili)\b.{0,40}|(?:(?:more|other)\s+)?(?:people|members|profiles|users|professionals|persons)\s+(?:named|called|with (?:the same|this|that|a similar) name)\b.{0,40}|kommentare|commentaires|freunde|amis|verwandte|(?:[\d,.]+\s+)?(?:(?:his|her|their|my|your|mutual|all|top|recent|online|possible|known|other|suggested|related|similar)\s+)*(?:friends?|followers|following|people (?:also )?(?:viewed|like|you may know|nearby)|also viewed|similar (?:profiles|people)|suggested (?:profiles|for you)|comments?|replies|answers?|relatives|family|associates|neighbou?rs|members nearby|who to follow|guestbook|related (?:profiles|people)|colleagues|contacts|connections|blogroll|friends of friends|fans|visitors|recent visitors|contributors|possible associates)(?:\s*\(?[\d,.]+\)?)?)\s*:?$/i;

/** Headings over other people who are called as the page's subject is, or are like them. */
export const NAMESAKES_HEADING =
  /\b(?:named|called|with (?:the same|this|that|a similar) name|namesakes?|mit diesem namen|gleichen namens|namensvettern?|du m[eê]me nom|homonymes?|con el mismo nombre|(?:similar|suggested|related|other|more) (?:profiles|people)|(?:also|people) viewed|you may know)\b/i;

/** Headings of a part of a CV or profile that go on over the following lines. */
export function sectionOf(line: string): "employer" | "school" | "interest" | "other" | undefined {
  const bare = fold(line)
    .replace(/[^\p{L} &/]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (bare.length > 40 || bare === "") return undefined;
  if (
    /^(?:professional |work |relevant |career |selected )?(?:experience|employment|work|career|history|positions?|jobs|berufserfahrung|werdegang|beruf|experiencia|experience professionnelle|esperienza|work history|employment history|career history|work experience|professional experience|career summary|ervaring|where i have worked|where ive worked|previous jobs|working life)$/.test(
      bare,
    )
  )
    return "employer";
  if (
    /^(?:education|schooling|schools?|studies|academic background|qualifications|education and training|education (?:&|and) qualifications|training|ausbildung|bildung|studium|formacion|educacion|formation|istruzione|opleiding|academic history|degrees?|learning|where i studied)$/.test(
      bare,
    )
  )
    return "school";
  if (
    /^(?:other |personal |my )?(?:interests?|hobbies|hobbies (?:&|and|\/) interests|interests (?:&|and|\/) hobbies|pastimes?|passions|leisure|spare time|free time|in my spare time|in my free time|outside work|activities|activities (?:&|and) interests|interessen|hobbys|aficiones|intereses|loisirs|centres d interet|interessi|likes|things i (?:like|love|enjoy)|i (?:like|love|enjoy)|(?:meine |mes |mis )(?:hobbys|interessen|passions|loisirs|aficiones)|recreations?|when not working|away from work|off duty|out of hours)$/.test(
      bare,
    )
  )
    return "interest";
  if (
    /^(?:skills|languages|references|referees|contact|contact details|personal|personal details|details|profile|summary|about|about me|publications|projects|awards|certificates?|certifications|volunteering|links|photos?|posts?|address|objective|statement|kenntnisse|sprachen|kontakt|referenzen|competences|langues|idiomas|achievements|training courses|tools|software|key skills|personal statement|talks|members?|news|events|results)$/.test(
      bare,
    )
  )
    return "other";
  return undefined;
}
