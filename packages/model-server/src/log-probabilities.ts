/** Log-probabilities in the two forms of OpenAI's API. */
import type { Piece, Tokenizer, TokenLogProbability } from "@candor/transformer";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const textOf = (tokenizer: Tokenizer, id: number): string => utf8.decode(tokenizer.bytes(id));

/** `id` may be beyond the tokenizer's: such a token has no text. */
function shown(tokenizer: Tokenizer, { id, logProbability }: TokenLogProbability) {
  const known = id < tokenizer.vocabSize;
  return {
    token: known ? textOf(tokenizer, id) : "",
    logprob: logProbability,
    bytes: known ? [...tokenizer.bytes(id)] : [],
  };
}

export function chatLogprobs(pieces: readonly Piece[], tokenizer: Tokenizer) {
  const content = pieces.flatMap(({ token }) => {
    if (!token?.measured) return [];
    const { logProbability, alternatives } = token.measured;
    return {
      ...shown(tokenizer, { id: token.id, logProbability }),
      top_logprobs: alternatives.map((each) => shown(tokenizer, each)),
    };
  });
  return { content };
}

export function completionLogprobs(pieces: readonly Piece[], tokenizer: Tokenizer, offset = 0) {
  const measured = chatLogprobs(pieces, tokenizer).content;
  let at = offset;
  return {
    tokens: measured.map(({ token }) => token),
    token_logprobs: measured.map(({ logprob }) => logprob),
    top_logprobs: measured.map(({ top_logprobs }) =>
      Object.fromEntries(top_logprobs.map(({ token, logprob }) => [token, logprob])),
    ),
    text_offset: measured.map(({ token }) => {
      at += token.length;
      return at - token.length;
    }),
  };
}
