/** What people do for pleasure: words that make a vague sentence mean an interest. */

const KNOWN = new Set(
  `running|fell running|trail running|jogging|marathons|cycling|road cycling|mountain biking|bmx|swimming|wild swimming|open water swimming|rowing|sailing|kayaking|canoeing|surfing|windsurfing|kitesurfing|paddleboarding|diving|scuba diving|snorkelling|climbing|rock climbing|bouldering|mountaineering|hiking|hillwalking|walking|rambling|orienteering|geocaching|camping|skiing|cross-country skiing|snowboarding|skating|ice skating|skateboarding|rollerblading|football|soccer|rugby|cricket|tennis|badminton|squash|table tennis|ping pong|golf|hockey|netball|basketball|volleyball|baseball|softball|lacrosse|bowls|bowling|darts|snooker|pool|archery|fencing|judo|karate|taekwondo|aikido|boxing|wrestling|yoga|pilates|gymnastics|weightlifting|powerlifting|crossfit|triathlon|triathlons|athletics|horse riding|riding|dressage|equestrianism|fishing|fly fishing|angling|hunting|falconry|birdwatching|birding|bird watching|beekeeping|gardening|allotments|allotment gardening|bonsai|houseplants|foraging|mushroom hunting|mycology|botany|entomology|astronomy|stargazing|meteorology|geology|fossil hunting|metal detecting|archaeology|history|local history|family history|genealogy|philately|stamp collecting|coin collecting|numismatics|antiques|vintage clothes|vinyl|vinyl records|record collecting|model railways|model trains|model making|model building|scale modelling|miniature painting|wargaming|board games|boardgames|tabletop games|role-playing games|chess|go|bridge|poker|scrabble|crosswords|puzzles|jigsaw puzzles|sudoku|video games|gaming|retro gaming|retro computing|speedrunning|programming|coding|open source|electronics|robotics|3d printing|amateur radio|ham radio|shortwave radio|drones|drone flying|gliding|paragliding|hang gliding|skydiving|parachuting|flying|plane spotting|trainspotting|ballooning|motorcycling|motorbikes|classic cars|car restoration|karting|motorsport|photography|film photography|street photography|landscape photography|wildlife photography|astrophotography|film making|filmmaking|cinema|film|films|theatre|amateur dramatics|acting|improv|stand-up comedy|opera|ballet|dance|dancing|ballroom dancing|salsa|tango|swing dancing|morris dancing|folk dancing|line dancing|music|jazz|folk music|classical music|choral singing|singing|choir|barbershop|piano|guitar|violin|cello|bass|bass guitar|double bass|harp|concertina|veena|sitar|tabla|flute|drums|drumming|ukulele|banjo|accordion|bagpipes|bell ringing|change ringing|djing|songwriting|composing|concerts|festivals|reading|science fiction|poetry|creative writing|writing|blogging|journaling|calligraphy|lettering|letterpress|letterpress printing|bookbinding|printmaking|linocut|screen printing|painting|watercolour|watercolours|watercolour painting|oil painting|drawing|sketching|urban sketching|illustration|comics|manga|anime|origami|papercraft|scrapbooking|pottery|ceramics|sculpture|glassblowing|stained glass|woodwork|woodworking|wood turning|woodturning|whittling|carpentry|joinery|furniture making|metalwork|blacksmithing|knife making|leatherwork|jewellery making|silversmithing|clock repair|watchmaking|horology|lock picking|lockpicking|knitting|crochet|sewing|dressmaking|quilting|embroidery|cross-stitch|weaving|spinning|macrame|felting|lacemaking|cooking|baking|sourdough|sourdough baking|bread baking|bread making|cake decorating|cheese making|cheesemaking|brewing|home brewing|homebrewing|cider making|wine|wine tasting|winemaking|whisky|coffee|tea|chocolate making|fermentation|fermenting|pickling|barbecue|vegan cooking|travel|travelling|traveling|languages|esperanto|volunteering|meditation|tarot|magic|juggling|circus skills|unicycling|parkour|ultimate frisbee|disc golf|frisbee|croquet|petanque|boules|curling|ice hockey|field hockey|water polo|synchronised swimming|roller derby|cosplay|larping|historical reenactment|re-enactment|puppetry|ventriloquism|kite flying|kites|lego|rubik's cubes|speedcubing|quizzes|pub quizzes|trivia|debating|dogs|dog training|dog walking|cats|aquariums|fishkeeping|reptiles|chickens|pigeon racing|tropical fish|canal boats|narrowboats|caravanning|motorhomes|urban exploration|caving|potholing|canyoning|coasteering|rafting|dragon boat racing|tai chi|kung fu|capoeira|krav maga|stone skimming|dry stone walling|hedgelaying|thatching|basket weaving|basketry|candle making|soap making|perfume|typewriters|fountain pens|maps|cartography|lighthouses|trams|steam engines|traction engines|tide tables|moths|mosses|ferns|orchids|dahlias|roses|cacti|succulents|topiary|kintsugi|ikebana|rock balancing|mudlarking|beachcombing|sea swimming|cold water swimming|ice swimming|moth trapping`.split(
    "|",
  ),
);

