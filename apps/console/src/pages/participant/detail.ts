/** One participant as the server describes them. */
import type { ReplyOf, routes } from '../../server/client.ts';

export type Detail = ReplyOf<typeof routes.participant>;
