import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const spanish: Translated<typeof english> = {
  title: 'Días de su reloj',
  lead: 'El archivo se lee en este teléfono y se queda aquí. Solo se envían los días que marque, una línea cada uno: sin horas, sin lugares, sin latidos sueltos.',
  choose: 'Elija export.zip, export.xml o un archivo JSON',
  reading: 'Leyendo',
  tick: 'Marque los días que quiere enviar',
  all: 'Marcar todos los mostrados',
  none: 'No marcar ninguno',
  date: 'Día',
  shown: 'Se muestran los días de su tiempo en el estudio.',
  noDays: 'El archivo no contiene ningún día de su tiempo en el estudio.',
  send: {
    one: 'Enviar {n} día',
    other: 'Enviar {n} días',
  },
  label: 'Días de un reloj o teléfono',
  measures: {
    sleepMinutes: 'Sueño, min',
    steps: 'Pasos',
    heartRate: 'Frecuencia cardiaca, /min',
    hrvSdnnMs: 'VFC (SDNN), ms',
    hrvRmssdMs: 'VFC (RMSSD), ms',
    daylightMinutes: 'Luz del día, min',
  },
  faults: {
    empty: 'El archivo está vacío. Exporte otra vez y elija el archivo nuevo.',
    zip_broken: 'El archivo se corta. Exporte otra vez y elija el archivo nuevo.',
    zip_without_export: 'Este archivo no es el que crea Apple Health con «Exportar todos los datos de salud».',
    xml_broken: 'El archivo se corta o fue modificado. Exporte otra vez.',
    xml_foreign: 'Esto no es una exportación de Apple Health.',
    json_broken: 'El archivo no está completo. Exporte otra vez y elija el archivo nuevo.',
    json_too_large: 'El archivo es demasiado grande para este teléfono. Exporte menos días.',
    kind_unknown: 'Esto no es una exportación de Apple Health ni registros de Health Connect u Open mHealth.',
    dates_unreadable: 'No se puede leer ninguna fecha del archivo.',
    nothing_found: 'El archivo se leyó y no contiene sueño, pasos, frecuencia cardiaca ni luz del día.',
    failed: 'No se pudo leer el archivo.',
    full: 'Este teléfono tiene demasiadas entradas sin enviar. Conéctese primero.',
  },
};

export default spanish;
