/** Made by the build from the contract: method and path of each route, with the contract's own types. */
declare module 'virtual:limen-routes' {
  type Routes = typeof import('@limen/contract').routes;
  export const participantSignIn: Routes['participantSignIn'];
  export const signOut: Routes['signOut'];
  export const today: Routes['today'];
  export const ownHistory: Routes['ownHistory'];
  export const screen: Routes['screen'];
  export const consent: Routes['consent'];
  export const recordDose: Routes['recordDose'];
  export const submit: Routes['submit'];
  export const reportAdverseEvent: Routes['reportAdverseEvent'];
  export const withdraw: Routes['withdraw'];
}
