import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Accounts and roles',
    words: {
      'identity.account.lock-out': 'Was locked out',
      'identity.account.create': 'Created an account',
      'identity.account.invite': 'Sent an invitation',
      'identity.account.roles': 'Changed roles',
      'identity.account.contact': 'Changed how a person signs in',
      'identity.account.disable': 'Closed an account',
      'identity.account.enable': 'Reopened an account',
      'identity.account.end-sessions': 'Ended sessions',
      'identity.account.remove-factor': 'Removed a second step',
      'identity.account.slip': 'Printed a new password',
      'identity.account.withdraw': 'Removed an unused account',
      'identity.matrix.change': 'Changed what a role may do',
      'identity.factor-roles.change': 'Changed who needs the second step',
      'identity.factor.enrol': 'Set up the second step',
      'identity.factor.recover': 'Used a recovery code',
      'identity.factor.recovery-codes': 'Made new recovery codes',
      'identity.factor.remove': 'Removed the second step',
      'identity.passkey.enrol': 'Added a passkey',
      'identity.passkey.rename': 'Renamed a passkey',
      'identity.passkey.remove': 'Removed a passkey',
      'identity.password.change': 'Changed the password',
      'identity.password.reset': 'Set a new password by link',
      'identity.password.invitation': 'Accepted the invitation',
      'identity.session.end': 'Ended a session',
      'identity.session.end-others': 'Ended all other sessions',
      'identity.proof': 'Confirmed their identity',
      'identity.account.remove-passkey': 'Removed a passkey',
    },
  },
];
