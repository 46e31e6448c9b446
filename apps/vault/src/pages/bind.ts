/** Binds the pages to the server: who is there, may they, does the form come from us; and how a refusal looks. */
import { dataHeaders, formHeaders, isForeignOrigin, tokenOf } from '@limen/access';
import { html } from '@limen/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { House } from '../house.ts';
import { personByPassword } from '../people/people.ts';
import { findSession, type Session, stepUp } from '../people/sessions.ts';
import { Refusal, refusals } from '../refusals.ts';
import { notice, type Page, type Place, renderPage } from './page.ts';
import type { Answer, PageRoute, PersonVisit, Visit } from './route.ts';

export const vaultCookie = 'limen_vault';
const largestForm = 512 * 1024;

export function bindPages(server: FastifyInstance, house: House, pages: readonly PageRoute[]): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: largestForm },
      (_, body, done) => done(null, new URLSearchParams(String(body))),
    );
    scope.setErrorHandler(async (error, _, reply) => {
      house.log({ event: 'page.failed', kind: (error as Error).name });
      const status = (error as { statusCode?: number }).statusCode ?? 500;
      await send(reply, status, {
        title: status < 500 ? 'The form could not be read' : 'The vault cannot answer now',
        body: backHome,
      });
    });
    scope.get('/', async (_, reply) => reply.headers(formHeaders).redirect('/room', 303));
    for (const route of pages) {
      const url = `/room${route.path}`;
      if (route.get) scope.get(url, async (request, reply) => serve(house, pages, route, 'get', request, reply));
      if (route.post) scope.post(url, async (request, reply) => serve(house, pages, route, 'post', request, reply));
    }
  });
}

const backHome = html`<p><a href="/room">Back to the first page</a></p>`;

/** Asks for the person's own password again; too many wrong ones wait. */
async function confirmPerson({ house, session, form }: PersonVisit, route: PageRoute): Promise<void> {
  if (route.confirms === undefined || (route.confirms === 'unlessFresh' && session.steppedUp)) return;
  const { personId, login } = session.person;
  const { byLogin } = house.attempts;
  if (byLogin.blocked(personId)) {
    throw new Refusal('unauthorised', 'Too many wrong passwords. Wait a quarter of an hour.');
  }
  const right = await personByPassword(house, login, form.get('password') ?? '');
  if (right === null) {
    byLogin.fail(personId);
    throw new Refusal('unauthorised', 'The password is not right. Nothing was done.');
  }
  byLogin.clear(personId);
  await stepUp(house, session);
}

async function serve(
  house: House,
  pages: readonly PageRoute[],
  route: PageRoute,
  method: 'get' | 'post',
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { token } = tokenOf(request.headers, vaultCookie);
  const session = token === null ? null : await findSession(house, token);
  const visit: Visit = {
    house,
    session,
    params: request.params as Record<string, string>,
    query: new URLSearchParams(request.url.split('?')[1] ?? ''),
    form: request.body instanceof URLSearchParams ? request.body : new URLSearchParams(),
    url: request.url,
    ip: request.ip,
    secure: request.protocol === 'https',
  };
  const show = (answer: Answer) => sendAnswer(reply, answer, session, placesOf(pages, visit, route));
  try {
    if (method === 'post' && isForeignOrigin(request.headers)) {
      throw new Refusal('unauthorised', 'The form was not sent from a page of this vault.');
    }
    const turnedAway = admit(route, visit);
    if (turnedAway !== null) return await show(turnedAway);
    if (method === 'post') await confirmPerson(visit as PersonVisit, route);
    return await show(await handlerOf(route, method)(visit as PersonVisit));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    house.log({ event: 'page.refused', route: route.path, code: error.code });
    return await show(await refused(route, method, visit, error));
  }
}

const handlerOf = (route: PageRoute, method: 'get' | 'post') =>
  route[method] as unknown as (visit: PersonVisit) => Promise<Answer>;

/** Null where the visitor may come in. */
function admit(route: PageRoute, visit: Visit): Answer | null {
  const { session, params } = visit;
  if (route.who === 'anyone') return null;
  if (session === null) return { redirect: signInFor(route, visit) };
  if (session.person.starting && route.path !== '/password') return { redirect: '/room/password' };
  if (route.who === 'somebody' && isAnywhere(session, route)) return null;
  if (route.who === 'somebody') return notYours;
  if (route.who === 'keeper' ? session.person.keeper : hasRole(session, route, params.studyId)) return null;
  return notYours;
}

const notYours: Answer = {
  status: 403,
  page: {
    title: 'Not yours to open',
    body: html`<p>Your account does not have the role this page needs.</p>${backHome}`,
  },
};

const isAnywhere = ({ person }: Session, route: PageRoute): boolean =>
  !('anywhere' in route) || person.roles.some(({ role }) => role === route.anywhere);

/** Who follows a link to a page that is opened in a hurry comes back to it. */
function signInFor(route: PageRoute, { url }: Visit): string {
  return route.returns ? `/room/sign-in?to=${encodeURIComponent(url)}` : '/room/sign-in';
}

function hasRole(session: Session, route: PageRoute, studyId: string | undefined): boolean {
  const wanted: readonly string[] = [route.who, ...('also' in route ? (route.also ?? []) : [])];
  return session.person.roles.some((given) => given.studyId === studyId && wanted.includes(given.role));
}

/** The same page once more with what was wrong, or a page of its own where there is none. */
async function refused(route: PageRoute, method: 'get' | 'post', visit: Visit, refusal: Refusal): Promise<Answer> {
  const { status } = refusals[refusal.code];
  const said = notice('bad', refusal.reason);
  if (method === 'post' && route.get && admit(route, visit) === null) {
    const again = await handlerOf(
      route,
      'get',
    )(visit as PersonVisit).catch((error: unknown) => {
      if (error instanceof Refusal) return null;
      throw error;
    });
    if (again !== null && 'page' in again) return { status, page: { ...again.page, body: [said, again.page.body] } };
  }
  return { status, page: { title: 'That was not possible', body: [said, backHome] } };
}

/** The pages the visitor may open in this study, in the order they are declared. */
function placesOf(pages: readonly PageRoute[], { session, params }: Visit, here: PageRoute): Place[] {
  if (session === null || session.person.starting) return [];
  return pages.flatMap((route) => {
    if (route.place === undefined) return [];
    if (route.path.includes(':') && params.studyId === undefined) return [];
    if (admit(route, { session, params } as Visit) !== null || route.shows?.(session) === false) return [];
    const href = `/room${route.path.replace(':studyId', params.studyId ?? '')}`;
    return [{ href, label: route.place, here: route === here }];
  });
}

async function sendAnswer(
  reply: FastifyReply,
  answer: Answer,
  session: Session | null,
  places: readonly Place[],
): Promise<FastifyReply> {
  if ('redirect' in answer) {
    if (answer.cookie !== undefined) reply.header('set-cookie', answer.cookie);
    return reply.headers(formHeaders).redirect(answer.redirect, 303);
  }
  if ('file' in answer) {
    return reply
      .headers(dataHeaders)
      .header('content-disposition', `attachment; filename="${answer.name}"`)
      .type(answer.type)
      .send(Buffer.from(answer.file));
  }
  return send(reply, answer.status ?? 200, answer.page, session, places);
}

function send(
  reply: FastifyReply,
  status: number,
  page: Page,
  session: Session | null = null,
  places: readonly Place[] = [],
): FastifyReply {
  return reply
    .status(status)
    .headers(formHeaders)
    .type('text/html; charset=utf-8')
    .send(renderPage(page, session, places));
}
