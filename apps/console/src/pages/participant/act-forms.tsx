/** One form for each act that moves a participant through the study. */
import { Checkbox, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ReasonField } from '../../frame/fields.tsx';
import { routes } from '../../server/client.ts';
import { useAnswer } from '../../server/queries.ts';
import { addDays, showDate, showInstant, showWeekday, todayIn, weekdayOf } from '../../words/dates.ts';
import { useStudy } from '../study-frame.tsx';
import { ActForm } from './act-form.tsx';
import type { Detail } from './detail.ts';

type Props = { readonly detail: Detail; readonly done: () => void };

export function ConfirmForm({ detail, done }: Props) {
  const [reason, setReason] = useState('');
  const open = detail.screening?.decisions.filter(({ verdict }) => verdict !== 'met') ?? [];
  return (
    <ActForm
      route={routes.confirmEligibility}
      detail={detail}
      command={{ type: 'confirmEligibility', reason }}
      label="Sign"
      said="Eligibility is confirmed."
      done={done}
    >
      <Text size="sm">
        You sign that this person is eligible.{' '}
        {open.length === 0 ? 'All criteria are met.' : 'These criteria are not decided by the answers alone:'}
      </Text>
      {open.length > 0 && (
        <ul className="faults">
          {open.map(({ criterion, explanation }) => (
            <li key={criterion}>
              {criterion}: {explanation}
            </li>
          ))}
        </ul>
      )}
      <ReasonField
        label="Reason"
        description="What you reviewed, and with whom you spoke"
        value={reason}
        onChange={setReason}
      />
    </ActForm>
  );
}

const weekdayNumbers = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The first day from tomorrow on that the protocol starts on. */
function firstStart(timeZone: string, startsOn: unknown): string {
  const tomorrow = addDays(todayIn(timeZone), 1);
  const wanted = weekdayNumbers.indexOf(String(startsOn));
  return wanted < 0 ? tomorrow : addDays(tomorrow, (wanted - weekdayOf(tomorrow) + 7) % 7);
}

export function RandomiseForm({ detail, done }: Props) {
  const { studyId } = useStudy();
  const protocol = useAnswer(routes.studyProtocol, { params: { studyId } });
  const startsOn = protocol.data?.protocol.startsOn;
  const [chosen, setChosen] = useState<string | null>(null);
  const startDate = chosen ?? (protocol.data === undefined ? '' : firstStart(detail.timeZone, startsOn));
  return (
    <ActForm
      route={routes.randomise}
      detail={detail}
      command={startDate === '' ? null : { type: 'randomise', startDate }}
      label="Randomise"
      said="Randomised. The kit is on the page."
      done={done}
    >
      <Text size="sm">
        The vault draws the allocation and answers with the label of a kit, and with nothing else. This cannot be
        undone.
      </Text>
      <TextInput
        type="date"
        label="First study day"
        description={`A calendar day in ${detail.timeZone}${startDate === '' ? '' : `: ${showWeekday(startDate)} ${showDate(startDate)}`}`}
        value={startDate}
        onChange={(event) => setChosen(event.currentTarget.value)}
        required
        withAsterisk={false}
      />
    </ActForm>
  );
}

export function HoldForm({ detail, done }: Props) {
  const [reason, setReason] = useState('');
  return (
    <ActForm
      route={routes.hold}
      detail={detail}
      command={{ type: 'hold', reason }}
      label="Hold dosing"
      said="Dosing is on hold."
      done={done}
    >
      <Text size="sm">
        The participant’s app asks for no more capsules until an investigator lifts the hold. Questionnaires go on.
      </Text>
      <ReasonField
        label="Reason"
        description="For the team; the participant reads neutral words"
        value={reason}
        onChange={setReason}
      />
    </ActForm>
  );
}

export function ResumeForm({ detail, done }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const holdId = chosen ?? detail.holds[0]?.holdId ?? null;
  return (
    <ActForm
      route={routes.resume}
      detail={detail}
      command={holdId === null ? null : { type: 'resume', holdId, reason }}
      label="Lift the hold"
      said="The hold is lifted."
      done={done}
    >
      {detail.holds.length > 1 && (
        <Text size="sm">There are {detail.holds.length} holds; dosing goes on when the last one is lifted.</Text>
      )}
      <Select
        label="Hold"
        data={detail.holds.map((hold) => ({ value: hold.holdId, label: `${hold.reason} (${showInstant(hold.at)})` }))}
        value={holdId}
        onChange={setChosen}
        allowDeselect={false}
      />
      <ReasonField label="Reason" description="Why dosing may go on" value={reason} onChange={setReason} />
    </ActForm>
  );
}

export function CompleteForm({ detail, done }: Props) {
  const open = detail.schedule.filter(({ status }) => ['upcoming', 'due', 'late', 'blocked'].includes(status));
  return (
    <ActForm
      route={routes.complete}
      detail={detail}
      command={{ type: 'complete' }}
      label="Complete"
      said="The participation is complete."
      done={done}
    >
      <Text size="sm">
        {open.length === 0
          ? 'Everything in the schedule has passed. Afterwards adverse events can still be reported and answers corrected.'
          : `The schedule still has ${open.length} open entries. The server accepts completion once the schedule has ended; someone who leaves earlier is withdrawn.`}
      </Text>
    </ActForm>
  );
}

/** Said before the labels are seen: who packed for a person does not rate that person. */
export function PackForm({ detail, done }: Props) {
  return (
    <ActForm
      route={routes.declarePacker}
      detail={detail}
      command={{ type: 'declarePacker' }}
      label="I pack for this person"
      said="It is recorded that you pack for this person."
      done={done}
    >
      <Text size="sm">
        Say this before you use the helper’s code. From then on somebody else must record and judge how this person is,
        until the end of the study. It cannot be taken back.
      </Text>
    </ActForm>
  );
}

export function WithdrawForm({ detail, done, dosingStopped }: Props & { dosingStopped: boolean }) {
  const [scope, setScope] = useState(dosingStopped ? 'study' : 'dosing');
  const [reason, setReason] = useState('');
  const [sure, setSure] = useState(false);
  return (
    <ActForm
      route={routes.withdraw}
      detail={detail}
      command={sure ? { type: 'withdraw', scope, ...(reason === '' ? {} : { reason }) } : null}
      label="Record the withdrawal"
      said="The withdrawal is recorded."
      done={done}
      danger
    >
      <Radio.Group label="What the person leaves" value={scope} onChange={setScope}>
        <Stack gap="xs" mt={4}>
          <Radio
            value="dosing"
            label="The capsules"
            description="No more capsules; questionnaires go on if the person agrees"
            disabled={dosingStopped}
          />
          <Radio value="study" label="The study" description="Nothing more is asked; what was recorded stays" />
          <Radio value="futureUse" label="The use of data in later research" description="The study itself goes on" />
        </Stack>
      </Radio.Group>
      <ReasonFieldOptional value={reason} onChange={setReason} />
      <Checkbox
        label="The person has asked for this, or an investigator has decided it"
        checked={sure}
        onChange={(event) => setSure(event.currentTarget.checked)}
      />
    </ActForm>
  );
}

function ReasonFieldOptional({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      label="Reason (optional)"
      description="Nobody has to give a reason"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={1000}
    />
  );
}
