import { Link } from '@tanstack/react-router';
import { Page } from '../frame/page.tsx';

export function NotFound() {
  return (
    <main className="alone">
      <Page title="There is no such page" lead="The address may have been mistyped, or what it named has moved.">
        <p>
          <Link to="/">Go to your studies</Link>
        </p>
      </Page>
    </main>
  );
}
