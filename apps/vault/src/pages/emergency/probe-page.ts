/** The page of a code break for the probe, as a browser would get it. */
import type { Render } from '../../unblinding/probe.ts';
import { renderPage } from '../page.ts';
import { answerPage } from './answer.ts';
import { titleOf } from './emergency.ts';

export const probePage: Render = ({ study, treatment }) =>
  renderPage(
    answerPage({
      studyTitle: titleOf(study),
      kit: '00000000',
      treatment,
      last: null,
      now: '2000-01-01T00:00:00.000Z',
      drill: { seconds: 0 },
    }),
    null,
    [],
  );
