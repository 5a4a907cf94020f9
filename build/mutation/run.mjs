/** Runs Stryker. Fails as well where one file has a lower score than the whole may have. */
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import stryker from './stryker.config.mjs';

const LOWEST_SCORE_OF_A_FILE = 85;

// Stryker leaves its copy of the project after ctrl-C, and jest would find two of each file
process.on('exit', () => rmSync(stryker.tempDirName, { recursive: true, force: true }));

const mutants = await new Stryker({
  configFile: 'build/mutation/stryker.config.mjs',
}).runMutationTest();

for (const [fileName, itsMutants] of byFile(mutants)) {
  const count = (...statuses) =>
    itsMutants.filter((mutant) => statuses.includes(mutant.status)).length;
  const killed = count('Killed', 'Timeout');
  const score = (100 * killed) / (killed + count('Survived', 'NoCoverage'));
  if (score < LOWEST_SCORE_OF_A_FILE) {
    fail(fileName, `a score of ${score.toFixed(1)}, below ${LOWEST_SCORE_OF_A_FILE}`);
  }
  // Stryker leaves these out of the score
  const errors = count('RuntimeError', 'CompileError');
  if (errors > 0) {
    fail(fileName, `the tests did not run on ${errors} mutants`);
  }
}

function byFile(mutants) {
  const files = new Map();
  for (const mutant of mutants) {
    files.set(mutant.fileName, [...(files.get(mutant.fileName) ?? []), mutant]);
  }
  return files;
}

function fail(fileName, reason) {
  console.error(`${relative('', fileName)}: ${reason}`);
  process.exitCode = 1;
}
