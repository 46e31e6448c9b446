/** First run: who administers, and the first study. */
import { Button, Fieldset, PasswordInput, Radio, Stack, TextInput } from '@mantine/core';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Doorway } from '../frame/doorway.tsx';
import { ZoneSelect } from '../frame/fields.tsx';
import { Fault, Loaded, Page } from '../frame/page.tsx';
import { callPlainly, codeOf, type ReplyOf, routes } from '../server/client.ts';
import { queryClient, useAnswer } from '../server/queries.ts';
import { setSession } from '../server/session.tsx';
import { readerZone } from '../words/dates.ts';

export function SetUp() {
  const installation = useAnswer(routes.installationStatus, {});
  if (installation.data?.ready === true) return <Navigate to="/sign-in" replace />;
  return (
    <Doorway>
      <Page
        title="Set up this installation"
        lead="Two things are made: your account as administrator, and a first study from the library of protocols."
      >
        <Loaded of={installation} height={480}>
          {({ library }) => <SetUpForm library={library} />}
        </Loaded>
      </Page>
    </Doorway>
  );
}

function SetUpForm({ library }: { library: ReplyOf<typeof routes.installationStatus>['library'] }) {
  const navigate = useNavigate();
  const [form, setForm] = useState({
    setupCode: '',
    name: '',
    login: '',
    password: '',
    protocol: library[0]?.id ?? '',
    siteName: '',
    siteTimeZone: readerZone,
  });
  const [error, setError] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
    required: true,
    withAsterisk: false,
  });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSending(true);
    setError(null);
    try {
      const { studyId } = await callPlainly(routes.installationSetup, { body: form });
      setSession(await callPlainly(routes.signIn, { body: { login: form.login, password: form.password } }));
      await navigate({ to: '/studies/$studyId', params: { studyId }, replace: true });
      await queryClient.invalidateQueries({ queryKey: [routes.installationStatus.id] });
    } catch (caught) {
      setError(caught);
      setSending(false);
    }
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <TextInput
          label="Setup code"
          description="Printed in the terminal at the first start of the program"
          autoComplete="off"
          spellCheck={false}
          minLength={6}
          {...field('setupCode')}
        />
        <Fieldset legend="Administrator" variant="unstyled">
          <Stack gap="sm">
            <TextInput label="Name" autoComplete="name" {...field('name')} />
            <TextInput label="Login" autoComplete="username" minLength={3} spellCheck={false} {...field('login')} />
            <PasswordInput
              label="Password"
              description="At least 10 characters"
              autoComplete="new-password"
              minLength={10}
              {...field('password')}
            />
          </Stack>
        </Fieldset>
        <Fieldset legend="First study" variant="unstyled">
          <Stack gap="sm">
            <Radio.Group label="Protocol" value={form.protocol} onChange={(protocol) => setForm({ ...form, protocol })}>
              <Stack gap="xs" mt={6}>
                {library.map(({ id, shortTitle, title, version }) => (
                  <Radio key={id} value={id} label={`${shortTitle}, version ${version}`} description={title} />
                ))}
              </Stack>
            </Radio.Group>
            <TextInput label="Name of the site" {...field('siteName')} />
            <ZoneSelect
              label="Time zone of the site"
              value={form.siteTimeZone}
              onChange={(siteTimeZone) => setForm({ ...form, siteTimeZone })}
            />
          </Stack>
        </Fieldset>
        {codeOf(error) === 'sign_in_refused' ? (
          <p role="alert" className="wrong">
            This is not the setup code. It stands in the terminal in which the program was started.
          </p>
        ) : (
          error !== null && <Fault error={error} />
        )}
        <Button type="submit" size="md" loading={sending} disabled={form.protocol === ''}>
          Set up and sign in
        </Button>
      </Stack>
    </form>
  );
}
