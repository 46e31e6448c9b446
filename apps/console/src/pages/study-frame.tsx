/** What all pages of one study share: the study itself, my role in it, and the live view. */
import { Outlet, useParams } from '@tanstack/react-router';
import { createContext, useContext } from 'react';
import { Loaded } from '../frame/page.tsx';
import { type ReplyOf, routes } from '../server/client.ts';
import { type LiveState, useLive } from '../server/live.ts';
import { useAnswer } from '../server/queries.ts';
import { mayCall, roleIn, type TeamRole, useSession } from '../server/session.tsx';

type StudyView = {
  readonly studyId: string;
  readonly study: ReplyOf<typeof routes.study>;
  readonly role: TeamRole | null;
  readonly live: LiveState;
  may(route: Parameters<typeof mayCall>[0]): boolean;
};

const context = createContext<StudyView | null>(null);

export function useStudy(): StudyView {
  const view = useContext(context);
  if (view === null) throw new Error('This belongs inside a study.');
  return view;
}

export function StudyFrame() {
  const { studyId } = useParams({ from: '/team/studies/$studyId' });
  const { data: session } = useSession();
  const role = roleIn(session, studyId);
  const live = useLive(studyId, mayCall(routes.studyLive, role));
  const study = useAnswer(routes.study, { params: { studyId } });
  return (
    <Loaded of={study} height={420}>
      {(data) => (
        <context.Provider value={{ studyId, study: data, role, live, may: (route) => mayCall(route, role) }}>
          <Outlet />
        </context.Provider>
      )}
    </Loaded>
  );
}
