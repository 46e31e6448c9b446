/** The sheet of labels on paper: what goes in on the left, the code for the camera on the right, the typed code under a fold. */
import { shortCodeOf } from '@limen/protocol';
import { encodeQR } from 'qr';
import type { Label, Sheet } from './letter.ts';

const days = ['Monday', 'Tuesday', 'Thursday', 'Friday'];

export function LabelSheet({ sheet }: { sheet: Sheet }) {
  return (
    <div class="sheet" aria-hidden="true">
      <p class="sheet-head">
        Eight labels. Fill what the left side says, stick the right side on the envelope with its lower part folded
        under, and put the left side away.
      </p>
      <div class="labels">
        {sheet.sets.map((label, index) => (
          <OneLabel key={label.token} label={label} number={index + 1} />
        ))}
      </div>
      <div class="seal-strip">
        <b>Seal of the leftovers</b>
        <span class="code">{sheet.sealCode}</span>
        <span>Glue this strip over the closed flap. It tears when the envelope is opened.</span>
      </div>
    </div>
  );
}

function OneLabel({ label, number }: { label: Label; number: number }) {
  const active = label.contents.filter((content) => content === 'MD').length;
  return (
    <div class="label-strip">
      <div class="label-in">
        <b>
          Set {number}: {active === 0 ? 'placebo week' : 'micro-dose week'}
        </b>
        <ul>
          {label.contents.map((content, index) => (
            <li key={days[index]}>
              {days[index]}: {content === 'MD' ? 'micro-dose' : 'placebo'}
            </li>
          ))}
        </ul>
      </div>
      <div class="label-out">
        <Code text={label.token} />
        <span class="fold">fold under</span>
        <span class="code">{shortCodeOf(label.token)}</span>
      </div>
    </div>
  );
}

/** The code as one path, so that it prints sharp at any size. */
function Code({ text }: { text: string }) {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 2 });
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    // The sheet is for paper: its text beside the code says what is needed.
    // biome-ignore lint/a11y/noSvgWithoutTitle: hidden from assistive technology with the whole sheet
    <svg class="qr" viewBox={`0 0 ${rows.length} ${rows.length}`} shape-rendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  );
}
