FROM python:3.11-slim-bookworm

# What the PDF report is set with; the same packages as RUN_PACKAGES in `dev`.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=malstyring.settings
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

# .dockerignore lets in only what runs.
COPY . .
# A key is needed to start Django, not to collect files: this one is known to nobody and kept nowhere.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
        python manage.py collectstatic --noinput -v 0 \
    && python -m compileall -q . \
    && useradd --create-home --uid 10001 malstyring

USER malstyring
EXPOSE 8000
# WEB_CONCURRENCY is the number of workers. A large file or report may take longer than the usual 30 seconds.
ENV WEB_CONCURRENCY=2
CMD ["gunicorn", "malstyring.wsgi", "--bind", "0.0.0.0:8000", "--threads", "4", "--timeout", "120", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
