/** Colours, type and spacing of the console: ink on warm paper, deep teal, one amber accent. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const lagoon: MantineColorsTuple = [
  '#e9f3f2',
  '#d2e5e3',
  '#a6cbc8',
  '#77afab',
  '#4b9591',
  '#2c7f7c',
  '#17696a',
  '#0f5557',
  '#0c4446',
  '#083335',
];
const amber: MantineColorsTuple = [
  '#fdf3e3',
  '#f9e4c4',
  '#f2cb92',
  '#eab160',
  '#e2a45c',
  '#c9822f',
  '#a8661b',
  '#8a4f10',
  '#713f0d',
  '#57300a',
];
const clay: MantineColorsTuple = [
  '#fbeceb',
  '#f4d3d0',
  '#e8a8a2',
  '#dc7b73',
  '#d1564c',
  '#bd3f36',
  '#a5322b',
  '#8c2823',
  '#73201c',
  '#5a1815',
];
const paper: MantineColorsTuple = [
  '#fffdf9',
  '#f7f4ee',
  '#efeae0',
  '#e2dccf',
  '#cfc8b9',
  '#a9a496',
  '#7d7c73',
  '#5b615f',
  '#3c4645',
  '#1c2728',
];

const ink: MantineColorsTuple = [
  '#e7e9e5',
  '#c3cfcc',
  '#a3b3b1',
  '#7f9190',
  '#556869',
  '#3a4c4d',
  '#213233',
  '#172425',
  '#101a1b',
  '#0b1213',
];

const sans =
  "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif";
const serif =
  "'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', 'Book Antiqua', Charter, Georgia, serif";

export const theme = createTheme({
  primaryColor: 'lagoon',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  // The neutral scales of the controls are ours too: warm by day, ink by night.
  colors: { lagoon, amber, clay, gray: paper, dark: ink },
  fontFamily: sans,
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', 'DejaVu Sans Mono', monospace",
  headings: { fontFamily: serif, fontWeight: '600' },
  fontSizes: { xs: '0.8rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '10px', lg: '14px', xl: '20px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // A long label takes a second line rather than the width of a phone.
    Button: {
      defaultProps: { size: 'sm' },
      styles: {
        root: { height: 'auto', minHeight: 'var(--button-height)', maxWidth: '100%' },
        label: { whiteSpace: 'normal', height: 'auto' },
      },
    },
    Modal: { defaultProps: { centered: true, size: 'lg', overlayProps: { backgroundOpacity: 0.45 } } },
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f7f4ee',
    '--mantine-color-text': '#1c2728',
    '--mantine-color-dimmed': '#566160',
    '--mantine-color-placeholder': '#6b7271',
    '--mantine-color-default': '#fffdf9',
    '--mantine-color-default-border': '#cfc8b9',
    '--mantine-color-default-hover': '#efeae0',
    '--mantine-color-error': '#a5322b',
    '--surface': '#fffdf9',
    '--surface-sunk': '#efeae0',
    '--line': '#e2dccf',
    '--line-strong': '#a9a496',
    '--deep': '#0c4446',
    '--on-deep': '#f3efe6',
    '--teal': '#17696a',
    '--teal-soft': '#a6cbc8',
    '--amber': '#a8661b',
    '--amber-soft': '#f2cb92',
    '--clay': '#a5322b',
    '--clay-soft': '#f4d3d0',
    '--quiet': '#566160',
  },
  dark: {
    '--mantine-color-body': '#101a1b',
    '--mantine-color-text': '#e7e9e5',
    '--mantine-color-dimmed': '#a3b3b1',
    '--mantine-color-placeholder': '#8b9b9a',
    '--mantine-color-default': '#182627',
    '--mantine-color-default-border': '#3a4c4d',
    '--mantine-color-default-hover': '#213233',
    '--mantine-color-error': '#ee9a92',
    '--surface': '#172425',
    '--surface-sunk': '#0c1415',
    '--line': '#2a3a3b',
    '--line-strong': '#556869',
    '--deep': '#0b1213',
    '--on-deep': '#e7e9e5',
    '--teal': '#77c0ba',
    '--teal-soft': '#1f4f50',
    '--amber': '#e8b26d',
    '--amber-soft': '#5a4120',
    '--clay': '#ee9a92',
    '--clay-soft': '#5e2a26',
    '--quiet': '#a3b3b1',
  },
});
