/** The nginx.conf of one step, with a location whose requests are not offloaded. */

import type { Step } from './steps';

/** The location's handler: an app, or no app, where the offload's relative cost is largest. */
export const KINDS = {
  proxy: 'proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection "";',
  // runs all phases of a request; `return` would end it before limit_conn
  nothing: 'empty_gif;',
};

export type Kind = keyof typeof KINDS;
export const kinds = Object.keys(KINDS) as Kind[];

/** Opening connections would cost more than the offload. */
const KEEPALIVE = 'keepalive_requests 1000000000; keepalive_timeout 1h;';

/** @param port on loopback */
export function configuration(step: Step, kind: Kind, port: number): string {
  return `
${step.main}
user www-data;
worker_processes 1;
error_log /var/log/offload/error.log;
pid /run/nginx.pid;
events { worker_connections 1024; }
http {
    ${KEEPALIVE}
    log_format of_step '${step.logFormat}';
    access_log /var/log/offload/access.log of_step;
    upstream app {
        server unix:/var/log/offload/app.sock;
        keepalive 64;
    }
    ${step.http}
    server {
        listen 127.0.0.1:${port};
        ${step.server}
        location / {
            ${KINDS[kind]}
            ${step.location}
        }
    }
}
`;
}

/** The app is another nginx, so that it is not the bottleneck. */
export function appConfiguration(port: number): string {
  return `
user www-data;
worker_processes 1;
error_log /var/log/offload/app-error.log;
pid /run/nginx.pid;
events { worker_connections 1024; }
http {
    ${KEEPALIVE}
    access_log off;
    server {
        listen unix:/var/log/offload/app.sock;
        listen 127.0.0.1:${port};
        location / { return 200 "an answer\\n"; }
    }
}
`;
}
