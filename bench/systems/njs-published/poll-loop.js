/** The loop of the published article: one subrequest per second in the client's request. */

function start(r) {
  poll(r, r.variables.job, 0);
}

function poll(r, job, number) {
  r.subrequest(`/poll/${job}/${number}`, { method: 'POST' }, (response) => {
    if (response.status >= 200 && response.status < 300) {
      r.return(response.status, response.responseText);
    } else {
      setTimeout(poll, 1000, r, job, number + 1);
    }
  });
}

export default { start };
