/** A cognitive task from its explanation to the outbox: practice, the sitting that counts, and what may limit it. */
import {
  type Instrument,
  type qualityFlags,
  type Stimulus,
  type Trial,
  taskPlan,
  writeTrials,
} from '@limen/instruments';
import { useEffect, useRef, useState } from 'preact/hooks';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { Title } from '../page/title.tsx';
import type { Standing } from '../schedule/standing.ts';
import { deleteDraft, readDraft, writeDraft } from '../storage/documents.ts';
import { words as common } from '../words/index.ts';
import { deviceWords } from './device.ts';
import { watchFrames } from './frames.ts';
import { kinds } from './kinds.ts';
import { sit } from './sitting.ts';
import { words } from './words/index.ts';

type Flag = Exclude<(typeof qualityFlags)[number], 'none'>;
/** What a sitting has come to so far; kept sealed, so that a closed window loses none of it. */
type Kept = { version: string; trials: Trial[]; flags: Flag[]; device: string };
type Stage = 'reading' | 'interrupted' | 'explained' | 'practice' | 'practised' | 'counting' | 'stopping' | 'failed';

export type TaskProps = { instrument: Instrument & { task: NonNullable<Instrument['task']> }; item: Standing };

export function TaskScreen({ instrument, item }: TaskProps) {
  const { task } = instrument;
  const subject = item.occurrence;
  const kind = kinds[task];
  const [stage, setStage] = useState<Stage>('reading');
  const [told, setTold] = useState('');
  const element = useRef<HTMLDivElement>(null);
  const stop = useRef(new AbortController());
  const kept = useRef<Kept>(nothingYet(instrument));
  const plan = useRef<Stimulus[]>(taskPlan(task, subject));
  const input = useRef('mouse');
  const hasPractice = plan.current.some(({ practice }) => practice);

  useEffect(() => {
    void readDraft(subject).then((found) => {
      const draft = found as Kept | null;
      const usable = draft?.version === kept.current.version && draft.trials.length > 0;
      if (usable) kept.current = draft;
      setStage(usable ? 'interrupted' : 'explained');
    });
    const onPointer = (event: PointerEvent) => {
      input.current = event.pointerType === 'mouse' ? 'mouse' : 'touch';
    };
    const onKey = () => {
      input.current = 'keyboard';
    };
    window.addEventListener('pointerdown', onPointer);
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('pointerdown', onPointer);
      window.removeEventListener('keydown', onKey);
      stop.current.abort();
    };
  }, []);

  const flag = (name: Flag) => {
    if (!kept.current.flags.includes(name)) kept.current.flags.push(name);
  };
  const play = async (practice: boolean): Promise<Trial[]> => {
    const shown: Trial[] = [];
    const onHidden = () => {
      if (document.hidden && !practice) flag('hidden');
    };
    document.addEventListener('visibilitychange', onHidden);
    const frames = watchFrames();
    try {
      await sit({
        ...{ kind, practice, plan: plan.current, element: element.current as HTMLElement, signal: stop.current.signal },
        onTrial: (trial) => {
          shown.push(trial);
          kept.current.trials.push(trial);
          if (practice && kind.tells) setTold(trial.response === trial.expected ? words().right : words().wrong);
          if (!practice)
            void writeDraft(subject, { ...kept.current, flags: [...kept.current.flags, 'stopped'] }).catch(() => null);
        },
      });
    } finally {
      document.removeEventListener('visibilitychange', onHidden);
      const report = frames();
      setTold('');
      if (!practice) {
        if (report.irregular) flag('frames');
        kept.current.device = deviceWords(report, input.current);
      }
    }
    return shown;
  };
  const practise = async () => {
    setStage('practice');
    const shown = await play(true);
    if (stop.current.signal.aborted) return;
    const right = shown.filter(({ response, expected }) => response === expected).length;
    if (kind.tells && right < shown.length / 2) flag('practice');
    setStage('practised');
  };
  const keep = async () => {
    const { trials, flags, device } = kept.current;
    const answers = {
      trials: writeTrials(trials),
      device: device === '' ? 'unknown' : device,
      flags: flags.length > 0 ? [...new Set(flags)] : ['none'],
    };
    const form = { instrument: instrument.id, instrumentVersion: instrument.version };
    const mode = input.current === 'mouse' ? {} : { inputMode: input.current as 'touch' | 'keyboard' };
    try {
      await save({ type: 'submit', occurrence: subject, ...form, answers, ...mode }, item.label);
      await deleteDraft(subject).catch(() => null);
      go('');
    } catch {
      setStage('failed');
    }
  };
  const begin = async () => {
    setStage('counting');
    await play(false);
    if (!stop.current.signal.aborted) await keep();
  };
  const again = async () => {
    await deleteDraft(subject).catch(() => null);
    kept.current = nothingYet(instrument);
    stop.current = new AbortController();
    setStage('explained');
  };
  const pause = () => {
    stop.current.abort();
    flag('stopped');
    setStage('stopping');
  };

  const running = stage === 'practice' || stage === 'counting';
  const texts = words();
  const explanation = texts.explained[task];
  return (
    <div class="task-page">
      {running ? null : <Title>{texts.titles[task]}</Title>}
      {stage === 'explained' ? (
        <>
          <p class="card">{explanation}</p>
          <p class="hint">{texts.quiet}</p>
          <div class="actions">
            <button type="button" class="primary" onClick={() => void (hasPractice ? practise() : begin())}>
              {hasPractice ? texts.tryFirst : texts.begin}
            </button>
          </div>
        </>
      ) : null}
      {stage === 'practised' ? (
        <>
          <p class="card">{texts.practised}</p>
          <div class="actions">
            <button type="button" class="quiet" onClick={() => void practise()}>
              {texts.tryAgain}
            </button>
            <button type="button" class="primary" onClick={() => void begin()}>
              {texts.begin}
            </button>
          </div>
        </>
      ) : null}
      {stage === 'stopping' || stage === 'interrupted' ? (
        <>
          <p class="card">{stage === 'stopping' ? texts.stopped : texts.interrupted}</p>
          <div class="actions">
            <button type="button" class="quiet" onClick={() => void again()}>
              {texts.fromTheStart}
            </button>
            <button type="button" class="primary" onClick={() => void keep()}>
              {texts.keepIt}
            </button>
          </div>
        </>
      ) : null}
      {stage === 'failed' ? (
        <p class="card" role="alert">
          {common().common.saveFailed}{' '}
          <button type="button" class="link" onClick={() => void keep()}>
            {common().common.tryAgain}
          </button>
        </p>
      ) : null}
      <div ref={element} class={running ? `task-stage ${task}` : 'task-stage'} hidden={!running} />
      <p class="task-told" role="status">
        {told}
      </p>
      {running ? (
        <button type="button" class="quiet task-stop" onClick={pause}>
          {texts.stop}
        </button>
      ) : null}
    </div>
  );
}

function nothingYet({ id, version }: Instrument): Kept {
  return { version: `${id} ${version}`, trials: [], flags: [], device: '' };
}
