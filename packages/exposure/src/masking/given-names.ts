/** Common given names of many countries, lower case and without accents; the marked ones are everyday words as well. */

const NAMES = `
aaron abbie abby abdul abdullah abel abigail abraham ada adam addison adela adele adeline adolf adrian adriana adrienne agata agatha agnes agnieszka ahmad
ahmed aida aidan aileen aimee aisha aisling akira alain alan alana alastair albert alberta alberto aldo alejandra alejandro aleksander aleksandra alena alessandra
alessandro alessia alex alexa alexander alexandra alexandre alexandria alexandros alexei alexia alexis alfie alfonso alfred alfredo ali alice alicia alina alisa
alisha alison alistair allan allen allison alma alois alonso althea alvaro alvin alyssa amalia amanda amber ambrose amelia amelie amina amir amit amos amy ana
anais anand anastasia anders andre andrea andreas andrei andres andrew andrzej andy aneta angel angela angelica angelina angelo angus anika anil anita anja anjali
ann anna annabel annabelle anne anneke anneliese annelies annemarie annette annie annika anouk ansel anselm anthea anthony antje antoine antoinette anton antonella
antonia antonin antonio antony anya april arabella archibald archie ariana arianna ariel arjun arlene arlo armand armando arne arnold aron arran arthur artur arturo arun
arvid asa asha asher ashish ashleigh ashley ashok asia astrid athena aubrey audrey august augustin augusto aurelia aurelie aurora austin autumn ava avery axel ayesha aylin
ayse aziz bailey barbara barnaby barry bart bartholomew bartosz basil bastian beata beate beatrice beatrix beatriz becky belinda bella ben benedict benedikt benito benjamin
bennett benoit bent berenice bernadette bernard bernardo bernd bernhard bert berta bertha bertram bertrand bess beth bethan bethany betsy bettina betty beverley beverly bianca bilal
bill billie billy birgit birgitta bjorn blair blake blanca blanche bo bob bobby bodil bogdan boris bozena brad bradley brady bram brandon breanna brenda brendan brent bret brett brian
briana bridget brigitte britta brittany brodie bronwen bronwyn brooke bruce bruno bryan bryce bryn bryony caitlin caleb callum calvin cameron camila camilla camille camilo candice
cara carina carl carla carlo carlos carlotta carly carmel carmen carol carola carole carolina caroline carolyn carrie carsten carter caspar casper cassandra cassie catalina caterina
catherine cathy catriona cecil cecile cecilia cedric celeste celia celina celine cesar chad chandra chantal charis charlene charles charley charlie charlotte chase chelsea cheryl chiara
chloe chris christa christel christelle christian christiane christina christine christoph christophe christopher chuck ciara cillian cindy claire clara clarence clarice clarissa clark
claude claudia claudine claudio claudius claus clayton clement clementine cleo cliff clifford clint clive clyde cody colette colin colleen conall concepcion connie connor conor conrad constance
constantin consuelo cora coral corentin corey corina corinna corinne cornelia cornelis cornelius corrado cosima craig cressida cristian cristiano cristina crystal curtis cynthia cyril cyrus
dafydd dagmar daisuke daisy dale damian damien damon dan dana daniel daniela daniele daniella danielle danilo danny dante danuta daphne daria dario darius darlene darrell darren darryl dave david
davide dawid dawn dean deanna debbie deborah debra declan deepa deepak deirdre delia della delphine demetrius denis denise dennis derek dermot desmond despina diana diane dick didier
diego dieter dietmar dietrich dilip dimitri dimitrios dina dinah dinesh dirk dmitri dmitry dolores dominic dominik dominika dominique don donald donna donovan dora doreen doris dorian dorota dorothea
dorothee dorothy doug dougal douglas drew dries duane duncan dustin dwayne dwight dylan earl ebony eddie eden edgar edith edmond edmund edna edoardo eduard eduardo edward edwin edyta effie efren egon
eileen eilidh einar eira eirik elaine elara elazar eleanor electra elena eleni eleonora eli elias elijah elin elina elinor elisa elisabeth elise elizabeth elke ella ellen ellie elliot elliott
ellis elmar eloise elsa elsie elspeth elton elvira elvis elwyn emanuel emanuele emer emerson emil emile emilia emiliano emilie emilio emily emma emmanuel emmanuelle emmett emre enda enid
ennio enrico enrique enzo eric erica erich erik erika erin erland ernest ernesto ernst errol erwin esme esmeralda esperanza estefania esteban estelle esther ethan ethel etienne etta eugene eugenia
eugenio eugenie eunice eva evan evangeline eve eveline evelyn evert ewa ewan ezekiel ezra fabian fabien fabienne fabio fabiola fabrice fabrizio faisal faith faiza fanny farah farid
fatima fatma fay faye federica federico felicia felicity felipe felix ferdinand fergus fernanda fernando fidel fiona fleur flora florence florent florian flynn fran frances francesca
francesco francine francis francisca francisco franck franco francois francoise frank frankie franz franziska fraser freda freddie frederic frederick frederik fredrik freya frieda friederike friedrich
fritz gabriel gabriela gabriele gabriella gabrielle gael gail galina gareth garrett garry garth gary gaspard gaston gavin gaynor gemma gene genevieve geoff geoffrey georg george georges georgia
georgina georgios gerald geraldine gerard gerardo gerda gerhard gerrit gerry gert gertrude giacomo gian gianluca gianni gideon gilbert gilberto giles gilles gillian gina ginevra ginny giorgia giorgio
giovanna giovanni gisela giselle gita giulia giuliano giulio giuseppe gladys glen glenda glenn glenys gloria goran gordon grace gracie graciela grady graham grainne grant grazyna greg gregoire
gregor gregory greta gretchen grete griffin grzegorz guadalupe gudrun guido guilherme guillaume guillermo gunnar gunther gunter gus gustaf gustav gustavo guy gwen gwendolyn gwyneth hailey hakan hal
halina hamish hamza hana hank hanna hannah hanne hannes hans harald harriet harris harrison harry harsha haruki harvey hasan hassan hattie haydn hayden hayley hazel heath heather hector hedwig
heidi heike heiko heinrich heinz helen helena helene helga helge helmut hendrik henk henri henrietta henriette henrik henrique henry herbert heribert herman hermann hermione hernan hilary hilda
hilde hiro hiroshi holger hollie holly homer honor hope horace horst howard hubert hugh hugo humphrey hussein hyacinth iain ian ibrahim ida idris ignacio ignatius igor ike ilaria ildiko ilias
ilse imelda imogen imran ina indira ines inga inge ingeborg ingmar ingo ingrid inigo ioana ioannis iolo ion ira irena irene irina iris irma irving isaac isabel isabela isabella isabelle isadora
isaiah isak isla ismael ismail isobel israel istvan ivan ivana ivo ivor ivy iwona izabela jacek jack jackie jackson jacob jacqueline jacques jada jade jaime jake jakob jakub jamal james
jamie jan jana jane janet janice janina janine janis janusz jared jarek jaroslav jaroslaw jasmin jasmine jason jasper javier jay jayden jayne jean jeanette jeanne jeannette jeannine jeff
jefferson jeffrey jelena jemima jen jenna jennie jennifer jenny jens jeremiah jeremy jerome jerry jerzy jesper jess jesse jessica jessie jesus jill jillian jim jimmy jin jitka jo joachim joan joana
joanna joanne joao joaquin jocelyn jochen jody joe joel joelle joerg johan johann johanna johannes john johnny jolanda jolanta jon jonah jonas jonathan jonathon jordan jordi jorge jorg joris jorn josh
joscha jose josef josefina joseph josephine joshua josiah josie joy joyce juan juana juanita judith judy julia julian juliana juliane julie julien juliet juliette julio julius june jurgen
justin justine justyna jutta kai kaitlyn kamal kamil kamila karel karen karim karin karina karine karl karla karoline karolina kasia kaspar kate katarina katarzyna kate katelyn katerina
katharina katharine katherine kathleen kathryn kathy katia katie katja katrin katrina kay kayla kayleigh kazuo keira keith kelly kelsey ken kendra kenji kenneth kenny kent kerr kerry kerstin
kevin khadija khalid kieran kiera kim kimberley kimberly kiran kirk kirsten kirstie kirsty kit kitty kjell klaas klara klaus knut konrad konstantin kris krista kristen kristian kristin kristina
kristine kristof krystyna krzysztof kumar kurt kyle kylie lachlan lacey laetitia laila lakshmi lana lance lara larissa larry lars laszlo latisha laura laure laurel lauren laurence laurent laurie lavinia
lawrence lea leah leander leandro lee leigh leila lelia lena lennart lennox lenny leo leon leonard leonardo leonie leonor leonora leopold leroy les lesley leslie leszek leticia levi lewis lex lia liam
liana libby lidia liesbeth liesel lila lilian liliana lilith lillian lilly lily lin lina linda lindsay lindsey linnea lionel lisa lisbeth lise liselotte livia liz liza lizzie lloyd logan lois lola
lorena lorenz lorenzo loretta lori lorna lorraine lothar lottie lotte lou louis louisa louise lourdes luc luca lucas lucia lucian luciana luciano lucie lucien lucille lucinda lucius lucy ludmila
ludovic ludwig luigi luis luisa luka lukas lukasz luke luna lutz luz lydia lyle lyn lynda lynette lynn lynne lyra lysander maarten mabel maciej maddison madeleine madeline madison mads mae maeve
magda magdalena maggie magnus mahmoud maia mairead maisie maja malcolm malgorzata malia malik mallory malte mandy manfred manoj manon manuel manuela mara marc marcel marcela marceline marcella marcelo marcia
marcin marco marcos marcus marek margaret margareta margarete margarita margaux margery margherita margit margot marguerite maria mariah mariam marian mariana marianne marie mariella marielle
marietta marijke marika marilyn marina mario marion marisa marisol marit marius marjorie mark marko markus marla marlene marlies marlon marsha marta martha martijn martin martina martine martyn marvin mary
maryam massimo mateo mateusz mathew mathias mathieu mathilda mathilde matilda matt matteo matthew matthias matthieu maud maude maura maureen maurice mauricio maurits maurizio mauro max maxim maxime
maximilian maxine may maya mayumi meera megan mehmet mei meike melanie melina melinda melissa melody melvin mercedes meredith merle merlin merrill mervyn mia micah michael michaela michal michel michele
micheline michelle mick mickey miguel mihai mika mikael mike mikhail mikkel mila milan milena miles millicent millie milly milo milos milton mimi mina minna mira miranda mireille miriam
mirjam miroslav mischa misha mitchell moira molly mona monica monika monique montgomery morag morgan moritz morris mortimer morten moses moshe muhammad mohamed mohammad mohammed muriel murray mustafa mya
myfanwy myles myra myriam myrtle myron nadia nadine nadja nadya naima nancy naomi narcissa nasser natalia natalie nataly natasha nathalie nathan nathaniel neal ned neha neil nell nellie nelly nelson nerys nestor neville
nia niall niamh nicholas nick nicky nico nicola nicolas nicole nicoletta niels nigel nikhil nikita niklas nikola nikolai nikolas nils nina nisha noah noel noelle noelia noemi nora norbert noreen norma
norman nuala nuno octavia odette odile ola olaf olav ole oleg olga oliver olivia olivier olof omar onora oona ophelia orla orlando orson orville oscar oskar osman oswald oswin otis otto ove
owain owen pablo paddy padma paige pamela panagiotis paola paolo paris parker pascal pascale pat patience patrice patricia patricio patrick patrik patrizia patsy patti paul paula paulette paulina pauline
paulo pavel pawel pearl pedro peggy penelope penny percival percy pernille perry petar pete peter petra petros peyton phil philip philipp philippa philippe phillip phillipa phoebe phyllis
pia pierre pieter piotr pilar piers piper pippa polly poppy prakash precious preston priscilla priya prudence przemyslaw quentin quincy quinn rachel rachael radek rafael rafal rahul raimund raina raj rajesh
ralf ralph ramesh ramon ramona randall randy raoul raphael raquel rashid raul ravi ray raymond rebecca rebekah regina reginald regine reiner reinhard reinhold reinier remi remy rena renata renate renato rene renee
reuben rex reza rhian rhiannon rhoda rhona rhonda rhys ria ricardo riccardo rich richard rick ricky riley rita rob robbie robert roberta roberto robin robyn rocco rocio rod roderick rodney rodolfo rodrigo
roger rohan roisin roland rolf roman romain romeo ron ronald ronan ronja ronnie rory rosa rosalie rosalind rosalyn rosamund rosario rose roseanne rosemarie rosemary rosie roslyn ross rowan rowena
roxanne roy ruben ruby rudi rudiger rudolf rufus rui rupert russell rut ruth ryan ryszard sabina sabine sabrina sadie sahar sally salma salman salvador salvatore sam samantha samir sammy samson
samuel samira sandeep sander sandra sandro sandy sanjay santiago sara sarah sascha sasha saskia satoshi saul savannah scarlett scott sean sebastian sebastien selina selma selwyn serena serge sergei sergey
sergio seth severin seymour shane shannon sharon shaun shauna shawn sheena sheila shelley shelly sheridan sheryl shirley shiv shona siân sian sibylle sidney sienna siegfried sigmund sigrid silas silke silvia silvio
simeon simon simona simone sinead siobhan siv slawomir sofia sofie solange solomon solveig sonia sonja sonya sophia sophie soren spencer stacey stacy stan stanislav stanislaw stanley stefan stefania stefanie
stefano steffen stella stephan stephane stephanie stephen sterling steve steven stewart stig stuart sue suki sunil suresh susan susana susanna susannah susanne susie suzanne suzette sven svenja svetlana
sybil sydney sylvester sylvia sylvie szymon tabitha tadeusz takashi tamar tamara tammy tamsin tania tanja tanya tara tariq tasha tatiana tatjana taylor ted teodor teresa terence teri terrence terry tess tessa thabo
thea thelma theo theodor theodora theodore theresa therese thibault thierry thomas thorsten tiago tiffany tilda till tilly tim timo timothy tina tobias toby todd tom tomas tomasz tommy tommaso toni tony tonya
torben torsten tracey tracy travis trent trevor tricia trinity trish tristan troy trudy tuomas tyler tyrone udo ugo ulf ulla ulrich ulrike umar una ursula uta ute uwe vaclav vadim val valentin valentina valentino
valeria valerie valerio vanessa vasco vasilis vaughan vaughn vera verena verity vernon veronica veronika veronique vicente vicki vicky victor victoria vidya vijay viktor viktoria vilma vince vincent vincenzo
viola violet violette virginia virginie vita vito vittorio vivian viviana vivien vivienne vladimir volker waldemar walid wallace walter wanda warren wayne wenche wendell wendy werner wesley wilbur wiebke wilfred wilhelm
wilhelmina willa willem william willie willis wilma winfried winifred winston wojciech wolf wolfgang wouter wyatt xander xavier xenia ximena yannick yannis yara yasmin yasmine yasmina yolanda yolande yosef
youssef yuki yuri yusuf yvan yves yvette yvonne zac zach zachary zahra zainab zara zbigniew zdenek zelda zeynep zita zoe zofia zoltan zora zuzanna zuzana
oyelaran chinedu adaeze ngozi chidi emeka ifeoma kwame kofi ama akosua abena thandi sipho nomsa lerato wanjiru kamau njoroge achieng otieno
xiulan xiaoming xiaohong jing ling ming hao jun lei wei yan ying hui mei-ling jie fang liang tao yong zhen minh linh huong thuy nguyet phuong anh tuan dung hoang
hyun jiwoo minjun seoyeon jihoon soojin yuna haruto sakura yui aoi hina takumi ren kenta naoki yoko keiko akiko hanako tomoko yumi emi satoko kazuki
aarav aditi ananya anushka arnav aryan ayaan bhavna chetan deepika devika divya gaurav geeta isha ishaan kavita kavya krishna lata madhav mahesh mohan mukesh nandini naveen neelam nikita nitin pallavi pooja pradeep
prashant preeti radha rajiv rakesh rekha rohit sachin sangeeta sanjana shreya sonali sushma swati tanvi uday uma varun vikram vinod vivek yash
jannik joost sanne femke lotte maud daan sem thijs bram lieke fenna roos jeroen marieke wim joke ineke ruud gijs hylke tjeerd
oisin eoin cormac diarmuid fionn aoife saoirse caoimhe grainne deirbhile padraig sorcha tadhg
ewelina jadwiga stanislawa bogumila wieslaw zenon bozydar kinga maja oliwia zuzia kacper filip igor oliwier natalia wiktoria wiktor
oleksandr olena natalya yevgenia anatoly arkady boris egor fyodor gennady grigory ilya kirill konstantin leonid ludmilla lyubov maxim nadezhda oksana pavlo ruslan serhiy stepan tamara timur vasily vera vitaly yaroslav zinaida
aylin baris burak cem deniz elif emine erdem esra fatih gul hakan hatice hulya ipek kemal leyla melek merve murat nazli nur okan omer onur ozlem selim serkan sevgi sibel tolga tugba umut yasemin yilmaz zehra
abdelkader amal bashir dalia fadi ghada habib hadi hala haytham huda jamila karima khaled laith layla lina lubna maha majid mona mounir nabil nadim nasrin nour omran rami rania reem rima salah samar sami sawsan
tarek wael walid yasir youssra ziad zeinab
`;

