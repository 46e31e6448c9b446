/** Days of the person's own watch or phone: read when the screen is opened. */
export { WearablesScreen } from './wearables.tsx';
