/** The headers that a result describes, as JSON: which of them a response can have, and which are passed on. */

import type { Checked } from '../../shared/checked';
import { isUnreserved } from '../../shared/unreserved';
import { type HeaderLine, isForwarded, isPlain } from '../result/headers';

export interface Headers {
  lines: HeaderLine[];
  /** Names of those that no response can have: for the error log. */
  left: string[];
}

/** @param text a JSON object: names, and values that are strings, numbers or lists of them */
export function readHeaders(text: string): Checked<Headers> {
  let headers: Record<string, unknown> | null;
  try {
    headers = JSON.parse(text);
  } catch {
    headers = null;
  }
  if (headers === null || typeof headers !== 'object' || Array.isArray(headers)) {
    return 'has headers that are no JSON object';
  }
  const lines: HeaderLine[] = [];
  const left: string[] = [];
  const names = Object.keys(headers);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = headers[name];
    const values = Array.isArray(value) ? value : [value];
    if (!isToken(name) || !values.every(isValue)) {
      left.push(name);
    } else if (isPassed(name.toLowerCase())) {
      for (let j = 0; j < values.length; j++) {
        lines.push([name, String(values[j])]);
      }
    }
  }
  return { lines, left };
}

/** Bytes of all lines: a value may have any character, and goes out as UTF-8. */
export function byteLength(lines: HeaderLine[]): number {
  let length = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as HeaderLine;
    length += Buffer.byteLength(line[0]) + Buffer.byteLength(line[1]) + ': \r\n'.length;
  }
  return length;
}

/** A result's own Content-Type is passed; what nginx would act on is not. */
function isPassed(name: string): boolean {
  return name === 'content-type' || (isForwarded(name, '') && name.slice(0, 8) !== 'x-accel-');
}

/** RFC 9110, section 5.6.2. */
function isToken(name: string): boolean {
  if (isUnreserved(name)) {
    return name !== '';
  }
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    const letter = code | 0x20;
    const isLetter = letter >= 0x61 && letter <= 0x7a;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && "!#$%&'*+-.^_`|~".indexOf(name.charAt(i)) < 0) {
      return false;
    }
  }
  return true;
}

/** RFC 9110, section 5.5: no control characters. */
function isValue(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && isPlain(String(value));
}
