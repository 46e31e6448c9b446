/** Create a study: a protocol of the library, a draft or a pasted document, checked before it is sent; its sites. */
import { Button, Group, NativeSelect, Radio, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ZoneSelect } from '../frame/fields.tsx';
import { Findings } from '../frame/findings.tsx';
import { notify } from '../frame/notices.tsx';
import { Fault, Loaded, Page, Panel } from '../frame/page.tsx';
import { call, faultsOf, type ReplyOf, routes } from '../server/client.ts';
import { useAct, useAnswer } from '../server/queries.ts';
import { setSession } from '../server/session.tsx';
import { readerZone } from '../words/dates.ts';

type Source = 'library' | 'draft' | 'text';
const sources: readonly { value: Source; label: string }[] = [
  { value: 'library', label: 'From the library' },
  { value: 'draft', label: 'From a draft' },
  { value: 'text', label: 'Own document' },
];
type Site = { readonly key: number; readonly siteId: string; readonly name: string; readonly timeZone: string };
const emptySite = (key: number): Site => ({
  key,
  siteId: key === 1 ? 'main' : `site-${key}`,
  name: '',
  timeZone: readerZone,
});

export function NewStudy() {
  const installation = useAnswer(routes.installationStatus, {});
  return (
    <Page
      title="Create a study"
      lead="The randomisation is committed when the study is created, before anyone can be invited. The protocol cannot be exchanged afterwards."
    >
      <Loaded of={installation} height={480}>
        {({ library }) => <StudyForm library={library} />}
      </Loaded>
    </Page>
  );
}

function StudyForm({ library }: { library: ReplyOf<typeof routes.installationStatus>['library'] }) {
  const navigate = useNavigate();
  const { draft: wanted } = useSearch({ from: '/team/new-study' });
  const drafts = useAnswer(routes.drafts, {});
  const [from, setFrom] = useState<Source>(wanted === undefined ? 'library' : 'draft');
  const [draftId, setDraftId] = useState(wanted);
  const [chosen, setChosen] = useState(library[0]?.id ?? '');
  const [text, setText] = useState('');
  const [studyId, setStudyId] = useState('');
  const [sites, setSites] = useState<readonly Site[]>([emptySite(1)]);
  const check = useMutation({
    mutationFn: (document: string) => call(routes.checkProtocol, { body: { text: document } }),
  });
  const create = useAct(routes.createStudy);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const draft = drafts.data?.drafts.find((one) => one.draftId === draftId) ?? drafts.data?.drafts[0];
    const written =
      from === 'draft' && draft !== undefined
        ? { draft: { draftId: draft.draftId, revision: draft.revision } }
        : { text };
    const source = from === 'library' ? { library: chosen } : written;
    const places = sites.map(({ siteId, name, timeZone }) => ({ siteId, name, timeZone }));
    create.mutate(
      { body: { studyId, ...source, sites: places } },
      {
        onSuccess: async (study) => {
          notify(`${study.shortTitle} was created.`);
          setSession(await call(routes.currentSession, {}));
          await navigate({ to: '/studies/$studyId', params: { studyId: study.studyId } });
        },
      },
    );
  };
  const change = (key: number, part: Partial<Site>) =>
    setSites(sites.map((site) => (site.key === key ? { ...site, ...part } : site)));

  return (
    <form onSubmit={submit}>
      <div className="panels">
        <Panel title="Protocol" wide>
          <Stack>
            <SegmentedControl
              aria-label="Where the protocol comes from"
              value={from}
              onChange={(value) => setFrom(sources.find((one) => one.value === value)?.value ?? from)}
              data={[...sources]}
            />
            {from === 'draft' ? (
              <Loaded of={drafts} height={60}>
                {({ drafts: list }) => <DraftChoice drafts={list} value={draftId} choose={setDraftId} />}
              </Loaded>
            ) : from === 'library' ? (
              <Radio.Group aria-label="Protocol of the library" value={chosen} onChange={setChosen}>
                <Stack gap="sm">
                  {library.map(({ id, shortTitle, title, version }) => (
                    <Radio key={id} value={id} label={`${shortTitle}, version ${version}`} description={title} />
                  ))}
                </Stack>
              </Radio.Group>
            ) : (
              <>
                <Textarea
                  label="Protocol document"
                  description="JSON in the format limen-protocol/1"
                  value={text}
                  onChange={(event) => setText(event.currentTarget.value)}
                  minRows={10}
                  maxRows={24}
                  autosize
                  spellCheck={false}
                  required
                  withAsterisk={false}
                  styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8rem' } }}
                />
                <Group>
                  <Button
                    variant="default"
                    onClick={() => check.mutate(text)}
                    loading={check.isPending}
                    disabled={text.length < 2}
                  >
                    Check the document
                  </Button>
                </Group>
                {check.error !== null && <Fault error={check.error} />}
                {check.data !== undefined && <CheckResult result={check.data} />}
              </>
            )}
          </Stack>
        </Panel>
        <Panel title="Study and sites" wide>
          <Stack>
            <TextInput
              label="Id of the study"
              description="Lower-case letters, digits and hyphens; it stands in addresses and cannot be changed"
              value={studyId}
              onChange={(event) => setStudyId(event.currentTarget.value)}
              pattern="[a-z][a-z0-9\-]{0,62}"
              required
              withAsterisk={false}
              spellCheck={false}
              autoCapitalize="none"
            />
            {sites.map((site, index) => (
              <fieldset key={site.key} className="site-row">
                <legend>Site {index + 1}</legend>
                <TextInput
                  label="Id"
                  value={site.siteId}
                  onChange={(event) => change(site.key, { siteId: event.currentTarget.value })}
                  pattern="[a-z][a-z0-9\-]{0,62}"
                  required
                  withAsterisk={false}
                />
                <TextInput
                  label="Name"
                  value={site.name}
                  onChange={(event) => change(site.key, { name: event.currentTarget.value })}
                  required
                  withAsterisk={false}
                />
                <ZoneSelect
                  label="Time zone"
                  value={site.timeZone}
                  onChange={(timeZone) => change(site.key, { timeZone })}
                />
                {sites.length > 1 && (
                  <Button
                    variant="subtle"
                    color="clay"
                    onClick={() => setSites(sites.filter(({ key }) => key !== site.key))}
                    aria-label={`Remove site ${index + 1}`}
                  >
                    Remove
                  </Button>
                )}
              </fieldset>
            ))}
            <Group>
              <Button
                variant="default"
                onClick={() => setSites([...sites, emptySite(Math.max(...sites.map(({ key }) => key)) + 1)])}
              >
                Add a site
              </Button>
            </Group>
          </Stack>
        </Panel>
      </div>
      {create.error !== null && (
        <>
          <Fault error={create.error} />
          <ul className="faults">
            {faultsOf(create.error).map(({ path, code, detail }) => (
              <li key={`${path} ${code}`}>
                <code>{path}</code> {detail}
              </li>
            ))}
          </ul>
        </>
      )}
      <Group mt="lg">
        <Button type="submit" loading={create.isPending}>
          Create the study
        </Button>
      </Group>
    </form>
  );
}

