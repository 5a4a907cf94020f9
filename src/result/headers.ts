/** Which header lines of a result are handed on, and which njs can't write as they are. */

/**
 * @param name in lower case
 * @param connection the result's header Connection, which names others of one connection
 */
export function isHandedOn(name: string, connection: string): boolean {
  switch (name) {
    // written by nginx itself
    case 'content-length':
    case 'content-type':
    case 'date':
    case 'server':
    // of one connection
    case 'connection':
    case 'keep-alive':
    case 'proxy-connection':
    case 'te':
    case 'trailer':
    case 'transfer-encoding':
    case 'upgrade':
    // between app and nginx, or nginx and itself
    case 'x-offload-cancel':
    case 'x-offload-outcome':
    case 'x-offloadtopoller-args':
    case 'x-offloadtopoller-url':
      return false;
    default:
      return connection === '' || !isListed(name, connection.toLowerCase());
  }
}

function isListed(name: string, list: string): boolean {
  const names = list.split(',');
  for (let i = 0; i < names.length; i++) {
    if ((names[i] as string).trim() === name) {
      return true;
    }
  }
  return false;
}

/**
 * Whether njs writes a line as it read it. It drops an empty value and reads bytes that are
 * no UTF-8 as U+FFFD; newer ones throw at a control character or an odd name.
 */
export function isWritable(name: string, value: string): boolean {
  return value !== '' && value.indexOf('\ufffd') < 0 && isPlain(value) && isUsualName(name);
}

function isPlain(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== TAB) || code === 0x7f) {
      return false;
    }
  }
  return true;
}

const TAB = 0x09;
const HYPHEN = 0x2d;

/** Letters, digits and hyphens. */
function isUsualName(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    const letter = code | 0x20;
    const isLetter = letter >= 0x61 && letter <= 0x7a;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && code !== HYPHEN) {
      return false;
    }
  }
  return true;
}
