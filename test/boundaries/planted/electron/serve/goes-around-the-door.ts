import { Session } from '#core/session/session.ts';

export const kind = Session.name;
