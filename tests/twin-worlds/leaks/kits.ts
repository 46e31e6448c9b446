/** Leaks of the supply: labels, stock, lots. */
import type { Leak } from '../leak.ts';
import { firstArmFirst, ofEverybody, ofFirstArm, withJson } from './change.ts';

const relabelled =
  (change: (kit: string) => string): NonNullable<Leak['vault']> =>
  (reply, first) =>
    first && reply.status === 200
      ? withJson(reply, ({ kit, ...rest }) => ({ kit: typeof kit === 'string' ? change(kit) : kit, ...rest }))
      : reply;

const letters = '123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const kitLeaks: readonly Leak[] = [
  { name: 'labels of one arm begin with its letter', channels: [1], vault: relabelled((kit) => `A${kit.slice(1)}`) },
  {
    name: 'labels of one arm come from a range',
    channels: [1],
    vault: relabelled((kit) => `${letters[(kit.charCodeAt(0) % 4) + 1]}${kit.slice(1)}`),
  },
  {
    name: 'the check character of one arm is odd, of the other even',
    channels: [1],
    vault: (reply, first) =>
      withJson(reply, ({ kit, ...rest }) => ({ kit: `${String(kit).slice(0, -1)}${first ? '3' : '2'}`, ...rest })),
  },
  {
    name: 'the vault’s answer names a batch beside the label',
    channels: [7, 9],
    vault: (reply, first) => withJson(reply, (json) => ({ ...json, ...(first ? { batch: 'L-7' } : {}) })),
  },
  {
    name: 'kits are listed in the order in which arms were packed',
    channels: [2],
    swapped: true,
    study: ofEverybody(/\/supply\/kits(\?|$)/, (reply, knows) =>
      withJson(reply, ({ kits, ...rest }) => ({
        kits: firstArmFirst(kits as { participantId: string }[], ({ participantId }) => participantId, knows),
        ...rest,
      })),
    ),
  },
  {
    name: 'stock is counted per arm',
    channels: [3, 4],
    study: ofEverybody(/\/supply$/, (reply, knows, { people }) =>
      withJson(reply, (json) => ({ ...json, ofFirstType: people.filter((id) => knows(id) === true).length })),
    ),
  },
  {
    name: 'one type alone is out of stock',
    channels: [5],
    changesCourse: true,
    vault: (reply, first) =>
      first ? { ...reply, status: 409, body: '{"code":"allocation_refused","detail":"No kit can be given."}' } : reply,
  },
  {
    name: 'a replaced kit keeps another state for one arm',
    channels: [6, 8],
    study: ofFirstArm(/\/participants\/[0-9A-Z]{10}$/, (reply) =>
      withJson(reply, (json) => ({
        ...json,
        kits: (json.kits as object[]).map((kit) => ({ ...kit, status: 'damaged' })),
      })),
    ),
  },
];
