/** Data in, PDF out: labels, slips, cards, envelopes and registers on paper. */

export type { CodeBreakEnvelope, CodeBreakEnvelopes } from './documents/code-break.ts';
export { CODE_BREAK_WORDS, printCodeBreakEnvelopes } from './documents/code-break.ts';
export type { ConsentCopy, ConsentSignature } from './documents/consent-copy.ts';
export { CONSENT_COPY_WORDS, printConsentCopy } from './documents/consent-copy.ts';
export type { DestroyedItem, Destruction, Witness } from './documents/destruction.ts';
export { DESTRUCTION_WORDS, printDestruction } from './documents/destruction.ts';
export type { KitLabels, LabelSheetName } from './documents/kit-labels.ts';
export { LABEL_SHEETS, printKitLabels } from './documents/kit-labels.ts';
export type { PackedCapsules, PackedKit, PackingList } from './documents/packing-list.ts';
export { PACKING_LIST_WORDS, printPackingList } from './documents/packing-list.ts';
export type { PackingSlip } from './documents/packing-slip.ts';
export { PACKING_SLIP_WORDS, printPackingSlip } from './documents/packing-slip.ts';
export type { Register, RegisterRow } from './documents/register.ts';
export { printRegister, REGISTER_WORDS } from './documents/register.ts';
export type { PrintedReport } from './documents/report.ts';
export { printReport } from './documents/report.ts';
export type { Envelope, EnvelopeLabels, LeftoverSeal, PackingChecklist } from './documents/self-blinding.ts';
export {
  LEFTOVER_SEAL_WORDS,
  PACKING_CHECKLIST_WORDS,
  printEnvelopeLabels,
  printLeftoverSeal,
  printPackingChecklist,
} from './documents/self-blinding.ts';
export type { PrintedBlock, PrintedSection, PrintedSynopsis } from './documents/synopsis.ts';
export { printSynopsis } from './documents/synopsis.ts';
export type { WalletCards } from './documents/wallet-cards.ts';
export { printWalletCards, WALLET_CARD_WORDS } from './documents/wallet-cards.ts';
export type { TypesetProblemCode } from './errors.ts';
export { TYPESET_PROBLEMS, TypesetError } from './errors.ts';
export type { PaperSize, Printing } from './press.ts';
export { qrSvg } from './qr.ts';
