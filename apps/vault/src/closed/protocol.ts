/** The study's blinded data for a closed report, as the study server hands them over. */
import { z } from 'zod';

const day = z.int().min(-3660).max(3660);

export const closedDataRequest = z.strictObject({
  meetingId: z.string().regex(/^[0-9A-Za-z_-]{8,64}$/),
  /** The moment the data are of. */
  asOf: z.iso.datetime({ precision: 3 }),
  protocolVersion: z.string().max(40),
  participants: z
    .array(
      z.strictObject({
        participantId: z.string().regex(/^[0-9A-Za-z-]{4,64}$/),
        siteId: z.string().max(64),
        status: z.string().max(40),
        onHold: z.boolean(),
        dosingStopped: z.boolean(),
        /** How often capsules were put on hold. */
        holds: z.int().min(0).default(0),
        /** Days from the first study day to withdrawal, completion or now. */
        followedDays: z.number().min(0),
        dosesTaken: z.int().min(0),
        dosesMissed: z.int().min(0),
        adverseEvents: z
          .array(
            z.strictObject({
              term: z.string().max(200),
              grade: z.int().min(1).max(5),
              serious: z.boolean(),
              relatedness: z.string().max(40).nullable(),
              outcome: z.string().max(40).nullable(),
            }),
          )
          .max(1000),
        /** Values of the endpoints: the endpoint's id, the study day, the value. */
        outcomes: z.array(z.tuple([z.string().max(64), day, z.number()])).max(5000),
        guesses: z.array(z.tuple([z.int().min(1).max(600), z.string().max(64)])).max(600),
      }),
    )
    .max(100_000),
});
export const closedDataReply = z.strictObject({ dataHash: z.string().length(64) });
export type ClosedData = z.output<typeof closedDataRequest>;
export type ClosedPerson = ClosedData['participants'][number];

export const recommendations = ['continue', 'continueWithChange', 'pause', 'stop'] as const;
export type Recommendation = (typeof recommendations)[number];
