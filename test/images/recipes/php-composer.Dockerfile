# PHP behind Apache, with Composer. The packages have a layer of their own, which stays as long as composer.lock does.
FROM docker.io/library/composer:2 AS build
ENV COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_NO_INTERACTION=1 COMPOSER_CACHE_DIR=/tmp/composer
WORKDIR /app
COPY composer.* symfony.lock* ./
# The extensions of the build image are not those that the program runs with.
RUN if [ -f composer.json ]; then composer install --no-dev --no-scripts --no-autoloader --prefer-dist --ignore-platform-req=ext-*; fi
COPY . .
RUN if [ -f composer.json ]; then composer dump-autoload --no-dev --optimize --no-scripts; fi
RUN chmod -R u=rwX,go=rX /app

FROM docker.io/library/php:8.4-apache
ENV PORT=8080 HOME=/tmp APP_ENV=production LOG_CHANNEL=stderr VIEW_COMPILED_PATH=/tmp APACHE_RUN_DIR=/tmp APACHE_LOCK_DIR=/tmp APACHE_PID_FILE=/tmp/apache2.pid
WORKDIR /app
COPY --from=build /app ./
# Apache takes its port from the environment when it starts; it serves public/ where there is one.
RUN sed -ri 's/^Listen 80$/Listen ${PORT}/' /etc/apache2/ports.conf && sed -ri 's/<VirtualHost \*:80>/<VirtualHost *:${PORT}>/; s!DocumentRoot .*!DocumentRoot /srv/public!' /etc/apache2/sites-available/000-default.conf && sed -ri 's!<Directory /var/www/>!<Directory /srv/public>!' /etc/apache2/apache2.conf /etc/apache2/conf-available/docker-php.conf && if [ -d public ]; then ln -s /app/public /srv/public; elif [ -d web ]; then ln -s /app/web /srv/public; else ln -s /app /srv/public; fi && a2enmod rewrite
USER 65532:65532
EXPOSE 8080
CMD ["apache2-foreground"]
