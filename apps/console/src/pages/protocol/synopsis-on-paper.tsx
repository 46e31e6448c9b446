/** The synopsis as a file for paper. */
import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Fault } from '../../frame/page.tsx';
import { call, routes } from '../../server/client.ts';
import { download } from '../../server/download.ts';
import { useStudy } from '../study-frame.tsx';

export function SynopsisOnPaper({ version }: { version: string }) {
  const { studyId } = useStudy();
  const fetchPdf = useMutation({
    mutationFn: () => call(routes.studySynopsis, { params: { studyId }, query: { version } }),
    onSuccess: (pdf) => download(`${studyId}-synopsis-${version}.pdf`, 'application/pdf', pdf),
  });
  return (
    <>
      {fetchPdf.error !== null && <Fault error={fetchPdf.error} />}
      <Group mt="md">
        <Button size="xs" variant="default" loading={fetchPdf.isPending} onClick={() => fetchPdf.mutate()}>
          Download as PDF
        </Button>
      </Group>
    </>
  );
}
