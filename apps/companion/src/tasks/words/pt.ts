import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const portuguese: Translated<typeof english> = {
  titles: {
    vigilance: 'Resposta rápida',
    digitSymbol: 'Formas e algarismos',
    stroop: 'Palavras e cores',
    nBack: 'Duas letras atrás',
    spatialSpan: 'Blocos por ordem',
    alternateUses: 'Usos invulgares',
    divergentAssociation: 'Dez palavras diferentes',
  },
  explained: {
    vigilance:
      'Um círculo está vazio. Assim que se encher, toque em qualquer lugar, o mais depressa que puder. Não toque antes. Dura três minutos, e as esperas longas fazem parte.',
    digitSymbol:
      'Em cima, cada forma tem o seu algarismo. Olhe para a forma grande e toque no algarismo que lhe pertence. Seja rápido, mas certo. Dura um minuto e meio.',
    stroop:
      'Aparece uma palavra numa cor. Toque na cor que vê, diga a palavra o que disser. Seja rápido, mas certo. Se não distingue vermelho, verde, azul e amarelo, pare aqui e guarde o que houver.',
    nBack:
      'As letras vêm uma após outra. Toque quando uma letra for igual à de duas antes. Se não for, não faça nada. Dura três minutos.',
    spatialSpan:
      'Alguns blocos acendem-se, um após outro. Depois toque neles pela mesma ordem. As séries ficam mais longas até falharem duas do mesmo tamanho; acontece a toda a gente.',
    alternateUses:
      'Vai ver uma coisa do dia a dia. Escreva todos os usos invulgares que lhe ocorrerem, um de cada vez. Tudo conta. Dura dois minutos.',
    divergentAssociation:
      'Escreva dez palavras tão diferentes entre si quanto possível, em todos os sentidos. Só substantivos simples, sem nomes próprios nem termos técnicos. Tem quatro minutos.',
  },
  quiet:
    'Escolha um momento calmo e segure o telefone como sempre. Não há marca a atingir; qualquer resultado é um bom resultado.',
  tryFirst: 'Experimentar primeiro',
  begin: 'Começar',
  tryAgain: 'Experimentar outra vez',
  practised: 'Foi para praticar. O que vem agora fica guardado.',
  right: 'Certo',
  wrong: 'Desta vez não',
  stop: 'Parar',
  stopped: 'Parou. O que fez até agora pode ser guardado como está, ou pode começar de novo.',
  interrupted:
    'Tinha começado e a aplicação foi fechada. O que fez até agora pode ser guardado como está, ou pode começar de novo.',
  keepIt: 'Guardar',
  fromTheStart: 'Começar de novo',
  key: 'Que algarismo pertence a cada forma',
  same: 'Igual à de duas antes',
  watch: 'Observe',
  yourTurn: 'É a sua vez',
  block: 'Bloco {n}',
  useFor: 'Um uso invulgar para: {thing}',
  noun: 'Palavra {n} de {of}',
  add: 'Juntar',
  noMore: 'Não me ocorre mais nada',
  colours: { red: 'vermelho', green: 'verde', blue: 'azul', yellow: 'amarelo' },
  things: {
    brick: 'um tijolo',
    paperclip: 'um clipe',
    newspaper: 'um jornal',
    shoe: 'um sapato',
    bottle: 'uma garrafa',
    blanket: 'um cobertor',
    spoon: 'uma colher',
    box: 'uma caixa',
  },
};

export default portuguese;
