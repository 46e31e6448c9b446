import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const portuguese: Translated<typeof english> = {
  title: 'Lembretes',
  lead: 'Um lembrete diz apenas que o pediu. Não refere nenhum estudo, cápsula ou pergunta. Não chega se o dia estiver feito.',
  way: 'Como',
  none: 'Sem lembretes',
  push: 'Neste telefone',
  email: 'Por e-mail',
  noPush: 'O servidor do estudo não está preparado para enviar para telefones.',
  noEmail: 'O servidor do estudo não está preparado para enviar e-mail.',
  notAble: 'Este navegador não consegue mostrar lembretes. Num iPhone, adicione primeiro a aplicação ao ecrã inicial.',
  denied: 'O navegador está proibido de mostrar avisos desta aplicação. Mude isso primeiro nas definições.',
  hour: 'A partir das',
  quietFrom: 'Nunca das',
  quietUntil: 'às',
  zone: 'Pelo relógio de {zone}.',
  address: 'Endereço de e-mail',
  addressHint: 'Guardado à parte das suas respostas e esquecido quando escolher outra forma.',
  save: 'Guardar',
  saved: 'Guardado.',
  snooze: 'Lembrar de novo daqui a uma hora',
  snoozed: 'Será lembrado de novo depois das {when}.',
  calendar: 'No seu calendário',
  calendarLead:
    'Um endereço para qualquer calendário mostra quando há algo a fazer, com a palavra “Diary”. Quem tiver o endereço pode lê-lo.',
  makeCalendar: 'Criar um endereço',
  makeAnother: 'Criar outro; o antigo deixa de funcionar',
  revoke: 'Anular o endereço',
  copyHint: 'Copie-o agora para o seu calendário; só é mostrado uma vez.',
  revoked: 'O endereço já não funciona.',
  offline: 'Isto precisa de ligação.',
  failed: 'Não foi possível guardar. Nada mudou.',
};

export default portuguese;
