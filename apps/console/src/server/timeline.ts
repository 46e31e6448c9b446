/** A participant's whole record, page by page. */
import { call, type ReplyOf, routes } from './client.ts';

export type TimelineEntry = ReplyOf<typeof routes.timeline>['entries'][number];

const pageSize = 500;
/** A stop for a server that would never end; a study of a year is far below. */
const pagesAtMost = 40;

export async function readWholeTimeline(params: { studyId: string; participantId: string }): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  let after: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const reply = await call(routes.timeline, { params, query: { limit: pageSize, after } });
    entries.push(...reply.entries);
    if (reply.next === null) break;
    after = reply.next;
  }
  return entries;
}
