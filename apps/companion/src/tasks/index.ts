/** Cognitive tasks: read when the first of them is opened. */
import './tasks.css';

export { TaskScreen } from './screen.tsx';
