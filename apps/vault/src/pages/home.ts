/** The first page: the studies in which somebody has a role; and the keeper's page of people. */
import { html, type Markup } from '@limen/protocol';
import type { House } from '../house.ts';
import {
  closePerson,
  createPerson,
  listPeople,
  type Person,
  setRoles,
  type VaultRole,
  vaultRoles,
} from '../people/people.ts';
import { Refusal } from '../refusals.ts';
import { field, notice, table } from './page.ts';
import type { PageRoute } from './route.ts';

export const roleWords: Readonly<Record<VaultRole, string>> = {
  pharmacist: 'Pharmacist (unblinded supply)',
  physician: 'Physician (emergency code break)',
  safety: 'Safety officer (reports to authorities)',
  dsmb: 'Safety board statistician (closed report)',
};

/** Where a role begins its work. */
const firstPlace: Readonly<Record<VaultRole, { path: string; label: string }>> = {
  pharmacist: { path: 'supply', label: 'Supply' },
  physician: { path: 'emergency', label: 'Emergency code break' },
  safety: { path: 'safety', label: 'Unblinding for a report' },
  dsmb: { path: 'closed-report', label: 'Closed report' },
};

const home: PageRoute = {
  path: '',
  who: 'somebody',
  place: 'Studies',
  get: async ({ session }) => {
    const { person } = session;
    const studies = [...new Set(person.roles.map(({ studyId }) => studyId))];
    return {
      page: {
        title: 'Your studies',
        body: [
          studies.length === 0 &&
            html`<p class="empty">You have no role in a study yet. ${person.keeper ? html`Roles are given on the page <a href="/room/people">People</a>.` : 'The keeper of the vault gives roles.'}</p>`,
          ...studies.map(
            (studyId) =>
              html`<section><h2>${studyId}</h2><ul class="plain">${person.roles
                .filter((given) => given.studyId === studyId)
                .map(
                  ({ role }) =>
                    html`<li><a href="/room/studies/${studyId}/${firstPlace[role].path}">${firstPlace[role].label}</a></li>`,
                )}</ul></section>`,
          ),
          html`<p><a href="/room/password">Change your password</a></p>`,
        ],
      },
    };
  },
};

const people: PageRoute = {
  path: '/people',
  who: 'keeper',
  place: 'People',
  get: async ({ house }) => ({
    page: {
      title: 'People',
      lead: 'Everybody with an account in the vault. A role lets somebody learn what others must not know, so give as few as the study needs.',
      body: [
        table('Accounts', ['Name', 'Sign-in name', 'Roles', 'State', ''], (await listPeople(house)).map(rowOf)),
        newPerson,
      ],
    },
  }),
  confirms: true,
  post: async ({ house, session, form }) => {
    const made = await createPerson(house, session.person.personId, {
      login: form.get('login') ?? '',
      name: form.get('name') ?? '',
      keeper: form.get('keeper') === 'yes',
    });
    return {
      page: {
        title: 'Account made',
        body: html`${notice('good', 'This password is shown once. It opens the page that changes it, and nothing else.')}<p class="big label">${made.startingPassword ?? ''}</p><p><a class="button" href="/room/people/${made.personId}">Give roles</a></p>`,
      },
    };
  },
};

const newPerson = html`<section><h2>New account</h2><form method="post">${field({ name: 'name', label: 'Name' })}${field({ name: 'login', label: 'Sign-in name' })}<label class="tick"><input type="checkbox" name="keeper" value="yes"> May give accounts and roles</label>${ownPassword()}<button>Make the account</button></form></section>`;

/** What a form that does something grave ends with. */
export function ownPassword(): Markup {
  return field({ name: 'password', label: 'Your own password', type: 'password', autocomplete: 'current-password' });
}

function rowOf(person: Person) {
  const roles = person.roles.map(({ studyId, role }) => html`<li>${studyId}: ${roleWords[role]}</li>`);
  return [
    person.name,
    html`<code>${person.login}</code>`,
    roles.length === 0
      ? person.keeper
        ? 'Keeper'
        : '–'
      : html`<ul class="plain">${person.keeper ? html`<li>Keeper</li>` : null}${roles}</ul>`,
    person.closedAt !== null ? 'Closed' : person.starting ? 'Has not signed in yet' : 'Open',
    person.closedAt === null ? html`<a href="/room/people/${person.personId}">Change</a>` : '',
  ];
}

const onePerson: PageRoute = {
  path: '/people/:personId',
  who: 'keeper',
  get: async ({ house, params, query }) => {
    const person = (await listPeople(house)).find((one) => one.personId === params.personId);
    if (!person) throw new Refusal('not_found', 'There is no such person.');
    const studies = await studyIds(house);
    return {
      page: {
        title: person.name,
        over: 'People',
        body: [
          query.get('done') === 'roles' && notice('good', 'The roles are as set below.'),
          html`<section><h2>Roles</h2>${studies.length === 0 ? html`<p class="empty">There is no study in the vault yet.</p>` : rolesForm(person, studies)}</section>`,
          html`<section><h2>Close the account</h2><p>Nobody can sign in with it any more; what the person did stays in the trail.</p><form method="post"><input type="hidden" name="act" value="close">${ownPassword()}<button class="grave">Close the account</button></form></section>`,
        ],
      },
    };
  },
  confirms: true,
  post: async ({ house, session, params, form }) => {
    const personId = params.personId ?? '';
    if (form.get('act') === 'close') {
      await closePerson(house, session.person.personId, personId);
      return { redirect: '/room/people' };
    }
    const roles = form.getAll('role').map((text) => {
      const [studyId = '', role = ''] = text.split('|');
      if (!vaultRoles.some((known) => known === role)) throw new Refusal('request_invalid', 'There is no such role.');
      return { studyId, role: role as VaultRole };
    });
    await setRoles(house, session.person.personId, personId, roles);
    return { redirect: `/room/people/${encodeURIComponent(personId)}?done=roles` };
  },
};

async function studyIds(house: House): Promise<string[]> {
  const { rows } = await house.pool.query<{ study_id: string }>('select study_id from study order by study_id');
  return rows.map((row) => row.study_id);
}

function rolesForm(person: Person, studies: readonly string[]): Markup {
  const tick = (studyId: string, role: VaultRole) => {
    const given = person.roles.some((one) => one.studyId === studyId && one.role === role);
    return html`<label class="tick"><input type="checkbox" name="role" value="${studyId}|${role}"${given ? html` checked` : null}> ${roleWords[role]}</label>`;
  };
  return html`<form method="post">${studies.map((studyId) => html`<fieldset><legend>${studyId}</legend>${vaultRoles.map((role) => tick(studyId, role))}</fieldset>`)}${ownPassword()}<button>Set the roles</button></form>`;
}

export const homePages: readonly PageRoute[] = [home, people, onePerson];
