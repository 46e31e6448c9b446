/** The protocol in words and tables: what is studied, in whom, how, and when it stops. */
import type { ProtocolDocument } from '@limen/protocol';
import { describeAllocation, describeRegimen } from '@limen/protocol';
import { Tabs } from '@mantine/core';
import { Findings } from '../../frame/findings.tsx';
import { Loaded, Page, Panel } from '../../frame/page.tsx';
import { Scroll } from '../../frame/scroll.tsx';
import { SeverityTag, Tag } from '../../frame/tag.tsx';
import { routes } from '../../server/client.ts';
import { useAnswer } from '../../server/queries.ts';
import { count, showNumber } from '../../words/dates.ts';
import { roleLabels } from '../../words/labels.ts';
import { useStudy } from '../study-frame.tsx';
import { CalendarPreview } from './calendar-preview.tsx';
import { ScheduleGrid } from './schedule-grid.tsx';
import { SynopsisOnPaper } from './synopsis-on-paper.tsx';
import { ProtocolVersions } from './versions.tsx';

export function Protocol() {
  const { studyId, study } = useStudy();
  const answer = useAnswer(routes.studyProtocol, { params: { studyId } });
  return (
    <Page title="Protocol" over={study.shortTitle} lead={study.title}>
      <Loaded of={answer} height={640}>
        {({ protocol, hash, findings }) => {
          // The server parsed it against the same schema before it stored it.
          const document = protocol as unknown as ProtocolDocument;
          return (
            <Tabs defaultValue="synopsis" keepMounted={false}>
              <Tabs.List mb="md">
                <Tabs.Tab value="synopsis">Synopsis</Tabs.Tab>
                <Tabs.Tab value="schedule">Schedule</Tabs.Tab>
                <Tabs.Tab value="rules">Eligibility and holds</Tabs.Tab>
                <Tabs.Tab value="consent">Consent</Tabs.Tab>
                <Tabs.Tab value="findings">Findings ({findings.length})</Tabs.Tab>
                <Tabs.Tab value="versions">Versions</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="synopsis">
                <Synopsis document={document} hash={hash} />
              </Tabs.Panel>
              <Tabs.Panel value="schedule">
                <ScheduleGrid document={document} />
                <CalendarPreview document={document} />
              </Tabs.Panel>
              <Tabs.Panel value="rules">
                <Rules document={document} />
              </Tabs.Panel>
              <Tabs.Panel value="consent">
                <Consent document={document} />
              </Tabs.Panel>
              <Tabs.Panel value="versions">
                <ProtocolVersions current={protocol} />
              </Tabs.Panel>
              <Tabs.Panel value="findings">
                <Panel
                  title="Findings"
                  hint="What the compiler reports about the document; errors would have kept it from being used."
                >
                  <Findings findings={findings} />
                </Panel>
              </Tabs.Panel>
            </Tabs>
          );
        }}
      </Loaded>
    </Page>
  );
}

const settings = { takeHome: 'At home', observed: 'Observed', both: 'At home and observed' };
const effects = { hold: 'Holds dosing', stop: 'Ends dosing', review: 'Asks for review' };
const levels = { primary: 'Primary', secondary: 'Secondary', exploratory: 'Exploratory' };

