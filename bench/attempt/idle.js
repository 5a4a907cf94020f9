// In place of offload.js: an attempt whose JavaScript says only that there is no result yet, and how long to pause.

function idle(r) {
  r.headersOut['X-Pad'] = '@PAUSE@';
  r.status = 503;
  r.sendHeader();
  r.finish();
}

// the same, after a poll of the app
function polling(r) {
  r.subrequest('/poll/idle', { method: 'GET' }, () => idle(r));
}

function none(r) {
  r.finish();
}

const empty = () => '';

export default {
  backoff: none,
  cancel: none,
  afterHeldRequest: none,
  fault: none,
  plan: none,
  pollInPlace: none,
  start: none,
  dropCopied: empty,
  polls: empty,
  preferredTimeout: empty,
  version: empty,
  poll: { idle, polling }['@POLL@'],
};
