import { query } from '../../../platform/db/index.js';
import type { PersonalData, Value } from '../../../kernel/people/personal-data.js';

/** Messages to a person, found by the addresses and phones that the other modules know of them. */
export const messageData: PersonalData = {
  order: 60,
  sections: async (_subject, t, contacts) => {
    if (contacts.length === 0) return [];
    const rows = await query<Record<string, Value>>(
      'notifications.privacy.of',
      'select created_at, channel, recipient, label, state, sent_at from notifications_messages where recipient = any($1::text[]) order by created_at desc, id limit 1000',
      [contacts],
    );
    const heads = [t('Created'), t('Channel'), t('Sent to'), t('What'), t('State'), t('Sent')];
    const stops = await query<Record<string, Value>>(
      'notifications.privacy.stops',
      'select address, at from notifications_opt_outs where address = any($1::text[]) order by address',
      [contacts],
    );
    return [
      ...(rows.length > 0 ? [{ title: t('Messages'), table: { heads, rows: rows.map((row) => Object.values(row)) } }] : []),
      ...(stops.length > 0
        ? [{ title: t('Opted out'), table: { heads: [t('Sent to'), t('When')], rows: stops.map((row) => Object.values(row)) } }]
        : []),
    ];
  },
  erase: async (_subject, pseudonym, contacts) => {
    const rows = await query(
      'notifications.privacy.erase',
      `update notifications_messages set recipient = $2, content = null, state = case when state = 'queued' then 'failed' else state end where recipient = any($1::text[]) returning id`,
      [contacts, `erased-${pseudonym.toLowerCase()}`],
    );
    const stops = await query(
      'notifications.privacy.erase-stops',
      'delete from notifications_opt_outs where address = any($1::text[]) returning id',
      [contacts],
    );
    return {
      done: [
        ...(rows.length > 0 ? ['Addresses in the sent messages list'] : []),
        ...(stops.length > 0 ? ['Opt-out from messages'] : []),
      ],
    };
  },
};
