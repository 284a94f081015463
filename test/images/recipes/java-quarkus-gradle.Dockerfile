# Java, with Maven or Gradle. The dependencies have a layer of their own, which stays as long as their files do.
FROM docker.io/library/gradle:jdk21 AS manifests
WORKDIR /all
COPY . .
RUN mkdir /manifests && find . -type f \( -name '*.gradle' -o -name '*.gradle.kts' -o -name gradle.properties -o -name gradlew -o -name libs.versions.toml -o -path '*/gradle/wrapper/*' -o -name '*.lockfile' \) -exec sh -c 'for file; do mkdir -p "/manifests/${file%/*}" && cp "$file" "/manifests/$file"; done' sh {} +

FROM docker.io/library/gradle:jdk21 AS build
WORKDIR /src
COPY --from=manifests /manifests ./
RUN gradle="gradle"; if [ -f gradlew ]; then gradle="sh gradlew"; fi; $gradle --no-daemon --console=plain dependencies || true
COPY . .
RUN gradle="gradle"; if [ -f gradlew ]; then gradle="sh gradlew"; fi; ./gradlew build -x test
# The program: what is named, else Quarkus's folder, else the one jar or war that is no by-product.
RUN mkdir /app && output=build/quarkus-app && if [ -d "$output" ]; then cp -R "$output/." /app/; elif [ -f "$output" ]; then cp "$output" /app/app.jar; elif [ -d build/quarkus-app ]; then cp -R build/quarkus-app/. /app/; else cp "$(ls build/libs/*.jar build/libs/*.war 2>/dev/null | grep -v -E "(-sources|-javadoc|-plain|-tests|original-[^/]*)\.jar$|/original-" | head -n 1)" /app/app.jar; fi && if [ -f /app/quarkus-run.jar ]; then ln -s quarkus-run.jar /app/app.jar; fi && chmod -R u=rwX,go=rX /app

FROM docker.io/library/eclipse-temurin:21-jre
WORKDIR /app
# Three quarters of the memory limit for the heap; an instance that runs out of it ends and is started again.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError" HOME=/tmp PORT=8080 SERVER_PORT=8080 QUARKUS_HTTP_PORT=8080
COPY --from=build /app ./
USER 65532:65532
EXPOSE 8080
CMD ["sh", "-c", "exec java $JAVA_OPTS -jar /app/quarkus-run.jar"]

