/** Data in, PDF out: labels, slips, cards, envelopes and registers on paper. */

export type { KitLabels, LabelSheetName } from './documents/kit-labels.ts';
export { LABEL_SHEETS, printKitLabels } from './documents/kit-labels.ts';
export type { PackedCapsules, PackedKit, PackingList } from './documents/packing-list.ts';
export { PACKING_LIST_WORDS, printPackingList } from './documents/packing-list.ts';
export type { PackingSlip } from './documents/packing-slip.ts';
export { PACKING_SLIP_WORDS, printPackingSlip } from './documents/packing-slip.ts';
export type { WalletCards } from './documents/wallet-cards.ts';
export { printWalletCards, WALLET_CARD_WORDS } from './documents/wallet-cards.ts';
export type { TypesetProblemCode } from './errors.ts';
export { TYPESET_PROBLEMS, TypesetError } from './errors.ts';
export type { PaperSize, Printing } from './press.ts';
export { qrSvg } from './qr.ts';
