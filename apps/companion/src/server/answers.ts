/** What the server tells a participant, as the contract has it. */
import type { CallInput, routes } from '@limen/contract';

type Reply<R extends { reply: { _zod: { output: unknown } } }> = R['reply']['_zod']['output'];

export type Today = Reply<typeof routes.today>;
export type TodayItem = Today['schedule'][number];
export type Status = TodayItem['status'];
export type History = Reply<typeof routes.ownHistory>['entries'];
export type HistoryEntry = History[number];
export type Params = CallInput<typeof routes.today>['params'];

/** The consent version to read and sign; the contract carries it as a plain record. */
export type ConsentForm = {
  readonly version: string;
  readonly title: string;
  readonly sections: readonly { readonly id: string; readonly heading: string; readonly text: string }[];
  readonly comprehension: readonly {
    readonly id: string;
    readonly question: string;
    readonly options: readonly string[];
    readonly correct: number;
    readonly explanation: string;
  }[];
  readonly choices: readonly { readonly id: string; readonly label: string; readonly required: boolean }[];
};
