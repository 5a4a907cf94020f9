/** /work signals a job, /poll/TOKEN-END/N has its result from END on (ms since the epoch), /counts has both counts. */

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
  const job = r.uri.match(/^\/poll\/(.*)-(\d+)\//);
  const isOver = Date.now() >= Number(job[2]);
  r.return(isOver ? 200 : 400, isOver ? `result of ${job[1]}\n` : 'not yet\n');
}

function count(r) {
  const of = (name) => counts.get(name) || 0;
  r.return(200, JSON.stringify({ calls: of('calls'), jobs: of('jobs') }));
}

export default { work, poll, counts: count };
