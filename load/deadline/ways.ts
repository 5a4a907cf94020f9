/** A slow route in three configurations, each of nginx and of uWSGI. */

import { DEADLINE_S, NGINX_TIMEOUT_S, WORKERS } from './settings';

export const ways = {
  timeout: `nginx's timeout only (${NGINX_TIMEOUT_S} s)`,
  deadline: `a deadline in uWSGI (${DEADLINE_S} s)`,
  offload: 'the slow route is offloaded',
};

export type Way = keyof typeof ways;

const LOCATION: Record<Way, string> = {
  timeout: `uwsgi_read_timeout ${NGINX_TIMEOUT_S}s;`,
  deadline: 'include offload/deadline/uwsgi.conf; include offload/uwsgi.conf;',
  offload: 'include offload/deadline/uwsgi.conf; include offload/uwsgi.conf;',
};

/** The ports are on loopback. */
export function configuration(way: Way, port: number, appPort: number): string {
  return `
load_module modules/ngx_http_js_module.so;
user www-data;
worker_processes 1;
error_log /var/log/offload/error.log;
pid /run/nginx.pid;
events { worker_connections 4096; }
http {
    access_log off;
    include offload/http.conf;
    include offload/route/http.conf;
    include offload/deadline/http.conf;
    map $uri $offload_route {
        default      fast;
        ~^/reports/  reports;
    }
    map $offload_route $offload_deadline {
        default  ${DEADLINE_S};
    }
    upstream app { server 127.0.0.1:${appPort} max_fails=0; }
    server {
        listen 127.0.0.1:${port};
        include offload/deadline/server.conf;
        include offload/server.conf;
        location / {
            include uwsgi_params;
            uwsgi_pass app;
            ${LOCATION[way]}
        }
    }
    server {
        include offload/waiter.conf;
        location /poll/ {
            include uwsgi_params;
            uwsgi_pass app;
            include offload/poll.conf;
            include offload/deadline/poll.conf;
        }
    }
}
`;
}

/** The ports are on loopback. */
export function uwsgiArguments(way: Way, appPort: number, statsPort: number): string[] {
  return [
    ...['--plugin', 'python3', '--master', '--need-app', '--disable-logging'],
    ...['--socket', `127.0.0.1:${appPort}`, '--listen', '1024', '--processes', String(WORKERS)],
    ...['--stats', `127.0.0.1:${statsPort}`, '--wsgi-file', '/srv/app/app.py'],
    ...(way === 'timeout' ? [] : ['--ini', '/etc/nginx/offload/service/deadlines.ini']),
    ...(way === 'offload' ? ['--pyargv', 'offload'] : []),
  ];
}
