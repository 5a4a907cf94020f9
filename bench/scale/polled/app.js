/**
 *   /work?job=TOKEN&length=MS  signals a job
 *   /poll/TOKEN-END/N          "not yet", or `result of TOKEN`
 *   /counts                    {"calls": N, "jobs": N}
 *
 * The job's id has its end, in ms since the epoch.
 */

const counts = ngx.shared.counts;

function work(r) {
  counts.incr('calls', 1);
  counts.incr('jobs', 1);
  r.headersOut['X-OffloadToPoller-Url'] = '/poll';
  r.headersOut['X-OffloadToPoller-Args'] = `${r.args.job}-${Date.now() + Number(r.args.length)}`;
  r.return(418, '');
}

function poll(r) {
  counts.incr('calls', 1);
  const id = r.uri.split('/')[2];
  const dash = id.lastIndexOf('-');
  if (Date.now() < Number(id.slice(dash + 1))) {
    r.return(400, 'not yet\n');
  } else {
    r.return(200, `result of ${id.slice(0, dash)}\n`);
  }
}

function count(r) {
  const of = (name) => counts.get(name) || 0;
  r.return(200, JSON.stringify({ calls: of('calls'), jobs: of('jobs') }));
}

export default { work, poll, counts: count };
