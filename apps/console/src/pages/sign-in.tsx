import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Doorway } from '../frame/doorway.tsx';
import { Fault, Page } from '../frame/page.tsx';
import { callPlainly, codeOf, routes } from '../server/client.ts';
import { useAnswer } from '../server/queries.ts';
import { setSession, useSession } from '../server/session.tsx';

export function SignIn() {
  const { back } = useSearch({ from: '/sign-in' });
  const installation = useAnswer(routes.installationStatus, {});
  const session = useSession();
  const navigate = useNavigate();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [sending, setSending] = useState(false);

  if (installation.data?.ready === false) return <Navigate to="/set-up" replace />;
  if (session.data != null && !sending) return <Navigate to={placeOf(back)} replace />;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSending(true);
    setError(null);
    try {
      setSession(await callPlainly(routes.signIn, { body: { login, password } }));
      await navigate({ to: placeOf(back), replace: true });
    } catch (caught) {
      setError(caught);
      setSending(false);
    }
  };

  return (
    <Doorway>
      <Page
        title="Sign in"
        lead={
          back === undefined
            ? 'To the console of the study team.'
            : 'Your session has ended. Sign in to go on where you were.'
        }
      >
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="Login"
              value={login}
              onChange={(event) => setLogin(event.currentTarget.value)}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              minLength={3}
              required
              withAsterisk={false}
              size="md"
            />
            <PasswordInput
              label="Password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete="current-password"
              required
              withAsterisk={false}
              size="md"
            />
            {error !== null && codeOf(error) !== 'sign_in_refused' && <Fault error={error} />}
            {codeOf(error) === 'sign_in_refused' && (
              <p role="alert" className="wrong">
                Login or password is not right. Check both; after several attempts you have to wait a while.
              </p>
            )}
            <Button type="submit" size="md" loading={sending}>
              Sign in
            </Button>
            <p className="hint">
              Taking part in a study? Use the app on your phone: <a href="/app/">open the participant’s app</a>.
            </p>
          </Stack>
        </form>
      </Page>
    </Doorway>
  );
}

/** Only a place inside the console. */
function placeOf(back: string | undefined): string {
  return back?.startsWith('/') && !back.startsWith('//') ? back : '/';
}
