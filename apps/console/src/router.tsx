/** Every page and its address. Pages are loaded when they are first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { Frame } from './frame/frame.tsx';
import { Waiting } from './frame/page.tsx';
import { NotFound } from './pages/not-found.tsx';
import { StudyFrame } from './pages/study-frame.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { back?: string } => {
    const back = text(search.back);
    return back === undefined ? {} : { back };
  },
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignIn'),
});
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyRouteComponent(() => import('./pages/set-up.tsx'), 'SetUp'),
});

const team = createRoute({ getParentRoute: () => root, id: 'team', component: Frame, notFoundComponent: NotFound });
const studies = createRoute({
  getParentRoute: () => team,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/studies.tsx'), 'Studies'),
});
const newStudy = createRoute({
  getParentRoute: () => team,
  path: '/new-study',
  validateSearch: (search: Record<string, unknown>): { draft?: string } => {
    const draft = text(search.draft);
    return draft === undefined ? {} : { draft };
  },
  component: lazyRouteComponent(() => import('./pages/new-study.tsx'), 'NewStudy'),
});
const analyse = createRoute({
  getParentRoute: () => team,
  path: '/analyse',
  component: lazyRouteComponent(() => import('./pages/analyse/analyse.tsx'), 'Analyse'),
});
const accounts = createRoute({
  getParentRoute: () => team,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./pages/accounts.tsx'), 'Accounts'),
});
const drafts = createRoute({
  getParentRoute: () => team,
  path: '/drafts',
  component: lazyRouteComponent(() => import('./pages/drafts/drafts.tsx'), 'Drafts'),
});
const draft = createRoute({
  getParentRoute: () => team,
  path: '/drafts/$draftId',
  validateSearch: (search: Record<string, unknown>): { part?: string } => {
    const part = text(search.part);
    return part === undefined ? {} : { part };
  },
  component: lazyRouteComponent(() => import('./pages/drafts/draft.tsx'), 'Draft'),
});

const study = createRoute({ getParentRoute: () => team, path: '/studies/$studyId', component: StudyFrame });
const overview = createRoute({
  getParentRoute: () => study,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview.tsx'), 'Overview'),
});
const participants = createRoute({
  getParentRoute: () => study,
  path: '/participants',
  validateSearch: (search: Record<string, unknown>): { status?: string; id?: string } => {
    const [status, id] = [text(search.status), text(search.id)];
    return { ...(status === undefined ? {} : { status }), ...(id === undefined ? {} : { id }) };
  },
  component: lazyRouteComponent(() => import('./pages/participants.tsx'), 'Participants'),
});
const participant = createRoute({
  getParentRoute: () => study,
  path: '/participants/$participantId',
  component: lazyRouteComponent(() => import('./pages/participant/participant.tsx'), 'Participant'),
});
const protocol = createRoute({
  getParentRoute: () => study,
  path: '/protocol',
  component: lazyRouteComponent(() => import('./pages/protocol/protocol.tsx'), 'Protocol'),
});
const supply = createRoute({
  getParentRoute: () => study,
  path: '/supply',
  component: lazyRouteComponent(() => import('./pages/supply/supply.tsx'), 'Supply'),
});
const emergency = createRoute({
  getParentRoute: () => study,
  path: '/emergency',
  component: lazyRouteComponent(() => import('./pages/emergency.tsx'), 'Emergency'),
});
const safetyBoard = createRoute({
  getParentRoute: () => study,
  path: '/safety-board',
  component: lazyRouteComponent(() => import('./pages/safety-board.tsx'), 'SafetyBoard'),
});
const adverseEvents = createRoute({
  getParentRoute: () => study,
  path: '/adverse-events',
  component: lazyRouteComponent(() => import('./pages/adverse-events.tsx'), 'AdverseEvents'),
});
const keptEntries = createRoute({
  getParentRoute: () => study,
  path: '/kept-entries',
  component: lazyRouteComponent(() => import('./pages/kept-entries.tsx'), 'KeptEntries'),
});
const audit = createRoute({
  getParentRoute: () => study,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): { stream?: string } => {
    const stream = text(search.stream);
    return stream === undefined ? {} : { stream };
  },
  component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'Audit'),
});
const release = createRoute({
  getParentRoute: () => study,
  path: '/release',
  component: lazyRouteComponent(() => import('./pages/release.tsx'), 'Release'),
});

const tree = root.addChildren([
  signIn,
  setUp,
  team.addChildren([
    studies,
    newStudy,
    analyse,
    accounts,
    drafts,
    draft,
    study.addChildren([
      overview,
      participants,
      participant,
      supply,
      emergency,
      safetyBoard,
      protocol,
      adverseEvents,
      keptEntries,
      audit,
      release,
    ]),
  ]),
]);

export function createConsoleRouter() {
  return createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Waiting height={420} />,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
