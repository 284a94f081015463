# Node.js, with npm, yarn or pnpm. The dependencies have a layer of their own, which stays as long as their files do.
FROM docker.io/library/node:24 AS manifests
WORKDIR /all
COPY . .
RUN mkdir /manifests && find . -name node_modules -prune -o -type f \( -name package.json -o -name yarn.lock -o -name .npmrc -o -name .yarnrc -o -name .yarnrc.yml -o -path './.yarn/*' \) -exec sh -c 'for file; do mkdir -p "/manifests/${file%/*}" && cp "$file" "/manifests/$file"; done' sh {} +

FROM docker.io/library/node:24 AS build
WORKDIR /app
ENV YARN_NODE_LINKER=node-modules YARN_ENABLE_TELEMETRY=0 COREPACK_ENABLE_DOWNLOAD_PROMPT=0
RUN npm install --global --force --no-audit --no-fund corepack@0.34 && corepack enable
COPY --from=manifests /manifests ./
RUN case "$(yarn --version)" in 1.*) yarn install --frozen-lockfile --non-interactive ;; *) yarn install --immutable ;; esac
COPY . .
RUN case "$(yarn --version)" in 1.*) yarn install --production --frozen-lockfile --non-interactive --prefer-offline ;; *) yarn workspaces focus --all --production ;; esac
RUN find . -name .cache -path "*/node_modules/.cache" -prune -exec rm -rf {} + ; mkdir /dependencies && find . -name node_modules -prune -exec sh -c 'for folder; do mkdir -p "/dependencies/${folder%/*}" && mv "$folder" "/dependencies/$folder"; done' sh {} + && find . -name .npmrc -exec rm -f {} + && chmod -R u=rwX,go=rX /app /dependencies

FROM docker.io/library/node:24-slim
WORKDIR /app
ENV NODE_ENV=production HOME=/tmp NPM_CONFIG_UPDATE_NOTIFIER=false PORT=8080
COPY --from=build /dependencies ./
COPY --from=build /app ./
USER 65532:65532
EXPOSE 8080
CMD ["node", "server.js"]
