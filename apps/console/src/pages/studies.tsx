import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { placesFor } from '../frame/navigation.tsx';
import { Empty, Loaded, Page } from '../frame/page.tsx';
import { Tag } from '../frame/tag.tsx';
import { type ReplyOf, routes } from '../server/client.ts';
import { useAnswer } from '../server/queries.ts';
import { roleIn, type TeamRole, useSession } from '../server/session.tsx';
import { showDate, showNumber } from '../words/dates.ts';
import { roleLabels, studyStatuses } from '../words/labels.ts';

type Study = ReplyOf<typeof routes.studies>['studies'][number];

export function Studies() {
  const studies = useAnswer(routes.studies, {});
  const { data: session } = useSession();
  const create = session?.administrator ? (
    <Button renderRoot={(props) => <Link to="/new-study" {...props} />}>Create a study</Button>
  ) : undefined;
  return (
    <Page title="Studies" actions={create}>
      <Loaded of={studies} height={180}>
        {({ studies: list }) =>
          list.length === 0 ? (
            <Empty title="You are not a member of a study yet">
              An administrator gives accounts a role in a study. Ask yours to add you.
            </Empty>
          ) : (
            <ul className="study-cards">
              {list.map((study) => (
                <StudyCard key={study.studyId} study={study} role={roleIn(session, study.studyId)} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function StudyCard({ study, role }: { study: Study; role: TeamRole | null }) {
  const { studyId, shortTitle, title, status, participants, plannedSampleSize, protocolVersion, createdAt } = study;
  const { label, tone } = studyStatuses[status];
  const [first] = placesFor(role);
  return (
    <li className="panel study-card">
      <div className="study-card-head">
        <h2>
          <Link to={first?.to ?? '/studies/$studyId'} params={{ studyId }}>
            {shortTitle}
          </Link>
        </h2>
        <Tag tone={tone}>{label}</Tag>
      </div>
      <p className="study-card-title">{title}</p>
      <dl className="facts">
        <div>
          <dt>Participants</dt>
          <dd>
            {showNumber(participants)} of {showNumber(plannedSampleSize)} planned
          </dd>
        </div>
        <div>
          <dt>Protocol</dt>
          <dd>version {protocolVersion}</dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>{showDate(createdAt.slice(0, 10))}</dd>
        </div>
        {role !== null && (
          <div>
            <dt>My role</dt>
            <dd>{roleLabels[role]}</dd>
          </div>
        )}
      </dl>
    </li>
  );
}
