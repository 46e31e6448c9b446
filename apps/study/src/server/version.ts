/** The version this server states of itself, read from its package. */
import manifest from '../../package.json' with { type: 'json' };

export const serverVersion = manifest.version;
