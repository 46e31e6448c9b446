/** What this person of the team may do next with this participant: by role, by status. The server has the last word. */
import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { routes } from '../../server/client.ts';
import type { TimelineEntry } from '../../server/timeline.ts';
import { useStudy } from '../study-frame.tsx';
import {
  CompleteForm,
  ConfirmForm,
  HoldForm,
  PackForm,
  RandomiseForm,
  ResumeForm,
  WithdrawForm,
} from './act-forms.tsx';
import { CodeForm } from './code-form.tsx';
import { CorrectForm } from './correct-form.tsx';
import type { Detail } from './detail.ts';
import {
  awaitedKit,
  DispenseForm,
  isMissing,
  LossForm,
  losable,
  ReplaceForm,
  ReturnForm,
  returnable,
} from './kit-forms.tsx';
import { ReportForm } from './report-form.tsx';
import { openCodeBreaks, UnblindingForm } from './unblinding-form.tsx';

type Act = {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly route: Parameters<ReturnType<typeof useStudy>['may']>[0];
  /** Whether the participant's state asks for it. */
  readonly open: boolean;
  /** The step that moves the study on. */
  readonly next?: boolean;
  readonly form: (done: () => void) => ReactNode;
};

function actsFor(detail: Detail, entries: readonly TimelineEntry[]): Act[] {
  const { row, eligibilityConfirmed, holds } = detail;
  const { status, kit } = row;
  const ended = status === 'withdrawn' || status === 'completed' || status === 'ineligible';
  const randomised = status === 'randomised';
  const [hold] = holds;
  const submissions = entries.filter(({ type }) => type === 'answers.submitted');
  /** Nothing is handed over to somebody who packs. */
  const packs = entries.some(({ type }) => type === 'packing.planned');
  const dosingStopped = entries.some(({ type }) => type === 'participant.withdrawn' || type === 'dosing.stopped');
  return [
    {
      id: 'confirm',
      label: 'Confirm eligibility',
      title: 'Confirm eligibility',
      route: routes.confirmEligibility,
      open: !ended && !randomised && !eligibilityConfirmed && detail.consentVersion !== null,
      next: true,
      form: (done) => <ConfirmForm detail={detail} done={done} />,
    },
    {
      id: 'randomise',
      label: 'Randomise',
      title: 'Randomise',
      route: routes.randomise,
      open: !ended && eligibilityConfirmed && kit === null,
      next: true,
      form: (done) => <RandomiseForm detail={detail} done={done} />,
    },
    {
      id: 'dispense',
      label: 'Dispense the kit',
      title: `Dispense kit ${awaitedKit(detail) ?? ''}`,
      route: routes.dispense,
      open: randomised && awaitedKit(detail) !== null && !packs,
      next: true,
      form: (done) => <DispenseForm detail={detail} done={done} />,
    },
    {
      id: 'replace',
      label: 'Replace the kit',
      title: 'Replace the kit',
      route: routes.replaceKit,
      open: randomised && isMissing(detail),
      next: true,
      form: (done) => <ReplaceForm detail={detail} done={done} />,
    },
    {
      id: 'return',
      label: 'Record a returned kit',
      title: 'Record a returned kit',
      route: routes.returnKit,
      open: returnable(detail).length > 0,
      form: (done) => <ReturnForm detail={detail} done={done} />,
    },
    {
      id: 'lost',
      label: 'Report a lost or damaged kit',
      title: 'Report a lost or damaged kit',
      route: routes.reportKitLost,
      open: losable(detail).length > 0,
      form: (done) => <LossForm detail={detail} done={done} />,
    },
    {
      id: 'unblinding',
      label: openCodeBreaks(detail).length > 0 ? 'Report the code break' : 'Report an unblinding',
      title: openCodeBreaks(detail).length > 0 ? 'Report the code break' : 'Report an unblinding',
      route: routes.reportUnblinding,
      open: kit !== null,
      next: openCodeBreaks(detail).length > 0,
      form: (done) => <UnblindingForm detail={detail} done={done} />,
    },
    {
      id: 'resume',
      label: 'Lift the hold',
      title: 'Lift the hold',
      route: routes.resume,
      open: hold !== undefined && status !== 'withdrawn',
      next: true,
      form: (done) => <ResumeForm detail={detail} done={done} />,
    },
    {
      id: 'hold',
      label: 'Hold dosing',
      title: 'Hold dosing',
      route: routes.hold,
      open: randomised && !holds.some(({ rule }) => rule === 'manual'),
      form: (done) => <HoldForm detail={detail} done={done} />,
    },
    {
      id: 'pack',
      label: 'I pack for this person',
      title: 'Pack for this person',
      route: routes.declarePacker,
      open: randomised && packs,
      form: (done) => <PackForm detail={detail} done={done} />,
    },
    {
      id: 'report',
      label: 'Report an adverse event',
      title: 'Report an adverse event',
      route: routes.reportAdverseEvent,
      open: status !== 'withdrawn' && status !== 'ineligible' && status !== 'invited',
      form: (done) => <ReportForm detail={detail} done={done} />,
    },
    {
      id: 'correct',
      label: 'Correct an answer',
      title: 'Correct an answer',
      route: routes.correct,
      open: submissions.length > 0 && status !== 'withdrawn',
      form: (done) => <CorrectForm detail={detail} submissions={submissions} corrections={entries} done={done} />,
    },
    {
      id: 'code',
      label: 'New personal code',
      title: 'New personal code',
      route: routes.renewPersonalCode,
      open: status !== 'ineligible',
      form: (done) => <CodeForm detail={detail} done={done} />,
    },
    {
      id: 'complete',
      label: 'Complete',
      title: 'Complete the participation',
      route: routes.complete,
      open: randomised,
      form: (done) => <CompleteForm detail={detail} done={done} />,
    },
    {
      id: 'withdraw',
      label: 'Withdraw',
      title: 'Withdraw',
      route: routes.withdraw,
      open: !ended,
      form: (done) => <WithdrawForm detail={detail} dosingStopped={dosingStopped} done={done} />,
    },
  ];
}

export function Acts({ detail, entries }: { detail: Detail; entries: readonly TimelineEntry[] }) {
  const { may } = useStudy();
  const [chosen, setChosen] = useState<string | null>(null);
  const acts = actsFor(detail, entries).filter(({ route, open }) => open && may(route));
  // The form stays while its dialog closes, even where the act is no longer open.
  const act = actsFor(detail, entries).find(({ id }) => id === chosen);
  const close = () => setChosen(null);
  return (
    <>
      {acts.length > 0 && (
        <section className="acts" aria-label="What can be done now">
          {acts.map(({ id, label, next }) => (
            <Button key={id} variant={next ? 'filled' : 'default'} onClick={() => setChosen(id)}>
              {label}
            </Button>
          ))}
        </section>
      )}
      <Modal opened={act !== undefined} onClose={close} title={act?.title} closeOnClickOutside={act?.id !== 'code'}>
        {act?.form(close)}
      </Modal>
    </>
  );
}
