import { HelpNumbers } from '../help/numbers.tsx';
import { Title } from '../page/title.tsx';

export function HelpScreen() {
  return (
    <>
      <Title>Help now</Title>
      <p class="lead">
        This app watches over nobody: no one reads along, and no one is on call inside it. If you or someone else is in
        danger, call.
      </p>
      <HelpNumbers headings="h2" />
    </>
  );
}
