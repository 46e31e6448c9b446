/** A finished trial that was run elsewhere: its table, which column is what, and the same report as for a study of ours. */
import { type ColumnProfile, type MapDraft, mapOfDraft, missingParts, proposeMap, type Results } from '@limen/analysis';
import { Box, Button, FileInput, Group, Loader, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Empty, Page, Panel } from '../../frame/page.tsx';
import { download } from '../../server/download.ts';
import type { AnalysisAnswer, AnalysisQuestion } from './analysis-worker.ts';
import { Mapping } from './mapping.tsx';

const largestMegabytes = 100;

type Table = { readonly name: string; readonly rows: number; readonly profiles: readonly ColumnProfile[] };
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly what: string }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string | null }
  | { readonly kind: 'analysed'; readonly html: string; readonly results: Results; readonly said: readonly string[] };

export function Analyse() {
  const [table, setTable] = useState<Table | null>(null);
  const [draft, setDraft] = useState<MapDraft | null>(null);
  /** Null: the name of the file. */
  const [ownTitle, setOwnTitle] = useState<string | null>(null);
  const [ownMap, setOwnMap] = useState<{ readonly name: string; readonly map: unknown } | null>(null);
  const [state, setState] = useState<State>({ kind: 'idle' });
  const worker = useRef<Worker | null>(null);
  useEffect(() => () => worker.current?.terminate(), []);

  const refuse = (message: string) => setState({ kind: 'refused', message, advice: null });

  /** A table is read by a worker of its own, which keeps it for the analysis. */
  const choose = (file: File | null) => {
    worker.current?.terminate();
    setTable(null);
    setDraft(null);
    setState({ kind: 'idle' });
    if (file === null) return;
    if (file.size > largestMegabytes * 1e6) {
      refuse(
        `${file.name} is larger than ${largestMegabytes} MB. “limen analyse” on the command line takes up to 500 MB.`,
      );
      return;
    }
    const own = new Worker(new URL('./analysis-worker.ts', import.meta.url), { type: 'module' });
    worker.current = own;
    own.onerror = () => refuse('The analysis could not be started in this browser.');
    own.onmessage = ({ data }: MessageEvent<AnalysisAnswer>) => {
      if (data.kind === 'table') {
        setTable({ name: file.name, rows: data.rows, profiles: data.profiles });
        setDraft(proposeMap(data.profiles));
        setState({ kind: 'idle' });
      } else setState(data);
    };
    setState({ kind: 'working', what: `Reading ${file.name}…` });
    own.postMessage({ kind: 'read', file } satisfies AnalysisQuestion);
  };

  const chooseMap = async (file: File | null) => {
    if (file === null) {
      setOwnMap(null);
      return;
    }
    try {
      setOwnMap({ name: file.name, map: JSON.parse(await file.text()) });
      setState({ kind: 'idle' });
    } catch (error) {
      setOwnMap(null);
      refuse(`${file.name} is not a map: ${(error as Error).message}`);
    }
  };

  const title = ownTitle ?? table?.name.replace(/\.[^.]+$/, '') ?? '';
  const outcomes = table?.profiles.find(({ name }) => name === draft?.outcome)?.levels ?? [];
  const map = ownMap?.map ?? (draft === null ? null : mapOfDraft(draft, title.trim(), outcomes));
  const missing = draft === null || ownMap !== null ? 0 : missingParts(draft).length + (title.trim() === '' ? 1 : 0);
  const analyse = () => {
    setState({ kind: 'working', what: 'Fitting the models…' });
    worker.current?.postMessage({ kind: 'analyse', map } satisfies AnalysisQuestion);
  };

  return (
    <Page
      title="Analyse a table"
      lead="A finished trial run elsewhere, with the blinding told as for a study of ours. The table is read and analysed in this browser and sent nowhere."
    >
      <Panel title="Table" hint="CSV in long form: one row for each person, outcome and time point.">
        <div className="filters">
          <FileInput
            label="Table"
            placeholder="Choose a file"
            accept=".csv,.tsv,.txt,text/csv"
            clearable
            clearButtonProps={{ 'aria-label': 'Take the table away' }}
            onChange={choose}
          />
          <FileInput
            label="Map, if there is one"
            placeholder="Choose a file"
            accept=".json,application/json"
            clearable
            clearButtonProps={{ 'aria-label': 'Take the map away' }}
            onChange={(file) => void chooseMap(file)}
          />
        </div>
        {table !== null && (
          <p role="status">
            {table.name}: {table.rows} rows, {table.profiles.length} columns.
          </p>
        )}
      </Panel>
      {table !== null && draft !== null && (
        <Panel
          title="Which column is what"
          hint={
            ownMap === null
              ? 'Proposed from the names and values of the columns; look at every one.'
              : `Read from ${ownMap.name}. Take the map away to fill this in by hand.`
          }
        >
          {ownMap === null && (
            <>
              <TextInput
                mb="sm"
                label="Title of the report"
                value={title}
                onChange={({ currentTarget }) => setOwnTitle(currentTarget.value)}
              />
              <Mapping profiles={table.profiles} draft={draft} change={(part) => setDraft({ ...draft, ...part })} />
            </>
          )}
          <Group mt="md">
            <Button onClick={analyse} disabled={missing > 0 || state.kind === 'working'}>
              Analyse
            </Button>
            {ownMap === null && (
              <Button
                variant="default"
                disabled={missing > 0}
                onClick={() =>
                  download(`${title.trim()}-map.json`, 'application/json', `${JSON.stringify(map, null, 2)}\n`)
                }
              >
                Download the map
              </Button>
            )}
            {missing > 0 && (
              <p className="note">{missing === 1 ? 'One choice is' : `${missing} choices are`} still to be made.</p>
            )}
          </Group>
        </Panel>
      )}
      <Box mt="md" aria-live="polite">
        {state.kind === 'working' && (
          <Group my="md">
            <Loader size="sm" />
            <p>{state.what}</p>
          </Group>
        )}
        {state.kind === 'refused' && <Refusal {...state} />}
        {state.kind === 'analysed' && <Report {...state} title={title} />}
      </Box>
      {table === null && state.kind === 'idle' && (
        <Empty title="No table yet">
          It needs columns for the participant, the time point, the name and the value of the outcome, and the
          condition; a column with the guess makes the chapter on blinding.
        </Empty>
      )}
    </Page>
  );
}

function Refusal({ message, advice }: { message: string; advice: string | null }) {
  return (
    <Panel title="This table cannot be analysed yet">
      <p className="wrong">{message}</p>
      {advice !== null && <p>{advice}</p>}
    </Panel>
  );
}

function Report(props: { title: string; html: string; results: Results; said: readonly string[] }) {
  const { title, html, results, said } = props;
  const name = title.trim() === '' ? 'report' : title.trim();
  return (
    <Panel
      title={results.partial ? 'Report: a partial result' : 'Report'}
      aside={
        <>
          <Button size="xs" variant="default" onClick={() => download(`${name}.html`, 'text/html', html)}>
            Download the report
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => download(`${name}-results.json`, 'application/json', JSON.stringify(results, null, 2))}
          >
            Download the results as JSON
          </Button>
        </>
      }
    >
      {said.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <iframe title="Report of the table" className="report" sandbox="" srcDoc={html} />
    </Panel>
  );
}
