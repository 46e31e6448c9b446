/** The study team's console: starts in the page it is loaded into. */
import './look/styles.ts';
import { start } from './start.tsx';

start(document.getElementById('console'));
