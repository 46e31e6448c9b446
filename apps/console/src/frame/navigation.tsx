/** Where a role can go. What the server would refuse is not shown. */
import { Link } from '@tanstack/react-router';
import { routes } from '../server/client.ts';
import { mayCall, mayCallAnywhere, type Session, type TeamRole } from '../server/session.tsx';
import { Sign } from './marks.tsx';

const places = [
  { to: '/studies/$studyId', label: 'Overview', sign: 'overview', needs: routes.studyOverview, exact: true },
  { to: '/studies/$studyId/participants', label: 'Participants', sign: 'participants', needs: routes.participants },
  { to: '/studies/$studyId/supply', label: 'Supply', sign: 'supply', needs: routes.supply },
  { to: '/studies/$studyId/adverse-events', label: 'Adverse events', sign: 'safety', needs: routes.adverseEvents },
  { to: '/studies/$studyId/kept-entries', label: 'Kept entries', sign: 'kept', needs: routes.keptEntries },
  { to: '/studies/$studyId/emergency', label: 'Emergency', sign: 'emergency', needs: routes.emergency },
  { to: '/studies/$studyId/safety-board', label: 'Safety board', sign: 'board', needs: routes.safetyBoard },
  { to: '/studies/$studyId/protocol', label: 'Protocol', sign: 'protocol', needs: routes.studyProtocol },
  { to: '/studies/$studyId/audit', label: 'Audit', sign: 'audit', needs: routes.ledgerEntries },
  { to: '/studies/$studyId/release', label: 'Release', sign: 'release', needs: routes.results },
] as const;

/** Pages of a study in the order they stand in the navigation. */
export const placesFor = (role: TeamRole | null) => places.filter(({ needs }) => mayCall(needs, role));

export function StudyLinks({ studyId, role, onGo }: { studyId: string; role: TeamRole | null; onGo?: () => void }) {
  return (
    <ul className="nav-list">
      {placesFor(role).map(({ to, label, sign, ...place }) => (
        <li key={to}>
          <Link
            to={to}
            params={{ studyId }}
            className="nav-link"
            activeOptions={{ exact: 'exact' in place }}
            {...(onGo ? { onClick: onGo } : {})}
          >
            <Sign name={sign} />
            <span>{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function HouseLinks({ session, onGo }: { session: Session; onGo?: () => void }) {
  const go = onGo ? { onClick: onGo } : {};
  return (
    <ul className="nav-list">
      <li>
        <Link to="/" className="nav-link" activeOptions={{ exact: true }} {...go}>
          <Sign name="studies" />
          <span>Studies</span>
        </Link>
      </li>
      {mayCallAnywhere(routes.drafts, session) && (
        <li>
          <Link to="/drafts" className="nav-link" {...go}>
            <Sign name="protocol" />
            <span>Drafts</span>
          </Link>
        </li>
      )}
      <li>
        <Link to="/analyse" className="nav-link" {...go}>
          <Sign name="table" />
          <span>Analyse a table</span>
        </Link>
      </li>
      {session.administrator && (
        <li>
          <Link to="/accounts" className="nav-link" {...go}>
            <Sign name="accounts" />
            <span>Accounts</span>
          </Link>
        </li>
      )}
    </ul>
  );
}
