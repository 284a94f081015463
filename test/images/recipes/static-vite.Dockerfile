# Files that a web server serves, as they are or after a build. The dependencies have a layer of their own, which stays as long as their files do.
FROM docker.io/library/node:24 AS manifests
WORKDIR /all
COPY . .
RUN mkdir /manifests && find . -name node_modules -prune -o -type f \( -name package.json -o -name package-lock.json -o -name npm-shrinkwrap.json -o -name .npmrc \) -exec sh -c 'for file; do mkdir -p "/manifests/${file%/*}" && cp "$file" "/manifests/$file"; done' sh {} +

FROM docker.io/library/node:24 AS build
WORKDIR /app
COPY --from=manifests /manifests ./
RUN if [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then npm ci --no-audit --no-fund; else npm install --no-audit --no-fund; fi
COPY . .
RUN npm run build
RUN test -d dist && cp -R dist /public
RUN printf '%s\n' \
    'pid /tmp/nginx.pid;' \
    'error_log stderr warn;' \
    'worker_processes 2;' \
    'events { worker_connections 1024; }' \
    'http {' \
    '  include /etc/nginx/mime.types;' \
    '  default_type application/octet-stream;' \
    '  access_log off;' \
    '  sendfile on;' \
    '  server_tokens off;' \
    '  client_body_temp_path /tmp/client;' \
    '  proxy_temp_path /tmp/proxy;' \
    '  fastcgi_temp_path /tmp/fastcgi;' \
    '  uwsgi_temp_path /tmp/uwsgi;' \
    '  scgi_temp_path /tmp/scgi;' \
    '  gzip on;' \
    '  gzip_types text/css text/plain application/javascript text/javascript application/json image/svg+xml application/xml application/wasm;' \
    '  server {' \
    '    listen @PORT@;' \
    '    root /srv/public;' \
    '    absolute_redirect off;' \
    '    etag off;' \
    '    if_modified_since off;' \
    '    add_header Last-Modified "";' \
    '    add_header Cache-Control "no-cache";' \
    '    location / { try_files $uri $uri/ $uri.html /index.html; }' \
    '    location ~ /\.(?!well-known/) { return 404; }' \
    '    error_page 404 /404.html;' \
    '    error_page 403 =404 /404.html;' \
    '  }' \
    '}' \
    > /nginx.conf && chmod -R u=rwX,go=rX /public /nginx.conf

FROM docker.io/nginxinc/nginx-unprivileged:stable-alpine
USER 0
COPY --from=build /public /srv/public
COPY --from=build /nginx.conf /etc/nginx/paas.conf
USER 65532:65532
ENV PORT=8080
EXPOSE 8080
ENTRYPOINT []
CMD ["/bin/sh", "-c", "sed \"s/@PORT@/$PORT/\" /etc/nginx/paas.conf > /tmp/nginx.conf && exec nginx -c /tmp/nginx.conf -g \"daemon off;\""]
