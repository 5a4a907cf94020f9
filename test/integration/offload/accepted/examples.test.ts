/** The commands of try.txt of the examples of frameworks, with the installed packages and nginx. */

import { type Example, startExample } from '../../../../testkit/servers/example';

/** What the commands say that contain these words, each as the client that is logged in. */
const examples = {
  django: {
    login: ['cd ', 'token()', 'login/', 'username=demo'],
    answers: [
      ['month=may http', /^HTTP\/1\.1 200 OK.*\{"month": "may", "total": 1234\.5\}$/s],
      ['seq 20', /^(\{"month": "\d+", "total": 1234\.5\}){20}$/],
      ['-d month=may http://127.0.0.1:PORT/api', /^HTTP\/1\.1 200 OK.*"total":1234\.5\}$/s],
      ['respond-async', /^HTTP\/1\.1 202 Accepted.*Location: \/api\/reports\/.*"PENDING"\}$/s],
      ['month=never', /^HTTP\/1\.1 500 Internal Server Error.*\{"error":"no report"\}$/s],
      ['-b cookies -d month=may', /^HTTP\/1\.1 403 Forbidden.*CSRF verification failed/s],
      ['curl -i http', /^HTTP\/1\.1 302 Found.*Location: \/login\//s],
    ],
  },
  rails: {
    login: ['cd ', 'token()', 'user=demo'],
    answers: [
      ['month=may http', /^HTTP\/1\.1 200 OK.*\{"month":"may","total":1234\}$/s],
      [
        'respond-async',
        /^HTTP\/1\.1 202 Accepted.*Location: http:\/\/127\.0\.0\.1:\d+\/reports\//s,
      ],
      ['month=never', /^HTTP\/1\.1 500 Internal Server Error.*\{"error":"no report"\}$/s],
      ['-b cookies -d month=may', /^HTTP\/1\.1 422 /],
      ['curl -i http', /^HTTP\/1\.1 302 Found.*\/session\/new/s],
    ],
  },
  php: {
    login: ['cd ', 'user=demo'],
    answers: [
      ['month=may http', /^HTTP\/1\.1 200 OK.*\{"month":"may","total":1234\.5\}$/s],
      ['respond-async', /^HTTP\/1\.1 202 Accepted.*Location: \/reports\//s],
      ['month=never', /^HTTP\/1\.1 500 Internal Server Error.*\{"error":"no report"\}$/s],
      ['curl -i -d month', /^HTTP\/1\.1 401 Unauthorized/],
    ],
  },
} satisfies Record<string, { login: string[]; answers: [part: string, answer: RegExp][] }>;

describe.each(Object.entries(examples))('make example NAME=%s', (name, { login, answers }) => {
  let example: Example;
  let shell: string[];

  beforeAll(async () => {
    example = await startExample(name);
    expect(await example.tried(...login)).toMatch(/^HTTP\/1\.1 (302|200) /);
    // in a shell of its own, each command needs the folder and the function
    shell = login.filter((part) => part === 'cd ' || part === 'token()');
  }, 180_000);

  afterAll(() => example?.stop());

  test.each(answers as [string, RegExp][])('%s', async (part, answer) => {
    expect(await example.tried(...shell, part.replace('PORT', String(example.port)))).toMatch(
      answer,
    );
  });
});
