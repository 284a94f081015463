# Python, with pip, pipenv, poetry or uv. The dependencies have a layer of their own, which stays as long as their files do.
FROM docker.io/library/python:3.13 AS build
# Byte code is told fresh by its content: dates in an image tell nothing.
ENV SOURCE_DATE_EPOCH=315532801 PYTHONHASHSEED=0 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /app
RUN python -m venv /opt/venv
RUN python -m venv /opt/pipenv && /opt/pipenv/bin/pip install pipenv
ENV VIRTUAL_ENV=/opt/venv PIPENV_NOSPIN=1 PIPENV_VERBOSITY=-1
COPY Pipfile Pipfile.lock* ./
RUN if [ -f Pipfile.lock ]; then /opt/pipenv/bin/pipenv sync; else /opt/pipenv/bin/pipenv install --skip-lock; fi
COPY . .
RUN chmod -R u=rwX,go=rX /app /opt/venv
# Libraries of the system that packages with compiled parts need.
RUN mkdir /libraries && find /opt/venv -name "*.so*" -type f -exec ldd {} + 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\/(usr\/)?lib\// {print $3}' | grep -v -E "/(libc|libm|libdl|libpthread|librt|libutil|libgcc_s|libstdc\+\+)\." | sort -u | xargs -r -I{} cp {} /libraries/

FROM docker.io/library/python:3.13-slim
WORKDIR /app
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LD_LIBRARY_PATH=/usr/local/lib/of-packages HOME=/tmp PORT=8080
COPY --from=build /libraries /usr/local/lib/of-packages
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app ./
USER 65532:65532
EXPOSE 8080
CMD ["uvicorn", "main:app"]
