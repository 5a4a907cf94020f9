/** The nginx.conf of the README, with additions of a test. */

export interface Parts {
  /** Whether the schedule is learned, as by default; else polls are at the times of the backoff. */
  isLearned?: boolean;
  port: number;
  appPort: number;
  engine: string;
  workerProcesses?: number;
  /** Limits of held clients, for a worker process and for one address; they replace limits.conf. Default: 1300, 500. */
  limits?: [held: number, byAddress: number];
  /** Texts of files in offload/ that are made to be edited, by path. */
  edited?: Record<string, string>;
  /** Connections of each worker process. */
  workerConnections?: number;
  /** Parameters of listen. */
  listen?: string;
  /** Directives for the parts of nginx.conf. */
  main?: string;
  http?: string;
  server?: string;
  location?: string;
  waiter?: string;
  /** Port of Redis; directives for its waiter's server, and for stream {}. */
  redisPort?: number;
  redis?: string;
  /** Default: an upstream of that port. */
  redisPass?: string;
  stream?: string;
  /** A whole nginx.conf in place of that below, which listens on the port. */
  whole?: (port: number) => string;
  /** Texts of files in /var/log/offload, by name. */
  files?: Record<string, string>;
  /** Folders of this machine, mounted at the same path. */
  folders?: string[];
}

/** The location of the waiter for cancelling jobs of the test app. */
export const jobsLocation = `
        location /jobs/ {
            proxy_pass http://app;
            include offload/poll.conf;
        }`;

/** Waits on Redis: the modules, and stream {}. */
function stream(parts: Parts): string {
  return `
load_module modules/ngx_stream_module.so;
load_module modules/ngx_stream_js_module.so;
stream {
    ${parts.engine === 'qjs' ? 'js_engine qjs;' : ''}
    ${parts.stream ?? ''}
    upstream redis { server 127.0.0.1:${parts.redisPort} max_fails=0; }
    server {
        include offload/redis/waiter.conf;
        proxy_pass ${parts.redisPass ?? 'redis'};
        ${parts.redis ?? ''}
    }
}`;
}

export function configuration(parts: Parts): string {
  if (parts.whole !== undefined) {
    return parts.whole(parts.port);
  }
  return `
load_module modules/ngx_http_js_module.so;
${parts.main ?? ''}
${parts.redisPort === undefined ? '' : stream(parts)}
user www-data;
worker_processes ${parts.workerProcesses ?? 2};
worker_rlimit_nofile ${parts.workerConnections ?? 16384};
error_log /var/log/offload/error.log notice;
pid /run/nginx.pid;
events { worker_connections ${parts.workerConnections ?? 8192}; }
http {
    ${parts.engine === 'qjs' ? 'js_engine qjs;' : ''}
    log_format offload '$status $request_method $request_uri polls=$offload_polls';
    access_log /var/log/offload/access.log offload;
    include offload/http.conf;
    ${parts.isLearned ? '' : 'map "" $offload_poll_cost { default off; }'}
    ${parts.http ?? ''}

    upstream app { server 127.0.0.1:${parts.appPort} max_fails=0; }

    server {
        listen 127.0.0.1:${parts.port} ${parts.listen ?? ''};
        include offload/server.conf;
        ${parts.server ?? ''}
        location / {
            proxy_pass http://app;
            ${parts.location ?? ''}
            include offload/proxy.conf;
        }
    }
    server {
        include offload/waiter.conf;
        location /poll/ {
            proxy_pass http://app;
            include offload/poll.conf;
        }
        ${parts.waiter ?? ''}
    }
}
`;
}

export function limitsConf([held, byAddress]: [number, number]): string {
  return `limit_conn offload_held ${held}; limit_conn offload_held_by_address ${byAddress};\n`;
}
