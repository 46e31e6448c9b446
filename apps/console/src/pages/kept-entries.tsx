/** Entries of participants that could not be accepted: kept whole, beside what is recorded. */

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty, Fault, Loaded, More, Page, Waiting } from '../frame/page.tsx';
import { Tag } from '../frame/tag.tsx';
import { Values } from '../frame/values.tsx';
import { type ReplyOf, routes } from '../server/client.ts';
import { usePages } from '../server/queries.ts';
import { readWholeTimeline } from '../server/timeline.ts';
import { showInstant } from '../words/dates.ts';
import { commandLabels, eventLabel } from '../words/labels.ts';
import { sentenceOfCode } from '../words/problems.ts';
import { useStudy } from './study-frame.tsx';

type Kept = ReplyOf<typeof routes.keptEntries>['entries'][number];

export function KeptEntries() {
  const { studyId, study, may } = useStudy();
  const list = usePages(routes.keptEntries, { params: { studyId } }, may(routes.keptEntries));
  return (
    <Page
      title="Kept entries"
      over={study.shortTitle}
      lead="What a participant entered and the study could not accept. Nothing here counts as data; it is kept so that a person can look at it and, where it is right to, correct the record."
    >
      <Loaded of={list} height={360}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries);
          if (entries.length === 0) {
            return (
              <Empty title="Nothing has been kept aside">
                Entries that arrive too late, after a withdrawal or in conflict with another device appear here.
              </Empty>
            );
          }
          return (
            <ul className="kept">
              {entries.map((entry) => (
                <KeptCard key={entry.eventId} entry={entry} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      <More of={list} />
    </Page>
  );
}

function occurrenceOf(entry: Kept): string | null {
  const { occurrence } = (entry.content ?? {}) as { occurrence?: unknown };
  return typeof occurrence === 'string' ? occurrence : null;
}

function KeptCard({ entry }: { entry: Kept }) {
  const { studyId } = useStudy();
  const [comparing, setComparing] = useState(false);
  const occurrence = occurrenceOf(entry);
  return (
    <li className="panel">
      <div className="panel-head">
        <h2>
          {commandLabels[entry.command] ?? entry.command}
          {occurrence !== null && <span className="quiet"> · {occurrence}</span>}
        </h2>
        <span className="note">
          <Link
            to="/studies/$studyId/participants/$participantId"
            params={{ studyId, participantId: entry.participantId }}
          >
            {entry.participantId}
          </Link>
          , {showInstant(entry.recordedAt)}
        </span>
      </div>
      <p className="kept-why">
        <Tag tone="watch">Not accepted</Tag> {sentenceOfCode(entry.code)}
      </p>
      <div className="beside">
        <div>
          <h3>What arrived</h3>
          <Values of={entry.content} />
        </div>
        <div>
          <h3>What is recorded</h3>
          {comparing ? (
            <Recorded entry={entry} />
          ) : (
            <Button variant="default" size="xs" mt="xs" onClick={() => setComparing(true)}>
              Compare with the record
            </Button>
          )}
        </div>
      </div>
    </li>
  );
}

function Recorded({ entry }: { entry: Kept }) {
  const { studyId } = useStudy();
  const { participantId } = entry;
  const timeline = useQuery({
    queryKey: ['timeline', { studyId, participantId }],
    queryFn: () => readWholeTimeline({ studyId, participantId }),
  });
  if (timeline.error !== null) return <Fault error={timeline.error} retry={() => void timeline.refetch()} />;
  if (timeline.data === undefined) return <Waiting height={120} />;
  const occurrence = occurrenceOf(entry);
  const same = timeline.data.filter(
    ({ type, data }) => type !== 'entry.kept' && occurrence !== null && data.occurrence === occurrence,
  );
  if (same.length === 0) {
    return <p className="note">Nothing is recorded for {occurrence ?? 'this'}.</p>;
  }
  return (
    <>
      {same.map(({ eventId, type, recordedAt, data }) => (
        <div key={eventId} className="recorded">
          <p className="note">
            {eventLabel(type)}, {showInstant(recordedAt)}
          </p>
          <Values of={data} />
        </div>
      ))}
    </>
  );
}
