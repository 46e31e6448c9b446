/** The pharmacist's pages, in the order of the work. */
import type { PageRoute } from '../route.ts';
import { batchesPage, oneBatch } from './batches.ts';
import { destructionPage, destructionPdf } from './destruction.ts';
import { forecastPage } from './forecast.ts';
import { kitPackingList, kitsPage, labelSheets, oneKit } from './kits.ts';
import { overview } from './overview.ts';
import { registerPage, registerPdf } from './register.ts';
import { oneShipment, shipmentLabels, shipmentPackingList, shipmentSlip, shipmentsPage } from './shipments.ts';
import { sitesPage } from './sites.ts';

export const supplyPages: readonly PageRoute[] = [
  ...[overview, batchesPage, oneBatch, sitesPage, kitsPage, labelSheets, oneKit, kitPackingList],
  ...[shipmentsPage, oneShipment, shipmentSlip, shipmentLabels, shipmentPackingList, forecastPage],
  ...[registerPage, registerPdf, destructionPage, destructionPdf],
];
