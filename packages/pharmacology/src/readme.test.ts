import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  appearancePanel,
  checkDose,
  checkMedication,
  contentUniformity,
  dosePerCapsule,
  quantity,
  toBaseEquivalent,
} from './index.ts';

test('the example of the README is right', () => {
  const dose = quantity(13, 'µg', 'lsd-tartrate-1-1');
  assert.equal(toBaseEquivalent(dose).value.toFixed(1), '8.9');
  assert.equal(checkDose(dose).verdict, 'within');
  const fillWeight = { meanGrams: 0.2, sdGrams: 0, n: 20 };
  assert.equal(dosePerCapsule({ id: 'B-7', form: 'dried-psilocybe-cubensis', fillWeight }).basis, 'literature-range');
  const findings = checkMedication(['Lithium carbonate 300 mg', 'Zorblaxine'], 'psilocybin');
  assert.deepEqual(
    findings.map((finding) => finding.severity),
    ['contraindicated', 'unknown'],
  );
  const uniformity = contentUniformity([98, 101, 99, 100, 102, 97, 103, 100, 99, 101]);
  assert.deepEqual([uniformity.decision, uniformity.acceptanceValue], ['passes', 4.4]);
  assert.equal(appearancePanel(14, 20).passes, true);
});
