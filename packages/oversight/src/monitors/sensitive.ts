/** Text that must not travel: credentials, numbers of cards and accounts, health and identity data, and masked labels. */

export type Sensitivity = "credential" | "personal";

const CREDENTIAL =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{12,}|\bgh[pousr]_\w{20,}|\bsk-[\w-]{16,}|\bxox[abpr]-[\w-]{10,}|\beyJ[\w-]{10,}\.[\w-]{10,}\.|(?:pass(?:word|wd|phrase)|api[_ -]?key|secret(?:[_ -]?key)?|access[_ -]?token|auth[_ -]?token|private[_ -]?key|\bpin|\bcvv|\botp|2fa|recovery (?:code|phrase)|seed phrase)["']?\s*(?:is|[:=])\s*["']?\S{4,}/i;
const PERSONAL =
  /\b\d{3}-\d{2}-\d{4}\b|\b(?:\d{4}[ -]){3}\d{4}\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b|(?:ssn|social security|passport|credit card|card number|account number|bank account|date of birth|medical record|diagnos[ie]s|prescription|genetic|dna|genotype|salary|home address|saved address|payment method|location history|search history|access history|health record|\bmrn)\b/i;
const LABEL = /\[?(?:phone|e-?mail|address|birth ?date|person)[\s_+-]*\d+(?:\s*:\s*(?:not )?yours)?\]?/i;
const OTHERS = /\[(?:(?:phone|e-?mail|address|birth ?date) \d+: not yours|person \d+)\]/i;

export function sensitivityOf(text: string): Sensitivity | undefined {
  if (CREDENTIAL.test(text)) return "credential";
  return PERSONAL.test(text) || OTHERS.test(text) ? "personal" : undefined;
}

/** A masked identifier, whole or taken apart. */
export const holdsMasked = (text: string): boolean =>
  /\[/.test(text) ? LABEL.test(text) : /\b(?:phone|e-?mail|address) \d+: (?:not )?yours/i.test(text);

/** Files that hold keys and accounts. */
export const SECRET_FILE =
  /(?:^|[\s"'/~])(?:\.ssh\b|id_(?:rsa|ed25519|ecdsa)\b|\.aws\b|\.gnupg\b|\.netrc\b|\.env\b|\.kube\b|\.npmrc\b|credentials?\b(?:\.\w+)?|shadow\b|\/?etc\/(?:passwd|shadow|sudoers)?|keychain\b|wallet\.dat|cookies\.sqlite|login data\b)/i;
