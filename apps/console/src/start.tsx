/** Puts the console into its page: look, server state, router, dialogs that can open from anywhere. */
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ConfirmPerson } from './frame/confirm-person.tsx';
import { Notices } from './frame/notices.tsx';
import { theme, variables } from './look/theme.ts';
import { createConsoleRouter } from './router.tsx';
import { queryClient } from './server/queries.ts';

export function start(element: HTMLElement | null): void {
  if (element === null) throw new Error('The page has no place for the console.');
  const router = createConsoleRouter();
  createRoot(element).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <ConfirmPerson />
          <Notices />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
