import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const spanish: Translated<typeof english> = {
  titles: {
    vigilance: 'Respuesta rápida',
    digitSymbol: 'Formas y cifras',
    stroop: 'Palabras y colores',
    nBack: 'Dos letras atrás',
    spatialSpan: 'Bloques en orden',
    alternateUses: 'Usos poco comunes',
    divergentAssociation: 'Diez palabras distintas',
  },
  explained: {
    vigilance:
      'Un círculo está vacío. En cuanto se llene, toque en cualquier sitio, lo más deprisa que pueda. No toque antes. Dura tres minutos, y las esperas largas forman parte de la prueba.',
    digitSymbol:
      'Arriba, cada forma tiene su cifra. Mire la forma grande y toque la cifra que le corresponde. Sea rápido, pero correcto. Dura un minuto y medio.',
    stroop:
      'Aparece una palabra de un color. Toque el color que ve, diga lo que diga la palabra. Sea rápido, pero correcto. Si no distingue el rojo, el verde, el azul y el amarillo, deténgase aquí y conserve lo que haya.',
    nBack:
      'Las letras aparecen una tras otra. Toque cuando una letra sea igual a la de dos antes. Si no, no haga nada. Dura tres minutos.',
    spatialSpan:
      'Algunos bloques se iluminan, uno tras otro. Después tóquelos en el mismo orden. Las series se alargan hasta que fallan dos de la misma longitud; le pasa a todo el mundo.',
    alternateUses:
      'Verá una cosa cotidiana. Escriba todos los usos poco comunes que se le ocurran, de uno en uno. Todo vale. Dura dos minutos.',
    divergentAssociation:
      'Escriba diez palabras lo más distintas posible entre sí, en todos los sentidos. Solo sustantivos sueltos, sin nombres propios ni términos técnicos. Tiene cuatro minutos.',
  },
  quiet:
    'Elija un momento tranquilo y sostenga el teléfono como siempre. No hay ninguna marca que alcanzar; cualquier resultado es un buen resultado.',
  tryFirst: 'Probar antes',
  begin: 'Empezar',
  tryAgain: 'Probar otra vez',
  practised: 'Eso era para practicar. Lo que viene ahora se guarda.',
  right: 'Correcto',
  wrong: 'Esta vez no',
  stop: 'Parar',
  stopped: 'Ha parado. Lo que ha hecho hasta ahora puede guardarse tal cual, o puede empezar de nuevo.',
  interrupted:
    'Había empezado y la aplicación se cerró. Lo que hizo hasta ahora puede guardarse tal cual, o puede empezar de nuevo.',
  keepIt: 'Guardarlo',
  fromTheStart: 'Empezar de nuevo',
  key: 'Qué cifra corresponde a cada forma',
  same: 'Igual que dos antes',
  watch: 'Mire',
  yourTurn: 'Le toca',
  block: 'Bloque {n}',
  useFor: 'Un uso poco común para: {thing}',
  noun: 'Palabra {n} de {of}',
  add: 'Añadir',
  noMore: 'No se me ocurre más',
  colours: { red: 'rojo', green: 'verde', blue: 'azul', yellow: 'amarillo' },
  things: {
    brick: 'un ladrillo',
    paperclip: 'un clip',
    newspaper: 'un periódico',
    shoe: 'un zapato',
    bottle: 'una botella',
    blanket: 'una manta',
    spoon: 'una cuchara',
    box: 'una caja',
  },
};

export default spanish;
