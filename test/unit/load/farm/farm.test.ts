import { configuration, sockets, vassals } from '../../../../load/farm/configuration';
import { figuresOf, medianFigures } from '../../../../load/farm/figures';
import { DEFAULTS, isPublished, readSettings } from '../../../../load/farm/settings';
import { computing, waiting } from '../../../../load/farm/systems';

test('one disturbed round does not change the medians', () => {
  const rounds = [
    [10, 20],
    [10, 22],
    [500, 900],
  ].map(figuresOf);
  expect(medianFigures(rounds)).toMatchObject({ requests: 6, mean: 16, p99: 22 });
});

test('figures of 100 response times', () => {
  const times = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(figuresOf(times)).toEqual({
    requests: 100,
    mean: 50.5,
    spread: 28.9,
    p50: 50,
    p95: 95,
    p99: 99,
  });
});

test('all systems have the same number of processes', () => {
  for (const systems of [waiting(8), computing(8, 10)]) {
    expect(systems.map(({ servers, processes }) => servers * processes)).toEqual(
      systems.map(() => 8),
    );
  }
});

test('each socket of nginx belongs to one uWSGI', () => {
  const systems = [...waiting(3), ...computing(2, 5)];
  const conf = configuration(systems, '/tmp/farm', 80);
  for (const system of systems) {
    const texts = vassals(system, '/tmp/farm').map(([, text]) => text);
    for (const socket of sockets(system, '/tmp/farm')) {
      expect(conf).toContain(`server unix:${socket} `);
      expect(texts.filter((text) => text.includes(socket))).toHaveLength(1);
    }
  }
});

test('only a run with the default settings is published', () => {
  expect(readSettings({})).toEqual(DEFAULTS);
  expect(isPublished(readSettings({ OUT: 'x' }))).toBe(true);
  expect(isPublished(readSettings({ PROCESSES: '4' }))).toBe(false);
});
