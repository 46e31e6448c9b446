import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const dutch: Translated<typeof english> = {
  camera: 'De camera gebruiken',
  refused: 'De camera kan hier niet worden gebruikt. Vouw het etiket open en typ de code in.',
  sees: 'Wat de camera ziet',
  hold: 'Houd de vierkante code voor de camera. Er wordt geen beeld bewaard.',
  stop: 'De camera uitzetten',
  typeInstead: 'De code intypen',
  characters: 'De tien tekens onder de vouw',
  wrong: 'Kijk nog eens: zo luidt de code niet. Een teken is fout of ontbreekt.',
  look: 'Opzoeken',
};

export default dutch;
