/** A client that keeps cookies, as a browser does. */

import { type Answer, type Call, call } from './client';

export class Browser {
  private readonly cookies: Map<string, string>;

  /** @param like it has the cookies of another one so far */
  constructor(
    private readonly port: number,
    like?: Browser,
  ) {
    this.cookies = new Map(like?.cookies);
  }

  cookie(name: string): string {
    return this.cookies.get(name) ?? '';
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call(path, { headers });
  }

  /** Posts a form. */
  post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.call(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    });
  }

  private async call(path: string, options: Call): Promise<Answer> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await call(this.port, path, {
      ...options,
      headers: { ...(cookie === '' ? {} : { Cookie: cookie }), ...options.headers },
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    return answer;
  }
}
