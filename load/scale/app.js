/**
 * The app of make bench-scale, in a separate nginx: Node would take more CPU time for each poll, at the
 * cost of the measured nginx.
 *
 *   /work?job=TOKEN&length=MS  signals a job
 *   /poll/TOKEN-END/N          "not yet", or `result of TOKEN`
 *
 * The app is stateless: the job's id has the end of the job, END, in ms since the epoch.
 */

function work(r) {
  r.headersOut['X-OffloadToPoller-Url'] = '/poll';
  r.headersOut['X-OffloadToPoller-Args'] = `${r.args.job}-${Date.now() + Number(r.args.length)}`;
  r.return(418, '');
}

function poll(r) {
  const id = r.uri.split('/')[2];
  const dash = id.lastIndexOf('-');
  if (Date.now() < Number(id.slice(dash + 1))) {
    r.return(400, 'not yet\n');
  } else {
    r.return(200, `result of ${id.slice(0, dash)}\n`);
  }
}

export default { work, poll };
