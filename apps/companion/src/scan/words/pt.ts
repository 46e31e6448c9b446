import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const portuguese: Translated<typeof english> = {
  camera: 'Usar a câmara',
  refused: 'A câmara não pode ser usada aqui. Desdobre a etiqueta e escreva o código.',
  sees: 'O que a câmara vê',
  hold: 'Ponha o código quadrado em frente da câmara. Nenhuma imagem é guardada.',
  stop: 'Desligar a câmara',
  typeInstead: 'Escrever o código',
  characters: 'Os dez caracteres sob a dobra',
  wrong: 'Veja outra vez, por favor: o código não é assim. Um carácter está errado ou falta.',
  look: 'Procurar',
};

export default portuguese;
