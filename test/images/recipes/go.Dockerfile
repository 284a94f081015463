# Go, as one static program in an image with nothing else. The modules have a layer of their own, which stays as long as go.mod and go.sum do.
FROM docker.io/library/golang:1.26 AS build
ENV CGO_ENABLED=0 GOFLAGS="-trimpath -buildvcs=false -tags=timetzdata" GOTOOLCHAIN=auto
WORKDIR /src
COPY go.mod go.sum* ./
RUN go mod download
COPY . .
RUN --mount=type=cache,target=/root/.cache/go-build mkdir -p /app && go build -o /app/server .
# Folders of files that programs read beside their own.
RUN output=/app/server && test -f "$output" && case "$output" in /app/*) ;; *) mkdir -p "/app/$(dirname "$output")" && cp "$output" "/app/$output" ;; esac && for folder in assets config migrations public static templates views web; do if [ -d "$folder" ]; then cp -R "$folder" /app/; fi; done && chmod -R u=rwX,go=rX /app

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
WORKDIR /app
COPY --from=build /app ./
ENV PORT=8080 HOME=/tmp
USER 65532:65532
EXPOSE 8080
CMD ["/app/server"]
