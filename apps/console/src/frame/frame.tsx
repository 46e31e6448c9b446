/** The frame around every page of a signed-in person: navigation at the side on a desk, behind a button on a phone. */
import { Burger, Button } from '@mantine/core';
import { Navigate, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { callPlainly, routes } from '../server/client.ts';
import { useAnswer } from '../server/queries.ts';
import { roleIn, type Session, setSession, useSession } from '../server/session.tsx';
import { roleLabels } from '../words/labels.ts';
import { Mark } from './marks.tsx';
import { HouseLinks, StudyLinks } from './navigation.tsx';
import { Fault } from './page.tsx';

export function Frame() {
  const session = useSession();
  const place = useLocation();
  // The frame is still shown while the sign-in page is fetched.
  if (place.pathname === '/sign-in') return <Threshold />;
  if (session.data === null) {
    const back = place.href === '/' ? {} : { back: place.href };
    return <Navigate to="/sign-in" search={back} replace />;
  }
  if (session.data === undefined) {
    return session.error === null ? (
      <Threshold />
    ) : (
      <main className="alone">
        <h1>Limen</h1>
        <Fault error={session.error} retry={() => void session.refetch()} />
      </main>
    );
  }
  return <House session={session.data} />;
}

function Threshold() {
  return (
    <div className="threshold" role="status" aria-label="Loading">
      <Mark size={56} />
    </div>
  );
}

function House({ session }: { session: Session }) {
  const { studyId } = useParams({ strict: false });
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setOpen(false), [pathname]);
  return (
    <div className="frame" data-menu={open || undefined}>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="bar">
        <Burger
          opened={open}
          onClick={() => setOpen(!open)}
          aria-label={open ? 'Close navigation' : 'Open navigation'}
          aria-expanded={open}
          aria-controls="navigation"
          color="var(--on-deep)"
          size="sm"
        />
        <span className="brand">
          <Mark size={26} />
          Limen
        </span>
      </header>
      <nav
        id="navigation"
        className="side"
        aria-label="Main"
        onKeyDown={(event) => {
          if (event.key === 'Escape') setOpen(false);
        }}
      >
        <p className="brand side-brand">
          <Mark size={30} />
          Limen
        </p>
        {studyId !== undefined && <StudyPart session={session} studyId={studyId} />}
        <div className="side-part">
          <HouseLinks session={session} />
        </div>
        <Person session={session} studyId={studyId} />
      </nav>
      <main id="content" className="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function StudyPart({ session, studyId }: { session: Session; studyId: string }) {
  const study = useAnswer(routes.study, { params: { studyId } });
  return (
    <div className="side-part">
      <p className="side-title">{study.data?.shortTitle ?? studyId}</p>
      <StudyLinks studyId={studyId} role={roleIn(session, studyId)} />
    </div>
  );
}

function Person({ session, studyId }: { session: Session; studyId: string | undefined }) {
  const [leaving, setLeaving] = useState(false);
  const role = studyId === undefined ? (session.administrator ? 'administrator' : null) : roleIn(session, studyId);
  const leave = async () => {
    setLeaving(true);
    await callPlainly(routes.signOut, {}).catch(() => undefined);
    setSession(null);
  };
  return (
    <div className="person">
      <p className="person-name">{session.name}</p>
      {role !== null && <p className="person-role">{roleLabels[role]}</p>}
      <Button variant="subtle" size="compact-sm" color="gray.3" onClick={leave} loading={leaving} className="leave">
        Sign out
      </Button>
    </div>
  );
}
