# To copy from: COPY --from=nginx-offload /etc/nginx/offload /etc/nginx/offload
FROM scratch
COPY offload /etc/nginx/offload
