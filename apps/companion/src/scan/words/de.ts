import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const german: Translated<typeof english> = {
  camera: 'Kamera verwenden',
  refused:
    'Die Kamera kann hier nicht verwendet werden. Falten Sie das Etikett auf und tippen Sie stattdessen den Code ein.',
  sees: 'Was die Kamera sieht',
  hold: 'Halten Sie den quadratischen Code vor die Kamera. Kein Bild wird aufbewahrt.',
  stop: 'Kamera ausschalten',
  typeInstead: 'Stattdessen den Code eintippen',
  characters: 'Die zehn Zeichen unter dem Falz',
  wrong: 'Bitte sehen Sie noch einmal nach: So lautet der Code nicht. Ein Zeichen ist falsch oder fehlt.',
  look: 'Nachsehen',
};

export default german;
