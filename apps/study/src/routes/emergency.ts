/** The way to a code break. What this server can say of it is where it is, and what to do when it is closed. */
import { routes } from '@limen/contract';
import { readLastDrill } from '../data/facts.ts';
import { forStudy } from '../server/call.ts';
import { openStudy } from './studies.ts';

const emergency = forStudy(routes.emergency, async ({ scope, house }) => {
  const { protocol } = await openStudy(house, scope.studyId);
  const { emergencyPlan, emergencyUnblinding } = protocol.blinding;
  const [open, lastDrillAt] = await Promise.all([
    house.vault.isOpen(),
    readLastDrill(house.database, scope.studyId),
    house.facts.listen(),
  ]);
  return {
    vaultPages: house.vaultPages,
    open,
    contacts: protocol.safety.contacts.map(({ label, phone, hours }) =>
      phone === undefined ? { label, hours } : { label, phone, hours },
    ),
    instructions: emergencyUnblinding ?? null,
    available: emergencyPlan?.available ?? null,
    backup: emergencyPlan?.backup ?? null,
    afterwards: emergencyPlan?.afterwards ?? null,
    lastDrillAt,
  };
});

export const emergencyHandlers = { emergency };
