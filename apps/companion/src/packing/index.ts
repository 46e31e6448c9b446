/** The screens of people who pack their own capsules: loaded when first opened. */
export { EnvelopeScreen } from './envelope.tsx';
export { HelperScreen } from './helper.tsx';
export { LeftoversScreen } from './leftovers.tsx';
export { PackingScreen } from './packing.tsx';
export { ResultScreen } from './result.tsx';
