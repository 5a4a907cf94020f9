/**
 * The app of a crowd, in an nginx of its own: Node takes more of a CPU for a poll, which the nginx
 * that is measured would lack.
 *
 *   /work?job=TOKEN&length=MS  signals a job
 *   /poll/TOKEN-END/N          "not yet", or `result of TOKEN`
 *
 * All that it knows of a job is in the job's id: END is ms since the epoch.
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
