/** Reminders and the calendar: read when the screen is opened. */
export { RemindersScreen } from './reminders.tsx';
