# Java, with Maven or Gradle. The dependencies have a layer of their own, which stays as long as their files do.
FROM docker.io/library/maven:3-eclipse-temurin-21 AS manifests
WORKDIR /all
COPY . .
RUN mkdir /manifests && find . -type f \( -name pom.xml -o -name mvnw -o -path './.mvn/*' \) -exec sh -c 'for file; do mkdir -p "/manifests/${file%/*}" && cp "$file" "/manifests/$file"; done' sh {} +

FROM docker.io/library/maven:3-eclipse-temurin-21 AS build
WORKDIR /src
COPY --from=manifests /manifests ./
# A project of several modules can't fetch what it makes itself: the next step fetches the rest.
RUN mvn="mvn"; if [ -f mvnw ]; then mvn="sh mvnw"; fi; $mvn --batch-mode --no-transfer-progress dependency:go-offline || true
COPY . .
RUN mvn="mvn"; if [ -f mvnw ]; then mvn="sh mvnw"; fi; ./mvnw -B package -DskipTests
# The program: what is named, else Quarkus's folder, else the one jar or war that is no by-product.
RUN mkdir /app && output=target/quarkus-app && if [ -d "$output" ]; then cp -R "$output/." /app/; elif [ -f "$output" ]; then cp "$output" /app/app.jar; elif [ -d target/quarkus-app ]; then cp -R target/quarkus-app/. /app/; else cp "$(ls target/*.jar target/*.war 2>/dev/null | grep -v -E "(-sources|-javadoc|-plain|-tests|original-[^/]*)\.jar$|/original-" | head -n 1)" /app/app.jar; fi && if [ -f /app/quarkus-run.jar ]; then ln -s quarkus-run.jar /app/app.jar; fi && chmod -R u=rwX,go=rX /app

FROM docker.io/library/eclipse-temurin:21-jre
WORKDIR /app
# Three quarters of the memory limit for the heap; an instance that runs out of it ends and is started again.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError" HOME=/tmp PORT=8080 SERVER_PORT=8080 QUARKUS_HTTP_PORT=8080
COPY --from=build /app ./
USER 65532:65532
EXPOSE 8080
CMD ["java", "-jar", "/app/quarkus-run.jar"]

