/** Word lists of the grammars. Every place and organisation is made up. */

export const FIRST_NAMES = {
  f: "Ada Bridget Carys Delia Edith Freya Greta Hazel Imogen Joan Keira Leonie Maren Nadia Orla Petra Rhona Sabine Tamsin Una Verity Winifred Yara Zelda Astrid Blythe Cecily Dorothea Elspeth Fenella Ingrid Marguerite Philippa Rosalind Sunniva Thea".split(
    " ",
  ),
  m: "Alden Basil Corin Dermot Edmund Felix Gareth Hamish Ivor Jasper Kester Lorcan Magnus Niall Oswin Piers Quentin Rufus Silas Tobias Ulric Vaughn Wendell Yorick Anselm Bertram Caspian Duncan Emrys Fergus Gideon Horace Leander Mungo Percival Rowan".split(
    " ",
  ),
} as const;

export const LAST_NAMES: readonly string[] =
  "Thorne Ashgrove Bellweather Calloway Dunmore Everly Fairbrother Garrick Hollis Inglewood Jessop Kettering Lockhart Marchbanks Netherby Oakhurst Penhallow Quillfeather Ravenscroft Sedgewick Tolliver Underhay Vance Wetherall Yardley Alderman Birtwhistle Carrow Danvers Eastlake Fenwright Grimshaw Hathersage Ironside Juniper Kellaway Larkin Mossman Norcross Orchard Pettigrew Rookwood Stavely Tamworthy Umber Vickery Winterbourne Yewdale Applegarth Brackenbury Crabtree Dallimore Elphick Foxworth Goodenough Hartnoll".split(
    " ",
  );

/** Town names are built of two halves so that they belong to no map. */
export const TOWN_HEADS: readonly string[] =
  "Harrin Wexen Kestrel Brammel Otter Thistle Larch Hollow Merrow Quarry Sallow Tarn Ember Farrin Gorse Heron Ivel Juniper Linden Marlen Nettle Orrin Pike Rusk Sable Teal".split(
    " ",
  );
export const TOWN_TAILS: readonly string[] =
  "borough moor mouth stead combe wick ford haven leigh field bridge minster gate holme".split(" ");

export const STREET_NAMES: readonly string[] =
  "Larkspur,Candlewick,Foundry,Saltmarsh,Tanner,Orchard Bank,Bellfounder,Copperbeech,Driftwood,Elderflower,Fiddler,Gooseberry,Hawthorn End,Ironbark,Jackdaw,Kingfisher,Lamplighter,Millrace,Nightingale,Old Ropery,Pepperpot,Quince,Rosehip,Sexton,Turnstone,Upper Weir,Vinegar,Weaver,Yarrow,Clockmaker".split(
    ",",
  );
export const STREET_TYPES: readonly string[] = "Lane Road Street Avenue Close Drive".split(" ");

export const COMPANY_HEADS: readonly string[] =
  "Harrow Finch Copperline Brindle Marlow Stonecrop Tidewell Larkhill Vantry Oakmere Pellworth Quayside Redshank Silverbirch Thornbury Wheatear Ambergate Blackthorn Coldharbour Dovecote Elmstead Foxglove Greywater Highbeck".split(
    " ",
  );
export const COMPANY_TRADES: readonly string[] =
  "Surveying Instruments Logistics Software Ceramics Bakery Architects Marine Analytics Printworks Joinery Optics Hydraulics Seeds Textiles Acoustics".split(
    " ",
  );
export const ROLES: readonly string[] =
  "Surveyor,Office Manager,Data Analyst,Site Engineer,Product Designer,Bookkeeper,Workshop Lead,Quality Inspector,Account Manager,Field Technician,Software Developer,Buyer,Planner,Archivist,Lab Technician,Estimator".split(
    ",",
  );

export const SCHOOL_KINDS = [
  "University of {}",
  "{} College of Art",
  "{} Polytechnic",
  "{} Institute of Technology",
] as const;
export const SECONDARY_KINDS = [
  "{} Grammar School",
  "{} High School",
  "St Brannoc's School {}",
  "{} Community College",
] as const;
export const SUBJECTS: readonly string[] =
  "Geography,Chemistry,Fine Art,Civil Engineering,History,Mathematics,Marine Biology,Linguistics,Physics,Economics".split(
    ",",
  );

/** Interests: canonical value and what one sells, asks and says about it. */
export const INTERESTS = [
  { name: "fell running", gear: "fell shoes", club: "Fell Runners", verb: "up on the hills before breakfast" },
  {
    name: "film photography",
    gear: "35mm rangefinder",
    club: "Film Photography Circle",
    verb: "developing rolls in the bath",
  },
  { name: "beekeeping", gear: "smoker and veil", club: "Beekeepers", verb: "checking the hives" },
  { name: "sourdough baking", gear: "proving baskets", club: "Bread Guild", verb: "feeding the starter" },
  { name: "bouldering", gear: "crash pad", club: "Bouldering Collective", verb: "falling off the same overhang" },
  {
    name: "letterpress printing",
    gear: "tray of lead type",
    club: "Letterpress Society",
    verb: "inking the old proof press",
  },
  { name: "bell ringing", gear: "practice bell rope", club: "Bell Ringers", verb: "counting changes in the tower" },
  {
    name: "amateur radio",
    gear: "handheld transceiver",
    club: "Amateur Radio Group",
    verb: "calling on twenty metres",
  },
  { name: "wild swimming", gear: "neoprene gloves", club: "Wild Swimmers", verb: "shivering on the jetty" },
  { name: "chess", gear: "tournament clock", club: "Chess Club", verb: "losing to the same gambit" },
  { name: "birdwatching", gear: "spotting scope", club: "Birdwatchers", verb: "waiting in a hide" },
  { name: "bookbinding", gear: "nipping press", club: "Bookbinders", verb: "sewing sections" },
  { name: "mountain biking", gear: "hardtail frame", club: "Mountain Bikers", verb: "fixing another puncture" },
  { name: "pottery", gear: "kick wheel", club: "Pottery Studio", verb: "centring clay" },
  { name: "sea kayaking", gear: "split paddle", club: "Sea Kayakers", verb: "reading tide tables" },
  { name: "woodturning", gear: "bowl gouge", club: "Woodturners", verb: "sweeping up shavings" },
  { name: "astronomy", gear: "eight inch reflector", club: "Astronomers", verb: "hoping for a clear night" },
  { name: "orienteering", gear: "thumb compass", club: "Orienteers", verb: "running the wrong way with confidence" },
  { name: "folk fiddle", gear: "student fiddle", club: "Folk Session", verb: "learning reels by ear" },
  { name: "allotment gardening", gear: "cold frame", club: "Allotment Society", verb: "digging over the beds" },
  { name: "knitting", gear: "bag of sock yarn", club: "Knitters", verb: "turning a heel" },
  { name: "model railways", gear: "box of track", club: "Model Railway Club", verb: "ballasting a siding" },
  { name: "archery", gear: "recurve bow", club: "Archers", verb: "fetching arrows out of the hedge" },
  { name: "homebrewing", gear: "fermenter", club: "Homebrewers", verb: "waiting for the airlock to slow" },
] as const;
export type Interest = (typeof INTERESTS)[number];

/** Halves of invented handles, such as `quillfox`. */
export const HANDLE_HEADS: readonly string[] =
  "quill moss ember pixel brine tin velvet copper night paper gravel saffron wool lantern juniper static".split(" ");
export const HANDLE_TAILS: readonly string[] =
  "fox heron otter badger wren moth pike goat lynx stoat toad crane newt hare rook vole".split(" ");
