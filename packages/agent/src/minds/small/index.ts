/** The small mind's language, for whoever teaches or serves its model. */
export { grammarOf, readAnswer, writeAnswer } from "./answer.ts";
export { type Option, type Options, optionFor, optionsOf } from "./options.ts";
export { promptOf } from "./prompt.ts";
export { small } from "./small.ts";
export { WORDS } from "./vocabulary.ts";
