/** Kit labels: seven random characters and a check character, drawn from a stream that knows nothing of the allocation. */
import { createHmac } from 'node:crypto';

/** 31 characters, a prime, so that the check character notices every single fault; no 0, I, L, O, U. */
const alphabet = '123456789ABCDEFGHJKMNPQRSTVWXYZ';
const characters = 7;

/** The label of the n-th kit of a study. `attempt` steps aside from a label that is taken. */
export function labelOf(labelKey: Uint8Array, studyId: string, participantId: string, attempt: number): string {
  const digest = createHmac('sha256', labelKey)
    .update(JSON.stringify([studyId, participantId, attempt]))
    .digest();
  let body = '';
  for (let index = 0; index < characters; index += 1) body += alphabet[(digest[index] as number) % alphabet.length];
  return body + checkCharacter(body);
}

/** A weighted sum modulo 31: one wrong character, and two neighbours swapped, are noticed. */
function checkCharacter(body: string): string {
  let sum = 0;
  for (const [index, character] of [...body].entries()) sum += (index + 2) * alphabet.indexOf(character);
  return alphabet[sum % alphabet.length] as string;
}

export function isLabel(text: string): boolean {
  return /^[1-9A-HJKMNP-TV-Z]{8}$/.test(text) && checkCharacter(text.slice(0, -1)) === text.at(-1);
}
