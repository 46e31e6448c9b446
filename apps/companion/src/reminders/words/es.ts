import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const spanish: Translated<typeof english> = {
  title: 'Recordatorios',
  lead: 'Un recordatorio solo dice que usted lo pidió. No nombra ningún estudio, cápsula ni pregunta. No llega si el día está hecho.',
  way: 'Cómo',
  none: 'Sin recordatorios',
  push: 'En este teléfono',
  email: 'Por correo electrónico',
  noPush: 'El servidor del estudio no está preparado para enviar a teléfonos.',
  noEmail: 'El servidor del estudio no está preparado para enviar correo.',
  notAble:
    'Este navegador no puede mostrar recordatorios. En un iPhone, añada antes la aplicación a la pantalla de inicio.',
  denied: 'El navegador tiene prohibido mostrar avisos de esta aplicación. Cámbielo antes en sus ajustes.',
  hour: 'Desde',
  quietFrom: 'Nunca de',
  quietUntil: 'a',
  zone: 'Según el reloj de {zone}.',
  address: 'Correo electrónico',
  addressHint: 'Se guarda aparte de sus respuestas y se olvida si elige otra vía.',
  save: 'Guardar',
  saved: 'Guardado.',
  snooze: 'Recordármelo dentro de una hora',
  snoozed: 'Se le recordará de nuevo después de las {when}.',
  calendar: 'En su calendario',
  calendarLead:
    'Una dirección para cualquier calendario muestra cuándo toca algo, con la palabra «Diary». Quien tenga la dirección puede leerla.',
  makeCalendar: 'Crear una dirección',
  makeAnother: 'Crear otra; la anterior deja de funcionar',
  revoke: 'Anular la dirección',
  copyHint: 'Cópiela ahora en su calendario; solo se muestra una vez.',
  revoked: 'La dirección ya no funciona.',
  offline: 'Esto necesita conexión.',
  failed: 'No se pudo guardar. Nada ha cambiado.',
};

export default spanish;
