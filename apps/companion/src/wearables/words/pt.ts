import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const portuguese: Translated<typeof english> = {
  title: 'Dias do seu relógio',
  lead: 'O ficheiro é lido neste telefone e fica aqui. Só são enviados os dias que marcar, uma linha cada: sem horas, sem lugares, sem batimentos isolados.',
  choose: 'Escolha export.zip, export.xml ou um ficheiro JSON',
  reading: 'A ler',
  tick: 'Marque os dias a enviar',
  all: 'Marcar todos os mostrados',
  none: 'Não marcar nenhum',
  date: 'Dia',
  shown: 'São mostrados os dias do seu tempo no estudo.',
  noDays: 'O ficheiro não contém nenhum dia do seu tempo no estudo.',
  send: {
    one: 'Enviar {n} dia',
    other: 'Enviar {n} dias',
  },
  label: 'Dias de um relógio ou telefone',
  measures: {
    sleepMinutes: 'Sono, min',
    steps: 'Passos',
    heartRate: 'Frequência cardíaca, /min',
    hrvSdnnMs: 'VFC (SDNN), ms',
    hrvRmssdMs: 'VFC (RMSSD), ms',
    daylightMinutes: 'Luz do dia, min',
  },
  faults: {
    empty: 'O ficheiro está vazio. Exporte outra vez e escolha o ficheiro novo.',
    zip_broken: 'O ficheiro interrompe-se. Exporte outra vez e escolha o ficheiro novo.',
    zip_without_export: 'Este arquivo não é o que a Apple Health cria em «Exportar todos os dados de saúde».',
    xml_broken: 'O ficheiro interrompe-se ou foi alterado. Exporte outra vez.',
    xml_foreign: 'Isto não é uma exportação da Apple Health.',
    json_broken: 'O ficheiro não está completo. Exporte outra vez e escolha o ficheiro novo.',
    json_too_large: 'O ficheiro é grande demais para este telefone. Exporte menos dias.',
    kind_unknown: 'Isto não é uma exportação da Apple Health nem registos do Health Connect ou Open mHealth.',
    dates_unreadable: 'Nenhuma data do ficheiro se consegue ler.',
    nothing_found: 'O ficheiro foi lido e não contém sono, passos, frequência cardíaca nem luz do dia.',
    failed: 'Não foi possível ler o ficheiro.',
    full: 'Este telefone tem demasiadas entradas por enviar. Ligue-se primeiro à rede.',
  },
};

export default portuguese;
