/** Names that stand for a topic: dead public figures, characters and brands. Asking about them is no search for a person, unless it asks for private data. */

const FIGURES = `
charles darwin, isaac newton, albert einstein, marie curie, pierre curie, joseph fourier, leonhard euler, carl gauss, bernhard riemann, david hilbert, emmy noether, kurt goedel, kurt godel, alan turing,
ada lovelace, charles babbage, george boole, claude shannon, john von neumann, grace hopper, blaise pascal, rene descartes, pierre de fermat, henri poincare, evariste galois, niels abel, george cantor, georg cantor,
thomas bayes, andrey kolmogorov, andrei kolmogorov, andrey markov, andrei markov, richard feynman, niels bohr, werner heisenberg, erwin schrodinger, erwin schroedinger, max planck, max born, paul dirac, enrico fermi, robert oppenheimer, ernest rutherford,
james clerk maxwell, michael faraday, james watt, james joule, nikola tesla, thomas edison, alessandro volta, luigi galvani, heinrich hertz, wilhelm rontgen, galileo galilei, johannes kepler, tycho brahe, nicolaus copernicus, edmond halley, william herschel, edwin hubble, carl sagan, stephen hawking,
gregor mendel, louis pasteur, alexander fleming, rosalind franklin, james watson, francis crick, alfred wegener, alexander von humboldt, carl linnaeus, jane goodall, florence nightingale, edward jenner, joseph lister, robert koch, sigmund freud, carl jung, jean piaget, ivan pavlov,
dmitri mendeleev, antoine lavoisier, humphry davy, robert boyle, john dalton, linus pauling, alfred nobel, wright brothers, orville wright, wilbur wright, henry ford, alexander graham bell, guglielmo marconi, samuel morse, louis braille, johannes gutenberg, tim berners lee,
isambard kingdom brunel, robert stephenson, george stephenson, thomas telford, john smeaton, richard arkwright, gustave eiffel, antoni gaudi, christopher wren, frank lloyd wright, walter gropius, le corbusier, zaha hadid,
william shakespeare, jane austen, charles dickens, emily bronte, charlotte bronte, anne bronte, george eliot, thomas hardy, oscar wilde, james joyce, virginia woolf, george orwell, mark twain, ernest hemingway, leo tolstoy, fyodor dostoevsky, anton chekhov, franz kafka, thomas mann, hermann hesse,
johann wolfgang von goethe, friedrich schiller, heinrich heine, bertolt brecht, victor hugo, emile zola, gustave flaubert, marcel proust, albert camus, jules verne, alexandre dumas, miguel de cervantes, gabriel garcia marquez, pablo neruda, dante alighieri, umberto eco, italo calvino,
emily dickinson, walt whitman, edgar allan poe, robert frost, sylvia plath, john keats, lord byron, percy shelley, mary shelley, william wordsworth, william blake, robert burns, john milton, geoffrey chaucer, lewis carroll, agatha christie, arthur conan doyle, beatrix potter, roald dahl, enid blyton,
ludwig van beethoven, wolfgang amadeus mozart, johann sebastian bach, joseph haydn, franz schubert, robert schumann, clara schumann, felix mendelssohn, johannes brahms, frederic chopin, franz liszt, richard wagner, giuseppe verdi, giacomo puccini, antonio vivaldi, claude debussy, maurice ravel,
igor stravinsky, gustav mahler, edward elgar, benjamin britten, louis armstrong, duke ellington, miles davis, john coltrane, billie holiday, ella fitzgerald, elvis presley, john lennon, george harrison, freddie mercury, david bowie, jimi hendrix, bob marley, johnny cash, frank sinatra, edith piaf,
leonardo da vinci, vincent van gogh, claude monet, pablo picasso, salvador dali, paul cezanne, henri matisse, edvard munch, gustav klimt, paul klee, frida kahlo, diego rivera, andy warhol, edward hopper, john constable, william turner, william morris, jan vermeer, johannes vermeer, albrecht durer, sandro botticelli,
julius caesar, alexander the great, king arthur, william the conqueror, henry viii, elizabeth i, mary queen of scots, oliver cromwell, guy fawkes, horatio nelson, winston churchill, queen victoria, george washington, thomas jefferson, benjamin franklin, abraham lincoln, theodore roosevelt, franklin roosevelt, john adams, alexander hamilton,
martin luther king, martin luther, rosa parks, nelson mandela, mahatma gandhi, napoleon bonaparte, joan of arc, marie antoinette, louis xiv, otto von bismarck, karl marx, friedrich engels, vladimir lenin, joseph stalin, adolf hitler, anne frank, sophie scholl, christopher columbus, marco polo, vasco da gama,
ferdinand magellan, james cook, francis drake, walter raleigh, ernest shackleton, robert falcon scott, roald amundsen, edmund hillary, amelia earhart, yuri gagarin, neil armstrong, immanuel kant, david hume, john locke, adam smith, john stuart mill, jeremy bentham, bertrand russell, ludwig wittgenstein, friedrich nietzsche,
soren kierkegaard, thomas aquinas, thomas more, john calvin, john maynard keynes, milton friedman, friedrich hayek, hannah arendt, simone de beauvoir, michel foucault, charlie chaplin, buster keaton, alfred hitchcock, orson welles, stanley kubrick, marilyn monroe, audrey hepburn, grace kelly, humphrey bogart, bruce lee, walt disney,
harry potter, hermione granger, sherlock holmes, james bond, robin hood, peter pan, oliver twist, david copperfield, jane eyre, tom sawyer, huckleberry finn, anna karenina, emma bovary, don quixote, romeo and juliet, peter rabbit, mary poppins, thomas the tank engine, harry styles songs, indiana jones, luke skywalker, bart simpson, homer simpson,
john deere, john lewis, mary rose, ben nevis, ben hur, jack daniels, johnnie walker, jim beam, harley davidson, marks and spencer, ben jerry, tommy hilfiger, hugo boss, calvin klein, ralph lauren, louis vuitton, yves saint laurent, paul smith suits, ted baker, victoria cross, mercedes benz, alfa romeo, rolls royce, aston martin, jack russell, guy ropes,
st andrews, san francisco, san diego, santa barbara, santa maria, santa cruz, los angeles, virginia woolf, sydney harbour, victoria falls, charlotte north carolina, austin texas, jordan river, florence italy, paris france, lourdes france, georgia tech, carolina reaper, monte carlo, max planck institute, marie curie fellowship, fulbright scholarship
`;

const KNOWN = new Set(
  FIGURES.split(/[,\n]/)
    .map((name) => name.trim())
    .filter(Boolean),
);

/** @param name plain letters */
export function isKnownFigure(name: string): boolean {
  const words = name.split(/[\s.-]+/).filter((word) => word.length > 1);
  return KNOWN.has(words.join(" ")) || KNOWN.has(words.slice(0, 2).join(" ")) || KNOWN.has(words.slice(0, 3).join(" "));
}
