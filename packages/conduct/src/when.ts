import type { DeviceTime } from './command.ts';
import type { Moment } from './context.ts';

/** The device's own account of time, kept beside the server's. */
export function whenOf(moment: Moment, device: DeviceTime | undefined): { device?: DeviceTime; skewMs?: number } {
  return { ...(device ? { device } : {}), ...(moment.skewMs === null ? {} : { skewMs: moment.skewMs }) };
}
