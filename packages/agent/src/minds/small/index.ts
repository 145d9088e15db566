/** The small mind's language, for whoever teaches or serves its model. */
export { answersOf, grammarOf, readAnswer, writeAnswer } from "./answer.ts";
export { meaningOf, reasonMeans } from "./meaning.ts";
export { type Option, type Options, optionFor, optionsOf } from "./options.ts";
export { type OtherWord, otherWords } from "./other-words.ts";
export { type PromptPart, promptOf, promptParts } from "./prompt.ts";
export { small } from "./small.ts";
export { CALLS, WORDS } from "./vocabulary.ts";
