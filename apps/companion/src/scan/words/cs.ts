import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const czech: Translated<typeof english> = {
  camera: 'Použít fotoaparát',
  refused: 'Fotoaparát zde nelze použít. Rozložte štítek a kód napište.',
  sees: 'Co vidí fotoaparát',
  hold: 'Podržte čtvercový kód před fotoaparátem. Žádný snímek se neukládá.',
  stop: 'Vypnout fotoaparát',
  typeInstead: 'Napsat kód',
  characters: 'Deset znaků pod přehybem',
  wrong: 'Podívejte se prosím znovu: takto kód nezní. Některý znak je chybný nebo chybí.',
  look: 'Vyhledat',
};

export default czech;
