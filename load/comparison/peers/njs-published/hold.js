/** The loop of the published article: one subrequest a second, in the client's own request. */

function hold(r) {
  poll(r, r.variables.job, 0);
}

function poll(r, job, number) {
  r.subrequest(`/poll/${job}/${number}`, { method: 'POST' }, (answer) => {
    if (answer.status >= 200 && answer.status < 300) {
      r.return(answer.status, answer.responseText);
    } else {
      setTimeout(poll, 1000, r, job, number + 1);
    }
  });
}

export default { hold };
