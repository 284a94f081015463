# Node.js, with npm, yarn or pnpm. The dependencies have a layer of their own, which stays as long as their files do.
FROM docker.io/library/node:22 AS manifests
WORKDIR /all
COPY . .
RUN mkdir /manifests && find . -name node_modules -prune -o -type f \( -name package.json -o -name package-lock.json -o -name npm-shrinkwrap.json -o -name .npmrc \) -exec sh -c 'for file; do mkdir -p "/manifests/${file%/*}" && cp "$file" "/manifests/$file"; done' sh {} +

FROM docker.io/library/node:22 AS build
WORKDIR /app
COPY --from=manifests /manifests ./
RUN if [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then npm ci --no-audit --no-fund; else npm install --no-audit --no-fund; fi
COPY . .
RUN npm run build
RUN npm prune --omit=dev --no-audit --no-fund
RUN find . -name .cache -path "*/node_modules/.cache" -prune -exec rm -rf {} + ; mkdir /dependencies && find . -name node_modules -prune -exec sh -c 'for folder; do mkdir -p "/dependencies/${folder%/*}" && mv "$folder" "/dependencies/$folder"; done' sh {} + && find . -name .npmrc -exec rm -f {} + && chmod -R u=rwX,go=rX /app /dependencies

FROM docker.io/library/node:22-slim
WORKDIR /app
ENV NODE_ENV=production HOME=/tmp NPM_CONFIG_UPDATE_NOTIFIER=false PORT=3000
COPY --from=build /dependencies ./
COPY --from=build /app ./
USER 65532:65532
EXPOSE 3000
CMD ["npm", "start"]