function Synopsis({ document, hash }: { document: ProtocolDocument; hash: string }) {
  const { dosing, blinding, population } = document;
  const rows: [string, string][] = [
    ['Version', `${document.version}, language ${document.language}`],
    ['Setting', settings[document.setting]],
    ['Population', population.description],
    ['Planned size', count(population.plannedSampleSize, 'participant')],
    ['Randomisation', describeAllocation(document)],
    ['Masked', blinding.masked.map((role) => roleLabels[role] ?? role).join(', ')],
    [
      'Capsules',
      `${describeRegimen(dosing.regimen)}, taken between ${dosing.takeFrom} and ${dosing.takeUntil}; at most ${showNumber(dosing.maximumDoses)}, at least ${dosing.minimumHoursBetween} hours apart`,
    ],
    [
      'A missed capsule',
      dosing.missed === 'skip' ? 'is left out' : 'may be taken until the end of its day and is marked late',
    ],
  ];
  return (
    <div className="panels">
      <Panel title="Synopsis" wide>
        <dl className="definition">
          {rows.map(([term, words]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{words}</dd>
            </div>
          ))}
          <div>
            <dt>Hash of the document</dt>
            <dd>
              <code>{hash}</code>
            </dd>
          </div>
        </dl>
        <SynopsisOnPaper version={document.version} />
      </Panel>
      <Panel title="Rationale" wide>
        {document.rationale.split('\n\n').map((paragraph) => (
          <p key={paragraph} className="prose">
            {paragraph}
          </p>
        ))}
      </Panel>
      <Panel title="Objectives" wide>
        <ul className="findings">
          {document.objectives.map(({ id, level, text }) => (
            <li key={id}>
              <Tag tone={level === 'primary' ? 'good' : 'plain'}>{levels[level]}</Tag>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title="Arms">
        <ul className="stack">
          {document.arms.map(({ id, label, weight, description }) => (
            <li key={id}>
              <h3>
                {label} <span className="quiet">weight {weight}</span>
              </h3>
              <p>{description}</p>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title="Interventions">
        <ul className="stack">
          {document.interventions.map(({ id, label, role, description, substances }) => (
            <li key={id}>
              <h3>
                {label} <span className="quiet">{role}</span>
              </h3>
              <p>{description}</p>
              {substances?.map(({ substance, dose }) => (
                <p key={substance} className="note">
                  {substance}: {dose.min} to {dose.max} {dose.unit} of {dose.form}
                </p>
              ))}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title="Endpoints" wide>
        <Scroll label="Endpoints" tall>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Endpoint</th>
                <th scope="col">Level</th>
                <th scope="col">Contrast</th>
                <th scope="col">Model</th>
              </tr>
            </thead>
            <tbody>
              {document.analysis.endpoints.map(({ id, label, level, contrast, model }) => (
                <tr key={id}>
                  <td>{label}</td>
                  <td>{levels[level]}</td>
                  <td>{contrast}</td>
                  <td>
                    <code>{model}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
    </div>
  );
}

function Rules({ document }: { document: ProtocolDocument }) {
  const { eligibility, screeningInstrument } = document.population;
  return (
    <>
      {(['inclusion', 'exclusion'] as const).map((kind) => (
        <Panel
          key={kind}
          title={kind === 'inclusion' ? 'Inclusion' : 'Exclusion'}
          hint={
            kind === 'inclusion'
              ? `Decided by the answers to ${screeningInstrument}. What is not answered leaves a criterion open; it never counts as met.`
              : 'Any one of these keeps a person out.'
          }
        >
          <ul className="stack">
            {eligibility
              .filter((criterion) => criterion.kind === kind)
              .map(({ id, label, rule, reason }) => (
                <li key={id}>
                  <h3>{label}</h3>
                  <p className="note">The person is told: {reason}</p>
                  <code>{rule}</code>
                </li>
              ))}
          </ul>
        </Panel>
      ))}
      <Panel
        title="Hold rules"
        hint="Looked at with every answer, in the same step that stores it. A hold stops dosing until an investigator lifts it; a review asks a clinician to look."
      >
        <ul className="stack">
          {document.safety.holdRules.map(({ id, label, rule, effect, severity, participantMessage }) => (
            <li key={id}>
              <h3>
                {label} <SeverityTag severity={severity} /> <Tag>{effects[effect]}</Tag>
              </h3>
              <p className="note">The participant reads: {participantMessage}</p>
              <code>{rule}</code>
            </li>
          ))}
        </ul>
      </Panel>
      {document.blinding.emergencyUnblinding !== undefined && (
        <Panel title="Emergency code break">
          <p className="prose">{document.blinding.emergencyUnblinding}</p>
        </Panel>
      )}
    </>
  );
}

function Consent({ document }: { document: ProtocolDocument }) {
  return (
    <>
      {[...document.consent].reverse().map(({ version, language, title, sections, choices, comprehension }) => (
        <Panel key={`${version} ${language}`} title={title} hint={`Version ${version}, language ${language}`}>
          {sections.map(({ id, heading, text }) => (
            <div key={id} className="consent-section">
              <h3>{heading}</h3>
              {text.split('\n\n').map((paragraph) => (
                <p key={paragraph} className="prose">
                  {paragraph}
                </p>
              ))}
            </div>
          ))}
          {choices.length > 0 && (
            <div className="consent-section">
              <h3>Choices</h3>
              <ul className="faults">
                {choices.map(({ id, label, required }) => (
                  <li key={id}>
                    {label} <span className="quiet">{required ? 'required' : 'optional'}</span>
                  </li>
                ))}
              </ul>
            </div>
          )}
          {comprehension.length > 0 && (
            <div className="consent-section">
              <h3>Questions of understanding</h3>
              <ul className="faults">
                {comprehension.map(({ id, question, options, correct }) => (
                  <li key={id}>
                    {question} <span className="quiet">Right: {options[correct]}</span>
                  </li>
                ))}
              </ul>
            </div>
          )}
        </Panel>
      ))}
    </>
  );
}
