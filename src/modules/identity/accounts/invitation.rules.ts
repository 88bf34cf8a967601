/**
 * Somebody of the platform who was invited and never came: after the days of the invitation a code by mail no longer lets
 * them in. A second step that is there already, set up by an operator, protects the account as it does everybody's.
 */
export function isInvitationOver({ state, hasFactor }: { state: string; hasFactor: boolean }, invited: boolean): boolean {
  return state === 'invited' && !hasFactor && !invited;
}
