/** Either an object, or prose: what a model that may call tools can say. */
import {
  characters,
  choice,
  type Grammar,
  inverse,
  LAST_CODE_POINT,
  optional,
  repeat,
  sequence,
} from "./expression.ts";

const BRACE = 0x7b;

/** A document of the grammar, or any text that does not begin with a brace, the empty one too. */
export const jsonOrText = ({ root, rules }: Grammar): Grammar => ({
  root: choice(
    root,
    optional(sequence(characters(...inverse([[BRACE, BRACE]])), repeat(characters([0, LAST_CODE_POINT])))),
  ),
  rules,
});
