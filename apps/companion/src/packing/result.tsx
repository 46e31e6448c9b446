/** What one's own capsules held, once it may be told. */
import { useEffect, useState } from 'preact/hooks';
import './packing.css';
import { readState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { wordsOfDate } from '../schedule/times.ts';
import { call } from '../server/client.ts';
import { ownResult } from '../server/routes.ts';

type Result = Awaited<ReturnType<typeof call<typeof ownResult>>>;

const waiting: Readonly<Record<Exclude<Result['waitsFor'], 'nothing'>, string>> = {
  ownEnd: 'What your capsules held is told after your own last day in the study.',
  release: 'What your capsules held is told once the whole study has ended and its data are locked.',
  notOffered: 'There is nothing to tell here.',
};

export function ResultScreen() {
  const [result, setResult] = useState<Result | 'offline' | null>(null);
  useEffect(() => {
    const { session } = readState();
    if (session === null) return;
    const { studyId, participantId } = session;
    call(ownResult, { params: { studyId, participantId } }).then(setResult, () => setResult('offline'));
  }, []);
  return (
    <>
      <Title>What your capsules held</Title>
      {result === null ? <p class="card">One moment</p> : null}
      {result === 'offline' ? <p class="card">This needs a connection.</p> : null}
      {result === null || result === 'offline' ? null : <Told result={result} />}
    </>
  );
}

function Told({ result }: { result: Result }) {
  if (result.waitsFor !== 'nothing') return <p class="card">{waiting[result.waitsFor]}</p>;
  return (
    <table class="card told">
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Held</th>
          <th scope="col">Taken</th>
        </tr>
      </thead>
      <tbody>
        {result.capsules.map(({ date, label, taken }) => (
          <tr key={date}>
            <th scope="row">{wordsOfDate(date)}</th>
            <td>{label}</td>
            <td>{taken ? 'yes' : 'no'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
