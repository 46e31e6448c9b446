/** The camera that looks for an envelope's code, and the field for typing it. Works without a connection. */
import { readShortCode, readToken, shortCodeOf } from '@limen/protocol';
import { useEffect, useRef, useState } from 'preact/hooks';
import { openReader } from './read-frame.ts';
import { words } from './words/index.ts';

/** `token`: null where a code was typed that belongs to none of the envelopes on the list. */
export type OnEnvelope = (token: string | null) => void;
type Camera = 'off' | 'starting' | 'on' | 'refused';

const pauseMs = 250;

export function Scanner({ tokens, onEnvelope }: { tokens: readonly string[]; onEnvelope: OnEnvelope }) {
  const [camera, setCamera] = useState<Camera>('off');
  return (
    <section class="card scanner">
      {camera === 'starting' || camera === 'on' ? (
        <Viewfinder onState={setCamera} onEnvelope={onEnvelope} />
      ) : (
        <button type="button" class="primary wide" onClick={() => setCamera('starting')}>
          {words().camera}
        </button>
      )}
      {camera === 'refused' ? <p class="hint">{words().refused}</p> : null}
      <Typed tokens={tokens} onEnvelope={onEnvelope} />
    </section>
  );
}

/** Shows what the camera sees and tells each code once; the picture goes nowhere. */
function Viewfinder({ onState, onEnvelope }: { onState: (camera: Camera) => void; onEnvelope: OnEnvelope }) {
  const video = useRef<HTMLVideoElement>(null);
  const tell = useRef(onEnvelope);
  tell.current = onEnvelope;
  useEffect(() => watch(video.current, onState, (token) => tell.current(token)), []);
  return (
    <>
      <video ref={video} class="viewfinder" muted playsInline aria-label={words().sees} />
      <p class="hint">{words().hold}</p>
      <button type="button" class="quiet wide" onClick={() => onState('off')}>
        {words().stop}
      </button>
    </>
  );
}

/** Answers the way to stop. */
function watch(video: HTMLVideoElement | null, onState: (camera: Camera) => void, onToken: (token: string) => void) {
  let stream: MediaStream | null = null;
  let stopped = false;
  let last = '';
  const run = async () => {
    if (video === null) return;
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
    const read = await openReader();
    if (stopped) return stop();
    video.srcObject = stream;
    await video.play();
    onState('on');
    while (!stopped) {
      const token = readToken((await read(video)) ?? '');
      if (token !== null && token !== last && !stopped) {
        last = token;
        onToken(token);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const stop = () => {
    stopped = true;
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  run().catch(() => {
    stop();
    onState('refused');
  });
  return stop;
}

function Typed({ tokens, onEnvelope }: { tokens: readonly string[]; onEnvelope: OnEnvelope }) {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const look = () => {
    const code = readShortCode(typed);
    setWrong(code === null);
    if (code === null) return;
    setTyped('');
    onEnvelope(tokens.find((token) => shortCodeOf(token) === code) ?? null);
  };
  return (
    <details class="typed">
      <summary>{words().typeInstead}</summary>
      <form
        autoComplete="off"
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        <label class="label" for="envelope-code">
          {words().characters}
        </label>
        <input
          id="envelope-code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <p class="fault" aria-live="assertive">
          {wrong ? words().wrong : ''}
        </p>
        <button type="submit" class="quiet wide">
          {words().look}
        </button>
      </form>
    </details>
  );
}
