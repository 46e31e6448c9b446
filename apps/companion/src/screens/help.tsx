import { HelpNumbers } from '../help/numbers.tsx';
import { Title } from '../page/title.tsx';
import { words } from '../words/index.ts';

export function HelpScreen() {
  return (
    <>
      <Title>{words().help.title}</Title>
      <p class="lead">{words().help.lead}</p>
      <HelpNumbers headings="h2" />
    </>
  );
}
