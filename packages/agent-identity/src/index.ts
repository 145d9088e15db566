export { AgentCard, CARD_PATH, cardSigner, signCard } from "./card/card.ts";
export {
  type Actor,
  actorName,
  type Delegated,
  type DelegationVerdict,
  delegate,
  operatorKeyOf,
  verifyDelegation,
} from "./delegation/delegation.ts";
export { type DirectoryKey, directoryResponse, readDirectory } from "./directory/directory.ts";
export { type DirectoryKeysOptions, directoryKeys } from "./directory/directory-keys.ts";
export { type FetchWellKnown, fetchWellKnown } from "./directory/fetch-well-known.ts";
export {
  type Disclosure,
  disclosureKey,
  disclosureLine,
  isCode,
  isRight,
  readDisclosure,
} from "./disclosure/disclosure.ts";
export { type Jwk, type PublicKey, readPublicKey } from "./keys/public-key.ts";
export { openSecret, readSecret } from "./keys/secret-file.ts";
export { derivedKey, type SigningKey, signingKey } from "./keys/signing-key.ts";
export { Malformed } from "./malformed.ts";
export { fieldsOfRaw, type RequestMessage, type ResponseMessage } from "./messages/message.ts";
export { isRequestText, readHeader, readRequest } from "./messages/read-request.ts";
export {
  type Fault,
  type IncomingRequest,
  judgeRequest,
  type KeyBook,
  type KnownKey,
  type Recognition,
} from "./web-bot-auth/judge-request.ts";
export { Nonces } from "./web-bot-auth/nonces.ts";
export { originOf, PROFILE } from "./web-bot-auth/profile.ts";
export { createRecogniser, type KeySource, type Recogniser } from "./web-bot-auth/recogniser.ts";
export { type OutgoingRequest, signRequest } from "./web-bot-auth/sign-request.ts";
