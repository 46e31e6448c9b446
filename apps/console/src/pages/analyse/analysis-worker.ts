/** Reads a table and fits its models beside the page. The table stays in this browser; nothing is sent anywhere. */
import {
  AnalysisError,
  analyseTable,
  analysisAdvice,
  type ColumnProfile,
  profileOf,
  type Results,
  summary,
} from '@limen/analysis';
import { type CsvTable, InterchangeError, tableOf, textOf } from '@limen/interchange';

export type AnalysisQuestion =
  | { readonly kind: 'read'; readonly file: File }
  | { readonly kind: 'analyse'; readonly map: unknown };
export type AnalysisAnswer =
  | { readonly kind: 'table'; readonly rows: number; readonly profiles: readonly ColumnProfile[] }
  | { readonly kind: 'analysed'; readonly html: string; readonly results: Results; readonly said: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string | null };

const say = (answer: AnalysisAnswer) => postMessage(answer);
let table: CsvTable | null = null;

addEventListener('message', ({ data }: MessageEvent<AnalysisQuestion>) => {
  answer(data).catch((error: unknown) => say(refusalOf(error)));
});

async function answer(question: AnalysisQuestion): Promise<void> {
  if (question.kind === 'read') {
    table = tableOf(textOf(new Uint8Array(await question.file.arrayBuffer())));
    say({ kind: 'table', rows: table.lines.length, profiles: profileOf(table.columns) });
  } else if (table !== null) {
    const { columns, lines } = table;
    const { html, results } = analyseTable({ columns, lines, map: question.map });
    say({ kind: 'analysed', html, results, said: summary(results) });
  }
}

function refusalOf(error: unknown): AnalysisAnswer {
  if (error instanceof InterchangeError) return { kind: 'refused', message: error.message, advice: null };
  if (error instanceof AnalysisError) {
    return { kind: 'refused', message: error.message, advice: analysisAdvice[error.code] ?? null };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'refused', message: `The file could not be read: ${message}`, advice: null };
}
