/** The nginx.conf of a site, with pages and reports cached or not cached. */

export const ways = ['not cached', 'cached'] as const;
export type Way = (typeof ways)[number];

const APP = 'include uwsgi_params; uwsgi_pass app; include offload/uwsgi.conf;';

/** @param ttl of the pages, as an nginx time */
export function configuration(
  way: Way,
  engine: string,
  ttl: string,
  port: number,
  appPort: number,
) {
  const isCached = way === 'cached';
  const cached = (ttl: string) =>
    isCached ? `proxy_cache_valid 200 ${ttl}; include offload/cache/location.conf;` : APP;
  return `
load_module modules/ngx_http_js_module.so;
user www-data;
worker_processes 1;
error_log /var/log/offload/error.log;
pid /run/nginx.pid;
events { worker_connections 4096; }
http {
    ${engine === 'qjs' ? 'js_engine qjs;' : ''}
    access_log off;
    include offload/http.conf;
    ${isCached ? 'include offload/cache/http.conf;' : ''}
    upstream app { server 127.0.0.1:${appPort}; }
    server {
        listen 127.0.0.1:${port} backlog=4096;
        include offload/server.conf;
        ${isCached ? 'include offload/cache/server.conf;' : ''}
        location / { ${APP} }
        location /pages/ { ${cached(ttl)} }
        location /reports/ { ${cached('10m')} }
    }
    ${
      isCached
        ? `server {
        include offload/cache/origin.conf;
        include offload/server.conf;
        location / { ${APP} include offload/cache/app.conf; }
    }`
        : ''
    }
    server {
        include offload/waiter.conf;
        location /poll/ { include uwsgi_params; uwsgi_pass app; include offload/poll.conf; }
    }
}
`;
}
