/** A client that follows a 303, as HTTP's clients do by themselves. */

import { type Answer, type Call, call } from './client';

export interface Followed extends Answer {
  /** The Locations that were followed. */
  locations: string[];
}

/**
 * @param portOf of the nginx that gets the next request; it may be another one for each hop
 * @param keepsMethod as `curl -X POST -L`
 */
export async function follow(
  portOf: (hops: number) => number,
  path: string,
  options: Call = {},
  keepsMethod = false,
): Promise<Followed> {
  const locations: string[] = [];
  let answer = await call(portOf(0), path, options);
  while (answer.status === 303) {
    const location = answer.headers.location ?? '';
    locations.push(location);
    const method = keepsMethod ? options.method : 'GET';
    answer = await call(portOf(locations.length), location, {
      ...options,
      ...(method === undefined ? {} : { method }),
      body: '',
    });
  }
  return { ...answer, locations };
}
