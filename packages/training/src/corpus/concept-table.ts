/**
 * What the small internet is about. One line a concept: `term = kind: core; core`. A core begins with the verb's base form;
 * `[a] ... [b]` marks a pair that a confused voice turns round. Neighbours (1st and 2nd, 3rd and 4th, ...) are what people mix up.
 */
import type { Domain } from "./types.ts";

/** Two ways to say what kind of thing a concept is. */
export const kinds = {
  theory: ["a theory of ethics", "a moral theory"],
  virtue: ["a virtue", "a good habit of mind"],
  vice: ["a vice", "a bad habit of mind"],
  field: ["a field of philosophy", "a branch of philosophy"],
  view: ["a view in philosophy", "a position in philosophy"],
  reasoning: ["a way to reason", "a method of thought"],
  fallacy: ["a fallacy", "an error of reasoning"],
  force: ["a force of nature", "a basic force"],
  change: ["a physical process", "a process in nature"],
  particle: ["a tiny particle", "a bit of matter"],
  quantity: ["a quantity in physics", "a physical measure"],
  body: ["a body in space", "an object in the sky"],
  process: ["a process of life", "a process in living things"],
  bond: ["a bond between species", "a way for species to live together"],
  part: ["a part of living things", "a living part"],
  organ: ["an organ", "a part of the body"],
  germ: ["a germ", "a cause of disease"],
  medicine: ["a medicine", "a means of healing"],
  program: ["a program", "a piece of software"],
  structure: ["a data structure", "a way to store data"],
  technique: ["a technique of programs", "a method of computing"],
  device: ["a computer part", "a part of a machine"],
  economy: ["a state of the economy", "an economic condition"],
  concept: ["an idea in economics", "an economic concept"],
  market: ["a kind of market", "a market form"],
  payment: ["a kind of payment", "a sum of money"],
  government: ["a form of government", "a way to rule"],
  practice: ["a practice in society", "a social practice"],
  law: ["a rule of law", "a legal matter"],
  art: ["a form of art", "a kind of art"],
  writing: ["a form of writing", "a kind of writing"],
  speech: ["a figure of speech", "a device of language"],
  music: ["a part of music", "an element of music"],
  tool: ["a tool", "a useful thing"],
  food: ["a food", "a thing to eat"],
  habit: ["a habit", "a thing people do"],
} as const satisfies Record<string, readonly [string, string]>;

