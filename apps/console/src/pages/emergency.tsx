/** The way to a code break: the vault's own page, and the telephone where it is closed. Nothing of a treatment is ever here. */
import { Button } from '@mantine/core';
import { Loaded, Page, Panel } from '../frame/page.tsx';
import { Tag } from '../frame/tag.tsx';
import { type ReplyOf, routes } from '../server/client.ts';
import { useAnswer } from '../server/queries.ts';
import { showInstant } from '../words/dates.ts';
import { useStudy } from './study-frame.tsx';

type Way = ReplyOf<typeof routes.emergency>;

export function Emergency() {
  const { studyId, study, may } = useStudy();
  const way = useAnswer(routes.emergency, { params: { studyId } }, { enabled: may(routes.emergency), everyMs: 15_000 });
  return (
    <Page
      title="Emergency"
      over={study.shortTitle}
      lead="When a participant’s treatment depends on what was taken, the code of this one participant is broken. Nobody has to agree. Whoever assesses the participant should not be the one who looks."
    >
      <Loaded of={way} height={320}>
        {(data) => (
          <>
            {data.open ? <OpenWay way={data} /> : <ClosedWay way={data} />}
            {data.open && <Telephone way={data} />}
            <Panel title="What happens">
              <ol className="plain-steps">
                <li>
                  The vault asks for the number on the wallet card or on a kit, or the participant’s number here, and
                  why. Nothing it asks can stop you.
                </li>
                <li>It shows substance and dose of that participant to the person who asked, and to nobody else.</li>
                <li>Study capsules stop; the participant stays in follow-up. The team is told that it happened.</li>
                <li>
                  Within 24 hours it is written down on the participant’s page why it was, who knows, and what it means.
                </li>
              </ol>
              {[data.instructions, data.available, data.afterwards].map(
                (text) => text !== null && <p key={text}>{text}</p>,
              )}
              <p className="note">
                {data.lastDrillAt === null
                  ? 'No drill has been held yet. Hold one before the first participant, and every quarter.'
                  : `Last drill: ${showInstant(data.lastDrillAt)}.`}
              </p>
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function OpenWay({ way }: { way: Way }) {
  return (
    <Panel title="Break a code" aside={<Tag tone="good">The way is open</Tag>}>
      <p>
        The vault is another place with another sign-in; the account there belongs to physicians on call. What it shows
        never passes through this server.
      </p>
      {way.vaultPages === null ? (
        <p className="note">This server was not told where people reach the vault’s pages. Telephone instead.</p>
      ) : (
        <Button component="a" href={`${way.vaultPages}/emergency`} target="_blank" rel="noreferrer" color="clay">
          Open the vault’s emergency page
        </Button>
      )}
    </Panel>
  );
}

/** The same words whatever closes it. */
function ClosedWay({ way }: { way: Way }) {
  return (
    <Panel title="Telephone now" aside={<Tag tone="alarm">The vault cannot be reached</Tag>}>
      <p>
        The code cannot be broken here at the moment. Treat as if the participant had taken an active capsule, and call:
      </p>
      <Contacts way={way} />
      <p>{way.backup ?? 'The unblinded pharmacist keeps sealed envelopes, one for each kit, for exactly this.'}</p>
    </Panel>
  );
}

function Telephone({ way }: { way: Way }) {
  return (
    <Panel title="By telephone" hint="For doctors without an account, and whenever the vault cannot be reached.">
      <Contacts way={way} />
      {way.backup !== null && <p>{way.backup}</p>}
    </Panel>
  );
}

export function Contacts({ way }: { way: Way }) {
  if (way.contacts.length === 0) {
    return <p className="note">The protocol names nobody to call. Add contacts in its safety section.</p>;
  }
  return (
    <ul className="contacts">
      {way.contacts.map(({ label, phone, hours }) => (
        <li key={label}>
          <strong>{label}</strong>
          {phone !== undefined && (
            <>
              {' '}
              <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>
            </>
          )}
          <span className="note"> {hours}</span>
        </li>
      ))}
    </ul>
  );
}
