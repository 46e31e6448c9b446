/** Styles in order: of the controls, then our own. */
import '@mantine/core/styles.css';
import './console.css';