export const table: Readonly<Record<Domain, string>> = {
  ethics: `
deontology = theory: put [duty] above [results]; judge an act by the rule behind it
consequentialism = theory: put [results] above [duty]; judge an act by what comes of it
utilitarianism = theory: seek the most happiness for the most people; count the joy and pain of all alike
virtue ethics = theory: ask what a good person would do; put [character] above [single acts]
egoism = theory: put [self] above [others]; tell each person to serve himself
altruism = theory: put [others] above [self]; tell each person to serve his neighbours
care ethics = theory: start from our bonds to people near us; put [care] above [abstract rules]
contract theory = theory: draw duties from a deal that all would sign; call a rule fair when free people would agree to it
relativism = theory: hold that right and wrong differ from place to place; make [custom] the judge of [morals]
absolutism = theory: hold that some acts are wrong always and everywhere; leave no room for exceptions
hedonism = theory: call pleasure the only good; measure [life] by [pleasure]
stoicism = theory: call peace of mind the highest good; accept what we cannot change
moral nihilism = theory: hold that nothing is right or wrong; deny every moral truth
divine command theory = theory: draw right and wrong from the will of god; put [god] above [reason]
courage = virtue: face danger for a good cause; set [purpose] over [fear]
cowardice = vice: flee danger at any price; set [fear] over [purpose]
honesty = virtue: tell the truth even when it costs; make [words] match [thoughts]
deceit = vice: plant false beliefs in others; hide the truth for gain
generosity = virtue: give freely to those in need; ask for nothing in return
greed = vice: want ever more than enough; take from others without need
justice = virtue: give each person his due; treat like cases alike
mercy = virtue: spare those who deserve punishment; put [forgiveness] above [punishment]
humility = virtue: know its own limits; put [learning] above [praise]
pride = vice: think itself better than all others; put [praise] above [learning]`,
  philosophy: `
epistemology = field: study what we can know; ask how [belief] becomes [knowledge]
metaphysics = field: study what there is; ask what is real at the deepest level
logic = field: study which conclusions follow; tell sound arguments from bad ones
aesthetics = field: study beauty and taste; ask what makes a work of art good
empiricism = view: draw [knowledge] from [the senses]; trust experience before thought
rationalism = view: draw knowledge from reason alone; trust thought before experience
idealism = view: hold that all things are mental; make [matter] depend on [mind]
materialism = view: hold that all things are made of matter; make [mind] depend on [matter]
determinism = view: hold that the past fixes the future; leave no choice open
compatibilism = view: hold that fixed choices can be free; join fate with freedom
dualism = view: split the world into mind and matter; hold that mind and body are two things
realism = view: hold that things exist without us; make [opinion] depend on [truth]
skepticism = view: doubt that we know anything; ask for proof of every belief
pragmatism = view: call a belief true when it works; measure [ideas] by [their use]
induction = reasoning: lead from [cases] to [a rule]; expect the future to repeat the past
deduction = reasoning: lead from [a rule] to [cases]; keep truth from premise to conclusion
abduction = reasoning: pick the best explanation; lead from [a clue] to [its likely cause]
analogy = reasoning: carry a point from one case to a similar one; compare two things that share a form
a straw man = fallacy: attack a view that nobody holds; twist the words of an opponent
ad hominem = fallacy: attack the speaker instead of the claim; put [the person] before [the argument]
circular reasoning = fallacy: assume what it sets out to prove; use the conclusion as its own premise
a false dilemma = fallacy: offer two choices when there are more; hide the middle ground`,
  science: `
gravity = force: pull masses together; keep the moon near the earth
magnetism = force: act between moving charges; turn a compass to the north
friction = force: slow things that rub; turn [motion] into [heat]
tension = force: pull along a rope; keep a bridge from falling
an atom = particle: be the smallest part of an element; hold a core with electrons around it
a molecule = particle: be the smallest part of a compound; join several atoms by bonds
an electron = particle: carry negative charge; circle the core of an atom
a proton = particle: carry positive charge; give an element its number
energy = quantity: measure the power to do work; keep its sum while its form changes
entropy = quantity: measure disorder; grow in every closed system
temperature = quantity: tell how fast particles move; be what a thermometer shows
pressure = quantity: tell force for each unit of area; grow with depth under water
mass = quantity: tell how much matter a thing holds; resist a change of speed
density = quantity: tell mass for each unit of volume; decide whether a thing floats
evaporation = change: turn [liquid] into [gas]; dry wet clothes in the sun
condensation = change: turn [gas] into [liquid]; form dew on cold glass
freezing = change: turn [liquid] into [solid]; make ice of water
melting = change: turn [solid] into [liquid]; make water of ice
combustion = change: burn fuel with oxygen; turn [fuel] into [smoke]
erosion = change: carry soil away by wind and water; wear mountains down over ages
a star = body: make light by fusion; hold planets in its orbit
a planet = body: circle a star; borrow its light from a star
a comet = body: grow a tail near the sun; be a ball of dust and ice
a black hole = body: let no light escape; remain when a giant star dies`,
  life: `
photosynthesis = process: turn [light] into [sugar]; let plants feed on the sun
respiration = process: turn [sugar] into [energy]; use oxygen in cells
evolution = process: change species over generations; spread traits that help survival
mutation = process: change the letters of a gene; make a copy differ from its source
heredity = process: pass traits from [parents] to [children]; explain why families look alike
reproduction = process: make new life from old; keep a species from dying out
digestion = process: break food into small parts; prepare food for the blood
metabolism = process: cover all chemistry of the body; balance the building and breaking of matter
hibernation = process: slow an animal through winter; save energy while food is scarce
migration = process: move animals with the seasons; bring birds south in autumn
symbiosis = bond: help both partners; join two species for gain
parasitism = bond: harm the host to feed the guest; take without giving back
a cell = part: be the smallest unit of life; hold genes inside a thin wall
a gene = part: hold the recipe of a protein; sit on a chromosome
a protein = part: be a folded chain of acids; do most work in a cell
an enzyme = part: speed reactions in the body; come out of a reaction unchanged
a heart = organ: pump blood; beat all life long
a lung = organ: bring [air] into [blood]; fill with every breath
a kidney = organ: clean the blood; make urine
a brain = organ: steer the body by nerves; store memories
a virus = germ: need a living cell to multiply; be smaller than any cell
a bacterium = germ: multiply by splitting in two; die from antibiotics
a vaccine = medicine: teach the body to fight a germ; protect before illness comes
an antibiotic = medicine: kill bacteria; end an infection of the lung`,
  computing: `
a compiler = program: turn [source code] into [machine code]; check code before it runs
an interpreter = program: run code line by line; need no translation before it starts
an operating system = program: share the machine among programs; manage files and memory
a database = program: keep records for many users; answer queries about stored facts
malware = program: harm the computer it runs on; spread without consent
a firewall = program: block unwanted traffic; guard a network from outside
an array = structure: find items by number; keep items side by side
a linked list = structure: tie each item to the next; follow pointers from item to item
a stack = structure: give back the newest item first; grow and shrink at the top
a queue = structure: give back the oldest item first; serve items in order of arrival
a binary tree = structure: split at each node into two branches; keep [small keys] left of [large keys]
a graph = structure: join nodes by edges; model roads between towns
a hash table = structure: find items by key; turn [keys] into [places]
a set = structure: hold each item once; know only whether an item is in it
recursion = technique: let a function call itself; solve a problem through smaller copies of it
iteration = technique: repeat steps in a loop; stop when a condition fails
encryption = technique: hide a message with a key; turn [plain text] into [cipher text]
compression = technique: make data smaller; remove repeats from a file
caching = technique: keep recent results close; trade [memory] for [speed]
abstraction = technique: hide details behind a simple face; let one name stand for many parts
sorting = technique: put items in order; bring the smallest item to the front
debugging = technique: find faults in code; trace an error to its cause
a processor = device: execute instructions; do billions of steps a second
working memory = device: hold data while programs run; forget all when power fails`,
  economics: `
inflation = economy: raise prices across the land; shrink what money buys
deflation = economy: lower prices across the land; swell what money buys
a recession = economy: shrink output for months; cost many workers their jobs
a boom = economy: grow output fast; bring jobs to almost everybody
demand = concept: tell how much buyers want; fall when prices rise
supply = concept: tell how much sellers offer; rise when prices rise
scarcity = concept: leave wants larger than means; force people to choose
opportunity cost = concept: count the best choice given up; tell what a decision really costs
elasticity = concept: tell how strongly buyers react to price; compare two changes in percent
marginal utility = concept: value one more unit; fade with each further helping
an externality = concept: fall on people outside a deal; make smoke a cost for neighbours
moral hazard = concept: grow careless once others bear the risk; come with too much insurance
division of labour = concept: split work into small tasks; let each worker learn one skill
comparative advantage = concept: let weak producers gain from trade; send each nation to its cheapest work
a monopoly = market: have one seller only; let one firm set the price
an oligopoly = market: have few large sellers; tempt rivals to fix prices
perfect competition = market: have countless small sellers; leave no firm power over price
barter = market: swap goods without money; need two people with matching wants
a tax = payment: go from [citizens] to [the state]; pay for roads and schools
a subsidy = payment: go from [the state] to [firms]; make a product cheaper than its cost
interest = payment: reward a lender; be the price of borrowed money
a dividend = payment: share profit with owners; come to people who hold stock
a wage = payment: go from [employer] to [worker]; be due for hours of labour
rent = payment: go to the owner of land; be due for the use of a house`,
  society: `
democracy = government: let citizens choose their rulers; count every vote alike
dictatorship = government: give all power to one man; silence every opponent
monarchy = government: give power to one family; crown the child of a ruler
oligarchy = government: give power to a rich few; keep the many out of office
anarchy = government: have no ruler at all; leave order to free agreement
theocracy = government: give power to priests; draw law from holy books
an election = practice: turn [votes] into [seats]; decide who takes office
a referendum = practice: put a question to all voters; let the people decide one law
a strike = practice: stop work to win demands; press an employer for better pay
a protest = practice: show anger in the street; bring crowds before a parliament
censorship = practice: ban words before people read them; keep news from the public
propaganda = practice: spread one side of a story; bend opinion with half truths
diplomacy = practice: settle quarrels by talk; send envoys between nations
war = practice: settle quarrels by arms; destroy cities and lives
a treaty = law: bind nations by promise; end a war on paper
a contract = law: bind two sides by promise; let a court enforce a deal
a constitution = law: stand above all other laws; limit what rulers may do
a verdict = law: end a trial; state guilt or innocence
a patent = law: protect an invention for years; let an inventor alone sell his idea
copyright = law: protect a book from copying; last beyond the death of an author`,
  arts: `
painting = art: put colours on a surface; hang on walls of museums
sculpture = art: shape stone or bronze; fill space with form
dance = art: move bodies to music; tell stories by steps
theatre = art: show stories on a stage; bring actors before an audience
film = art: tell stories by moving pictures; need a camera and a screen
photography = art: catch light in a picture; freeze a moment
a novel = writing: tell a long invented story; fill hundreds of pages with invented lives
a biography = writing: tell a real life; follow one person from birth to death
a poem = writing: weigh sound and line; say much in few words
an essay = writing: try out a thought; argue one point in prose
a fable = writing: teach a lesson through animals; let a fox or a crow speak
satire = writing: mock faults to mend them; make power look foolish
tragedy = writing: end in the fall of a hero; move an audience to pity and fear
comedy = writing: end in joy; move an audience to laughter
a metaphor = speech: call one thing by the name of another; say that a man is a wolf
a simile = speech: compare with the word like; say that a man is like a wolf
irony = speech: say the opposite of what it means; praise what it wants to blame
hyperbole = speech: exaggerate for effect; call a short wait a thousand years
melody = music: put one note after another; be the tune people hum
harmony = music: sound several notes at once; set chords under a tune
rhythm = music: order sounds in time; make feet tap
tempo = music: tell how fast music goes; rise from slow to quick`,
  everyday: `
a knife = tool: cut bread and meat; have a sharp edge
a saw = tool: cut wood with teeth; make boards of trunks
a hammer = tool: drive nails into wood; have a heavy head
a screwdriver = tool: turn screws; fit a slot with its tip
a needle = tool: carry thread through cloth; have an eye at one end
a ladder = tool: bring people up a wall; have steps between two poles
an umbrella = tool: keep rain off; open above the head
a key = tool: open locks; turn in a door
a mirror = tool: show a face; throw light back
a candle = tool: burn wax on a wick; light a room without power
a clock = tool: show the time; move two hands in a circle
an oven = tool: bake dough with heat; warm food from all sides
soap = tool: wash grease away; make foam with water
glue = tool: make parts stick; dry into a firm bond
bread = food: rise from dough; come out of the oven as a loaf
cheese = food: ripen from milk; come in wheels and slices
honey = food: come from bees; be sweet and golden
salt = food: come from the sea; bring out taste
sleep = habit: rest body and mind at night; bring dreams
breakfast = habit: start the day with a meal; come before lunch
cooking = habit: turn [raw food] into [meals]; fill a kitchen with smells
gardening = habit: grow flowers and herbs; need soil and patience
recycling = habit: turn [waste] into [material]; keep bottles out of the dump
saving = habit: put money aside; prepare for bad times`,
};
