/** The metrics in Prometheus' text format: rows of src/metrics/families.ts, and what was counted. */

import { FAMILIES, type Family, type FamilyName } from '../families';
import { BUCKETS_MS, bucketIndex } from '../series';

export interface Series {
  labels: string[];
  value: number;
  /** Observations in each bucket of a histogram, the last one without a bound. */
  buckets?: number[];
}

/** Clients may choose labels: objects without a prototype. */
export interface Collected {
  /** Families that are shown. */
  families: Partial<Record<FamilyName, Series[]>>;
  /** Series of keys, by family and labels. */
  series: Record<string, Series>;
  /** Names of families, by what their keys begin with. */
  names: Record<string, FamilyName>;
}

/** The names of all families, in the order of the page. */
export const NAMES = Object.keys(FAMILIES) as FamilyName[];

export function familyOf(name: FamilyName): Family {
  return FAMILIES[name];
}

export function newCollected(): Collected {
  const collected: Collected = {
    families: Object.create(null),
    series: Object.create(null),
    names: Object.create(null),
  };
  NAMES.forEach((name) => {
    const family = familyOf(name);
    if (family.key !== undefined) {
      collected.names[family.key] = name;
    }
    if (family.buckets !== undefined) {
      collected.names[family.buckets] = name;
    }
  });
  return collected;
}

/** What is shown before anything is counted. */
export function showAlways(collected: Collected): void {
  NAMES.forEach((name) => {
    const family = familyOf(name);
    if (family.isAlways) {
      show(collected, name);
      if (family.labels.length === 0) {
        collect(collected, family.key as string, 0);
      }
    }
  });
}

/** @returns the series of a family, which is shown from now on */
export function show(collected: Collected, name: FamilyName): Series[] {
  const shown = collected.families[name] || [];
  collected.families[name] = shown;
  return shown;
}

/** Adds what a key counted. */
export function collect(collected: Collected, key: string, value: number): void {
  const letter = key.charAt(0);
  const name = collected.names[letter] || collected.names[key];
  if (name === undefined) {
    return;
  }
  const family = familyOf(name);
  const isBucket = letter === family.buckets;
  const labels = key.slice(isBucket ? 2 : 1);
  const id = name + labels;
  let series = collected.series[id];
  if (series === undefined) {
    series = { labels: labels.split(' '), value: 0 };
    if (family.type === 'histogram') {
      series.buckets = BUCKETS_MS.map(() => 0).concat([0]);
    }
    collected.series[id] = series;
    show(collected, name).push(series);
  }
  if (isBucket) {
    (series.buckets as number[])[bucketIndex(key.charAt(1))] = value;
  } else {
    const shown = family.isTime ? value / 1000 : value;
    series.value = family.most === undefined ? shown : Math.min(shown, family.most);
  }
}

/** Adds a series that is no key's. */
export function add(collected: Collected, name: FamilyName, labels: string[], value: number): void {
  show(collected, name).push({ labels, value });
}

/** The lines above a family's series. */
export function head(name: FamilyName): string {
  const family = familyOf(name);
  return `# HELP ${name} ${family.help}\n# TYPE ${name} ${family.type}\n`;
}

/** The lines of one series. */
export function lines(name: FamilyName, series: Series): string {
  const labels = labelled(familyOf(name).labels, series.labels);
  if (series.buckets === undefined) {
    return `${name}${labels === '' ? '' : `{${labels}}`} ${series.value}\n`;
  }
  let count = 0;
  let text = '';
  for (let i = 0; i < series.buckets.length; i++) {
    count += series.buckets[i] as number;
    const bound = i < BUCKETS_MS.length ? String((BUCKETS_MS[i] as number) / 1000) : '+Inf';
    text += `${name}_bucket{${labels},le="${bound}"} ${count}\n`;
  }
  return `${text}${name}_sum{${labels}} ${series.value}\n${name}_count{${labels}} ${count}\n`;
}

function labelled(names: string[], values: string[]): string {
  return names.map((name, i) => `${name}="${escaped(values[i] || '')}"`).join(',');
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