type DraftList = ReplyOf<typeof routes.drafts>['drafts'];

function DraftChoice(props: { drafts: DraftList; value: string | undefined; choose: (id: string) => void }) {
  const { drafts, value, choose } = props;
  if (drafts.length === 0) {
    return (
      <p className="hint">
        There are no drafts. <Link to="/drafts">Begin a protocol</Link> first.
      </p>
    );
  }
  const shown = drafts.find(({ draftId }) => draftId === value) ?? drafts[0];
  return (
    <>
      <NativeSelect
        label="Draft"
        description="As it was last saved"
        data={drafts.map(({ draftId, name, revision, owner }) => ({
          value: draftId,
          label: `${name}, revision ${revision}, ${owner}`,
        }))}
        value={shown?.draftId ?? ''}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      {shown !== undefined && (
        <Link to="/drafts/$draftId" params={{ draftId: shown.draftId }}>
          Open the draft
        </Link>
      )}
    </>
  );
}

function CheckResult({ result }: { result: ReplyOf<typeof routes.checkProtocol> }) {
  return (
    <div role="status">
      <p className={result.valid ? 'right' : 'wrong'}>
        {result.valid
          ? 'The document can be used.'
          : 'The document cannot be used yet. What is marked as an error has to be mended.'}
      </p>
      {result.problems.length > 0 && (
        <ul className="faults">
          {result.problems.map(({ path, code, line, column, message }) => (
            <li key={`${path} ${code} ${line} ${column}`}>
              Line {line}, column {column}: {message} {path !== '' && <code>{path}</code>}
            </li>
          ))}
        </ul>
      )}
      <Findings findings={result.findings} />
    </div>
  );
}
