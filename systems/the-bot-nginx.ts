/** nginx of THE_BOT's frontend, which also serves what Django collects and stores. 002-OBS-5: a line of JSON for each request, as Django's are with LOG_FORMAT=json. */
export const nginx = `log_format json escape=json '{"time":"$time_iso8601","method":"$request_method","uri":"$request_uri","status":$status,"seconds":$request_time}';
access_log /dev/stdout json;
error_log /dev/stderr warn;

server {
  listen 8080;
  server_tokens off;
  root /usr/share/nginx/html;

  location = /healthz {
    access_log off;
    default_type text/plain;
    return 200 "ok\\n";
  }
  location /static/ {
    alias /app/static/;
    expires 1h;
  }
  location /media/ {
    alias /app/media/;
    add_header X-Content-Type-Options nosniff;
  }
  location / {
    try_files $uri /index.html;
  }
}
`;
