/** A slow call of an app that answers /work?job=TOKEN&length=MS with `result of TOKEN`. */

import { type Call, call } from '../../testkit/clients/client';

/** @returns what is wrong with the response, if anything: a status, the body, or an error of the connection */
export async function slowCall(
  port: number,
  token: string,
  ms: number,
  options: Call = {},
): Promise<string | undefined> {
  try {
    const { status, body } = await call(port, `/work?job=${token}&length=${ms}`, options);
    if (status !== 200) {
      return `status ${status}`;
    }
    return body === `result of ${token}\n` ? undefined : 'wrong body';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  }
}
