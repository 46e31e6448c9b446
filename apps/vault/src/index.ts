/** The locked room: start it, ask it, check its trail. */
export { VaultError, vaultClient } from './client.ts';
export { letterInfo } from './envelopes/closed-letter.ts';
export { keySettings, newKeySettings, readVaultKey } from './key-source.ts';
export { isLabel } from './labels.ts';
export type {
  AllocationRequest,
  BatchActRequest,
  BatchList,
  BatchRequest,
  Caller,
  CodeBreakRequest,
  CreateStudyRequest,
  KitAct,
  MakeKitsRequest,
  PackingList,
  RegistrationRequest,
  ReleaseReply,
  ReleaseRequest,
} from './protocol.ts';
export { serverRights } from './rights.ts';
export { openRootKey, rotateVaultKey, WrongVaultKey } from './root-key.ts';
export { migrationsFolder, startVault, type Vault, type VaultOptions, type VaultRoute } from './server.ts';
export { verifyTrail } from './trail.ts';
export { type VaultFault, type VaultReport, verifyVault } from './verify.ts';
