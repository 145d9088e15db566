/** Everyday words, so that a given name in lower case with one of them behind it is not taken for a person. */

const WORDS = `
a about above across after again against ago all almost along already also although always am among an and another any anyone anything are area around as ask at available away back bad be because become been before began
begin behind being believe below best better between big book books both bring broke build building built business but buy by call called came can car care case cause change child children city class come comes coming common company
compare computer could country course cut data day days did die died different do does doing done down draw drive during each early easy eat email end english enough even every everything example explain eye face fact family far farm fast
father feel few find first five follow food foot for form found four free friend from full game games gave get girl give go goes going gone good got great group grow guide had half hand happy hard has have he head hear help her here
high him his history home hour house how however idea if important in information interest into is it its job just keep kind knew know known land language large last late later learn leave left less let letter life light like line
list little live lives living long look looking lot love low made main make makes making man many map may me mean means men might mile milk mind minute miss money month more morning most mother mountain move movie much music must my name
near need never new news next night no north not nothing now number of off office often old on once one online only open or order other our out over own page paper part people person phone photo photos pick picture place plan plant play
please point power price problem program put question quick quickly rain read ready real reason recipe red rest review reviews right river road room run said same saw say says school science sea search second see seem sell sentence set
several she should show shows side simple since site sleep small so some something song songs soon sound south space stand start state still stop story street strong study such summer sun sure table take takes talk teach team tell test than
that the their them then there these they thing things think this those thought three through time times to today together told too took top town travel tree trees true try turn two under until up us use used uses using very video videos
visit wait walk want wants was watch water way we weather web website week weeks well went were what when where which while white who whole why will winter with without woman women wood word words work works world would write writing wrong
year years yes yet you young your accounts account profile profiles address lives lived worked married born birthday boots shoes sofa chair tractor vacuum shop store cheap used sale tickets museum gallery park gardens concert festival novel
novels poems poetry paintings theory theorem biography quotes speech symphony letters diary life works facts timeline summary analysis plot characters cast movies films series discography album albums lyrics chords guitar piano bridge cave caves
instagram facebook twitter linkedin tiktok snapchat youtube reddit github pinterest whatsapp telegram discord mastodon threads login password settings app apps post posts posting share sharing follow following ads marketing download upload privacy
`;

const COMMON = new Set(WORDS.trim().split(/\s+/));

/** @param word lower case */
export function isCommonWord(word: string): boolean {
  return COMMON.has(word);
}