/** Given names that are also words, months, places or surnames of things: in lower case they need more than themselves. */
const WORDS_TOO = `
abbie ada adel alma amber ana angel anna april art asa asia ash aster august aurora austin autumn ava bailey basil ben bent bill blair blanche bo bob brad brady bram brandy brook brooke carol carter chad
 chandler charity charlotte chase chelsea chuck cliff clay cole coral crystal daisy dale dan dante dawn dean della don dora drew dung earl eden elf em emerald eve faith fay fleur flora florence fran france
frank gale gary gene georgia ginger gloria grace grant guy gene gus hank heath heather hazel holly homer honor hope hunter ina ira iris israel ivy jack jackson jade jan jasmine jay jean jersey jet
jin job jordan joy jude jun june kai kay ken kent kerry kim kit kitty lance lara laurel lee les lex lily lin lincoln ling lou luna luz madison mae malta mandy marina mark marina marlin mars mason max may maya
mel melody melon mercedes mercy merlin mia mick miles milan ming mini molly mona morgan moses myrtle nan nelson nick noel nova nur ola olive orlando otter paige paris parker pat patience patty paul pearl peg penny perry pete peter
phoenix pilar pine piper polly poppy precious prudence quinn ray red reed ren rex rich rob robin rocky rod roger roman romeo rose ross rowan roy ruby sage sally sam sandy savannah scarlett
scott sterling stew sue sydney taylor ted teddy terry tiffany till tim tito toby tom tony trinity troy ty tyler una uma val vera verity victor victoria viola violet virginia vita wade ward warren
wayne will willow wolf wren yan yong young zelda hui minh hao wei alba alba luke jing yuki uta ute rut sander solange umar homer iman ming hyacinth ama emi yui deniz gul nur umut sem roos
`;

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

const ALSO_WORDS = new Set(words(WORDS_TOO));
const ALL = new Set([
  ...words(NAMES),
  ...ALSO_WORDS,
  ..."will mason cole jude hunter lincoln reed wade harper nova olive".split(" "),
]);

/** @param word lower case, without accents */
export function isGivenName(word: string): boolean {
  return ALL.has(word);
}

/** @param word lower case, without accents */
export function isOnlyAName(word: string): boolean {
  return ALL.has(word) && !ALSO_WORDS.has(word);
}
