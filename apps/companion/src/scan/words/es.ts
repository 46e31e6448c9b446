import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const spanish: Translated<typeof english> = {
  camera: 'Usar la cámara',
  refused: 'Aquí no se puede usar la cámara. Despliegue la etiqueta y escriba su código.',
  sees: 'Lo que ve la cámara',
  hold: 'Ponga el código cuadrado ante la cámara. No se guarda ninguna imagen.',
  stop: 'Apagar la cámara',
  typeInstead: 'Escribir el código',
  characters: 'Los diez caracteres bajo el pliegue',
  wrong: 'Mire otra vez, por favor: el código no es así. Un carácter está mal o falta.',
  look: 'Buscarlo',
};

export default spanish;
