/** A user's nginx.conf, as in the README, around what a test wants in it. */

export interface Parts {
  port: number;
  appPort: number;
  engine: string;
  workerProcesses?: number;
  /** How many may be held, in a worker process and of one address, in the place of limits.conf. */
  limits?: [held: number, byAddress: number];
  /** Connections of each worker process. */
  workerConnections?: number;
  /** A parameter of listen. */
  listen?: string;
  /** Lines for the places of that name. */
  http?: string;
  server?: string;
  location?: string;
  waiter?: string;
  /** Names and texts of files beside the logs, in /var/log/offload. */
  files?: Record<string, string>;
  /** Folders of this machine that nginx has at the same place. */
  folders?: string[];
}

/** For the waiter: where the fake app has its jobs cancelled. */
export const jobsLocation = `
        location /jobs/ {
            proxy_pass http://app;
            include offload/poll.conf;
        }`;

export function configuration(parts: Parts): string {
  return `
load_module modules/ngx_http_js_module.so;
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
