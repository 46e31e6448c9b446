/** Where things are in the program's own folder. */
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const protocolsFolder = `${root}protocols`;
export const mapsFolder = `${root}protocols/maps`;
