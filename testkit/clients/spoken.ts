/** Requests as a client writes them, in absolute form or HTTP/1.0 among others. */

import net from 'node:net';

/**
 * Sends one request of HTTP/1 on a new connection.
 *
 * @param first the request line
 * @param lines of the header, none added but Connection
 * @returns status and body
 */
export function spoken(
  port: number,
  first: string,
  lines: string[] = [],
  localAddress = '127.0.0.1',
): Promise<{ status: number; body: string; head: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect({ port, host: '127.0.0.1', localAddress });
    socket.write([first, ...lines, 'Connection: close', '', ''].join('\r\n'));
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    socket.on('error', reject).on('close', () => {
      const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
      resolve({ status: Number(head.split(' ')[1]), body, head });
    });
  });
}
