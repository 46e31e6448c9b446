/** The demonstration: a whole study with virtual participants, through the real servers. */
export { runDemo } from './run.ts';
export { summaryLines } from './summary.ts';
export { loginOf, teamRoles } from './team.ts';
