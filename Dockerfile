# Front-end files, Python packages, and a slim image that runs as an ordinary user.

FROM node:22-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY static ./static
RUN npm run build

FROM python:3.11-slim AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/base.txt

FROM python:3.11-slim AS runtime
# Pango and HarfBuzz: WeasyPrint draws invoices and letters with them.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home portal \
    && install -d -o portal /data/files
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDIA_ROOT=/data/files
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=front-end /app/static/dist ./static/dist
# Collecting files needs no secret; demo mode is on for this one command only.
RUN DEMO_MODE=1 python manage.py collectstatic --noinput -v0
USER portal
VOLUME /data/files
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "ops.probe"]
CMD ["gunicorn", "partner_center.wsgi:application", "--bind=0.0.0.0:8000", \
     "--worker-class=gthread", "--workers=2", "--threads=8", "--preload", \
     "--no-control-socket", "--worker-tmp-dir=/dev/shm", "--access-logfile=-"]