/** Agent nouns whose activity is not simply -ing. */
const AGENTS: Record<string, string> = {
  photographer: "photography",
  cyclist: "cycling",
  motorcyclist: "motorcycling",
  pianist: "piano",
  guitarist: "guitar",
  violinist: "violin",
  cellist: "cello",
  drummer: "drumming",
  astronomer: "astronomy",
  philatelist: "philately",
  genealogist: "genealogy",
  birder: "birding",
  archer: "archery",
  potter: "pottery",
  carpenter: "carpentry",
  angler: "angling",
  sailor: "sailing",
  chef: "cooking",
  cook: "cooking",
  reader: "reading",
  writer: "writing",
  poet: "poetry",
  triathlete: "triathlon",
  gymnast: "gymnastics",
  fencer: "fencing",
  golfer: "golf",
  footballer: "football",
  cricketer: "cricket",
  mountaineer: "mountaineering",
  naturalist: "natural history",
  botanist: "botany",
  illustrator: "illustration",
  calligrapher: "calligraphy",
  bookbinder: "bookbinding",
  mycologist: "mycology",
  caver: "caving",
  gamer: "gaming",
  blacksmith: "blacksmithing",
  programmer: "programming",
  historian: "history",
  brewer: "brewing",
  homebrewer: "homebrewing",
};

/** A pastime in these very words. */
export const isKnownHobby = (text: string): boolean => KNOWN.has(text.toLowerCase().trim());

/** A known pastime, or a kind of one: `sea kayaking`, `vintage typewriters`. */
export function isHobby(text: string): boolean {
  const words = text.toLowerCase().trim().split(/\s+/);
  if (KNOWN.has(words.join(" "))) return true;
  const last = words.at(-1) ?? "";
  return (
    words.length > 1 &&
    words.length < 4 &&
    /(?:ing|ography|boarding)$/.test(last) &&
    KNOWN.has(last) &&
    !/^(?:the|a|an|my|your|of|in|not|no|start|started|go|going|keep|stop|like|likes|love|loves|enjoy|enjoys|into|and|or)$/.test(
      words[0] ?? "",
    )
  );
}

/** `fell runner(s)` -> `fell running`, `keeper` -> `keeping`; undefined where the word is no agent noun. */
export function activityOf(agent: string): string | undefined {
  const words = agent.toLowerCase().trim().split(/\s+/);
  const last = (words.pop() ?? "").replace(/s$/, "");
  const known = AGENTS[last];
  const doing = known ?? (/[a-z]{2,}er$/.test(last) ? gerund(last.slice(0, -2)) : undefined);
  if (!doing) return undefined;
  const whole = [...words, doing].join(" ");
  return known ||
    isHobby(whole) ||
    isHobby(doing) ||
    /(?:keeping|making|climbing|running|swimming|ringing|printing|baking|watching|riding|walking|racing|painting|spotting|turning|carving|building|collecting|detecting|flying|fishing|sailing|weaving|spinning|binding|bouldering)$/.test(
      doing,
    )
    ? whole
    : undefined;
}

function gerund(stem: string): string {
  return `${stem}ing`;
}

const ORG_WORD =
  /\b(?:club|society|group|guild|circle|collective|association|assoc|team|league|choir|union|network|meetup|federation|fellowship|branch|chapter|enthusiasts?|fans|lovers|crew|squad|verein|practices?|meetings?|sessions?|nights?|evenings?|training|workshops?|class|classes|outing|trip|social|weekly|monthly|annual|agm|rehearsals?|members)\b\.?/gi;

/** The interest in a club's name: `Otterford Fell Runners` -> `fell running`; undefined where it is not plain. */
export function interestOfClub(club: string): string | undefined {
  const bare = club
    .replace(ORG_WORD, " ")
    .replace(/\b(?:the|of|and|for|&)\b/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
  const words = bare.split(" ");
  // The longest ending that is a known activity, so that the place in front of it falls away.
  for (let from = 0; from < words.length; from++) {
    const tail = words.slice(from).join(" ").toLowerCase();
    if (isHobby(tail)) return tail;
    const activity = activityOf(tail);
    if (activity && isHobby(activity)) return activity;
  }
  return undefined;
}
