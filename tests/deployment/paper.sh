# What is true of a running paper. HOST and manage() are those of the page.

get() {
    curl --silent --show-error --cacert /etc/newsroom/tls/fullchain.pem "$@"
}

# Fail unless a line of the input matches. It reads to the end, so that no writer is cut off.
expect() {
    grep --ignore-case --extended-regexp -- "$1" > /dev/null || {
        echo "Not there: $1" >&2
        exit 1
    }
}

# Print the first match in a file.
find_first() {
    expect "$1" < "$2"
    grep --only-matching --extended-regexp "$1" "$2" | sed -n 1p
}

wait_for_site() {
    get --fail --retry 30 --retry-delay 1 --retry-all-errors --output /dev/null "https://$HOST/healthz" 2> /dev/null
}

echo '-- The running paper'
manage load_demo > /dev/null
# The logins of the demo, whose passwords everybody can read.
manage shell -v 0 -c "from newsroom.models import User
User.objects.exclude(username='chief').update(is_active=False)"
systemctl restart newsroom-web
wait_for_site
get "https://$HOST/" --output /tmp/front
article=$(find_first '/articles/[^"#/]+/' /tmp/front)
get --http2 --include "https://$HOST$article" --output /tmp/page
expect '^HTTP/2 200' < /tmp/page
expect '^strict-transport-security: max-age' < /tmp/page
expect '^cache-status: nginx; fwd=(miss|stale)' < /tmp/page
get --head "https://$HOST$article" | expect '^cache-status: nginx; hit'
style=$(find_first '/static/css/site\.[^"]*' /tmp/page)
get --head --header 'Accept-Encoding: br' "https://$HOST$style" | expect '^content-encoding: br'
picture=$(find_first '/media/[^" ]*' /tmp/front)
get --head "https://$HOST$picture" | expect '^content-security-policy: .*sandbox'
get --include "http://$HOST$article" | expect "^location: https://$HOST$article"
get --include "http://$HOST/.well-known/acme-challenge/x" | expect '^HTTP/1.1 404'
get --include "https://$HOST/metrics" | expect '^HTTP/2 404'
get --include "https://$HOST/readyz" | expect '^HTTP/2 404'
get --include "https://$HOST/admin/login/" | expect '^set-cookie: __Host-csrftoken'
curl --silent http://127.0.0.1:9180/metrics | expect '^newsroom_request_seconds_count'

echo '-- A comment, through the cache'
posting=$(find_first '/threads/[0-9]+/comments/' /tmp/page)
get --include --header "Origin: https://$HOST" --data 'text=灯りのない夜の返事' \
    --cookie-jar /tmp/cookies "https://$HOST$posting" | expect '^HTTP/2 303'
get --cookie /tmp/cookies "https://$HOST$article" | expect '灯りのない夜の返事'

echo '-- What the timers start'
systemctl list-timers --no-legend 'newsroom-*' | wc -l | expect '^10$'
for unit in purge verify backup changes desk-mail announce pushes imports digest@urgent digest@daily; do
    systemctl start "newsroom-$unit.service"
done

echo '-- Without the site'
systemctl stop newsroom-web
get --include "https://$HOST/search/?q=himitsu" --output /tmp/away
expect '^HTTP/2 502' < /tmp/away
expect 'まもなく再開します' < /tmp/away
get --include "https://$HOST$article" | expect '^cache-status: nginx; hit; detail="stale"'
journalctl --unit newsroom-nginx-log --output cat > /tmp/errors
expect 'connect\(\) to unix:/run/newsroom/web.sock failed' < /tmp/errors
systemctl start newsroom-web
wait_for_site
if grep 'client:\|himitsu\|127\.0\.0\.1' /tmp/errors /var/log/nginx/*.log; then
    echo "A log of nginx holds a reader." >&2
    exit 1
fi
test -z "$(systemctl --failed --no-legend)"

echo '-- The units'
systemd-analyze verify newsroom-nginx-log.socket newsroom-web.service /etc/systemd/system/newsroom-*.timer
systemd-analyze security --no-pager --threshold=20 newsroom-web.service > /dev/null
