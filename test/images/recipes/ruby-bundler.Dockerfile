# Ruby, with Bundler. The gems have a layer of their own, which stays as long as their files do.
FROM docker.io/library/ruby:3.3.6 AS build
ENV BUNDLE_PATH=/usr/local/bundle BUNDLE_WITHOUT=development:test RACK_ENV=production RAILS_ENV=production
WORKDIR /app
COPY Gemfile Gemfile.lock* *.gemspec .ruby-version* ./
RUN if [ -f Gemfile.lock ]; then bundle config set --local frozen true; fi; bundle install --jobs 4 && rm -rf /usr/local/bundle/cache /usr/local/bundle/ruby/*/cache && find /usr/local/bundle -name mkmf.log -o -name gem_make.out | xargs -r rm
COPY . .
# Rails makes its assets here; the key is a stand-in that only this step knows.
RUN SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile
RUN chmod -R u=rwX,go=rX /app
# Libraries of the system that gems with compiled parts need.
RUN mkdir -p /libraries /usr/local/bundle && find /usr/local/bundle -name "*.so" -type f -exec ldd {} + 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\/(usr\/)?lib\// {print $3}' | grep -v -E "/(libc|libm|libdl|libpthread|librt|libutil|libgcc_s|libstdc\+\+)\." | sort -u | xargs -r -I{} cp {} /libraries/

FROM docker.io/library/ruby:3.3.6-slim
WORKDIR /app
ENV BUNDLE_PATH=/usr/local/bundle BUNDLE_WITHOUT=development:test BUNDLE_FROZEN=true BUNDLE_APP_CONFIG=/usr/local/bundle RACK_ENV=production RAILS_ENV=production RAILS_LOG_TO_STDOUT=1 RAILS_SERVE_STATIC_FILES=1 LD_LIBRARY_PATH=/usr/local/lib/of-gems HOME=/tmp PORT=8080
COPY --from=build /libraries /usr/local/lib/of-gems
COPY --from=build /usr/local/bundle /usr/local/bundle
COPY --from=build /app ./
# What Rails writes into goes to /tmp, the only folder that can be written.
RUN rm -rf log tmp && ln -s /tmp log && ln -s /tmp tmp
USER 65532:65532
EXPOSE 8080
CMD ["bundle", "exec", "puma"]
